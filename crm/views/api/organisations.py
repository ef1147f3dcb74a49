"""Organisations: where contacts work. They come and go with the contacts that name them."""

from __future__ import annotations

from crm.domain import organisations
from crm.models import Organisation
from crm.views.api import gate
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.room import bp, workspace
from crm.views.api.values import Id, Instant, Shown


class OrganisationShown(Shown):
    """An organisation."""

    id: Id
    name: str
    website: str | None
    phone: str | None
    email: str | None
    address: str | None
    notes: str | None
    created_at: Instant


class OrganisationPage(Page):
    """A page of organisations, by name."""

    items: list[OrganisationShown]


class OrganisationQuery(Paging):
    """Which organisations: those with this in their name."""

    q: str = ""


@bp.get("/organisations")
@bp.input(OrganisationQuery, location="query", arg_name="query")
@bp.output(OrganisationPage)
def list_organisations(query: OrganisationQuery) -> OrganisationPage:
    """List organisations, by name."""
    (after,) = query.after(int) or (0,)
    found = organisations.page(workspace(), q=query.q, limit=query.limit + 1, after=after)
    rows = [(organisation, after + place) for place, (organisation, _) in enumerate(found, start=1)]
    page, cursor = cut(rows, query.limit, lambda row: (row[1],))
    return OrganisationPage(items=[_shown(organisation) for organisation, _ in page], next=cursor)


@bp.get("/organisations/<id:organisation_id>")
@bp.output(OrganisationShown)
def get_organisation(organisation_id: int) -> OrganisationShown:
    """Read one organisation."""
    return _shown(organisations.get(workspace(), organisation_id))


def _shown(organisation: Organisation) -> OrganisationShown:
    return OrganisationShown(
        id=str(organisation.id),
        name=organisation.name,
        website=organisation.website or None,
        phone=organisation.phone or None,
        email=organisation.email or None,
        address=organisation.address or None,
        notes=organisation.notes or None,
        created_at=organisation.created_at,
    )


gate.keepers["organisation_id"] = lambda organisation_id: organisations.get(workspace(), organisation_id)
