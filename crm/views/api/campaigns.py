"""Campaigns: fields being explored, and how well they are covered."""

from __future__ import annotations

from crm.database import utcnow
from crm.domain import campaigns
from crm.models import Campaign, WorkRole
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, workspace
from crm.views.api.values import Body, Id, Instant, Line, Notes, Shown


class NewCampaign(Body):
    """A field to explore."""

    name: Line
    purpose: Notes | None = None


class CampaignShown(Shown):
    """A campaign."""

    id: Id
    name: str
    purpose: str | None
    created_at: Instant


class CampaignPage(Page):
    """A page of campaigns, oldest first."""

    items: list[CampaignShown]


class RolesCovered(Shown):
    """Which of the three roles have been talked to (P-L2)."""

    covered: list[WorkRole]
    missing: list[WorkRole]


class OrganisationsCovered(Shown):
    """In how many organisations."""

    covered: int
    needed: int


class CandidateShown(Shown):
    """A located contact who would close gaps, and which."""

    contact: Id
    closes: list[str]


class CoverageShown(Shown):
    """What completed interviews cover, and who could cover the rest."""

    interviewed: int
    needed: int
    roles: RolesCovered
    organisations: OrganisationsCovered
    candidates: list[CandidateShown]


@bp.get("/campaigns")
@bp.input(Paging, location="query", arg_name="query")
@bp.output(CampaignPage)
def list_campaigns(query: Paging) -> CampaignPage:
    """List the campaigns, oldest first."""
    (after,) = query.after(int) or (0,)
    found = campaigns.page(workspace(), limit=query.limit + 1, after=after)
    page, cursor = cut(found, query.limit, lambda campaign: (campaign.id,))
    return CampaignPage(items=[_shown(campaign) for campaign in page], next=cursor)


@bp.post("/campaigns")
@writes
@bp.input(NewCampaign, arg_name="body")
@bp.output(CampaignShown, 201)
def add_campaign(body: NewCampaign) -> CampaignShown:
    """Start to explore a field."""
    return _shown(campaigns.add(workspace(), body.given(), now=utcnow()))


@bp.get("/campaigns/<id:campaign_id>")
@bp.output(CampaignShown)
def get_campaign(campaign_id: int) -> CampaignShown:
    """Read one campaign."""
    return _shown(campaigns.get(workspace(), campaign_id))


@bp.get("/campaigns/<id:campaign_id>/coverage")
@bp.output(CoverageShown)
def get_coverage(campaign_id: int) -> CoverageShown:
    """See what is covered, what is missing, and who could close the gaps."""
    found = campaigns.coverage(campaigns.get(workspace(), campaign_id))
    return CoverageShown(
        interviewed=found.interviewed,
        needed=found.needed,
        roles=RolesCovered(covered=found.roles_covered, missing=found.roles_missing),
        organisations=OrganisationsCovered(covered=found.organisations, needed=found.organisations_needed),
        candidates=[
            CandidateShown(contact=str(candidate.contact.id), closes=candidate.closes)
            for candidate in found.candidates
        ],
    )


def _shown(campaign: Campaign) -> CampaignShown:
    return CampaignShown(
        id=str(campaign.id),
        name=campaign.name,
        purpose=campaign.purpose or None,
        created_at=campaign.created_at,
    )


gate.keepers["campaign_id"] = lambda campaign_id: campaigns.get(workspace(), campaign_id)
