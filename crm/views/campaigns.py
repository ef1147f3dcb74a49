"""Campaigns: fields that are explored, and what is known of them so far (P-L2)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template
from werkzeug.wrappers import Response

from crm.database import transaction, utcnow
from crm.domain import campaigns
from crm.domain.errors import Invalid
from crm.models import Campaign, WorkRole
from crm.views import forms, ways
from crm.views.forms.campaigns import CampaignForm

bp = Blueprint("campaigns", __name__)

ROLES = {
    WorkRole.PRACTITIONER: "A practitioner",
    WorkRole.SUPERVISOR: "A supervisor",
    WorkRole.HIRING_MANAGER: "A hiring manager",
}


@bp.get("/campaigns")
def index() -> str:
    """All of them, with how far each has come."""
    found = campaigns.page(g.workspace)
    return render_template(
        "campaigns/index.html",
        campaigns=found,
        coverages=campaigns.coverages(g.workspace, found),
        sizes=campaigns.sizes(g.workspace),
        roles=ROLES,
    )


@bp.get("/campaigns/new")
def new() -> str:
    """The form for another field."""
    return render_template("campaigns/new.html", form=CampaignForm(formdata=None))


@bp.post("/campaigns/new")
def add() -> Any:
    """Explore it; the same name twice is the same field."""
    form = CampaignForm()
    try:
        with transaction():
            known = campaigns.named(g.workspace, form.name.data or "", lock=True)
            campaign = known or campaigns.add(g.workspace, form.values(), now=utcnow())
    except Invalid as invalid:
        forms.show(form, invalid)
        return render_template("campaigns/new.html", form=form), 422
    if known:
        flash("You explore this field already: here it is.", "info")
    else:
        flash(f"{campaign.name} is yours to explore.")
    return _to(campaign)


@bp.get("/campaigns/<id:campaign_id>")
def show(campaign_id: int) -> str:
    """One field: coverage, purpose, people."""
    return _page(campaigns.get(g.workspace, campaign_id))


@bp.get("/campaigns/<id:campaign_id>/edit")
def edit(campaign_id: int) -> str:
    """The same page with name and purpose open for writing."""
    campaign = campaigns.get(g.workspace, campaign_id)
    return _page(campaign, CampaignForm(formdata=None, obj=campaign))


@bp.post("/campaigns/<id:campaign_id>/edit")
def change(campaign_id: int) -> Any:
    """Keep what was written."""
    form = CampaignForm()
    campaign = campaigns.get(g.workspace, campaign_id)
    try:
        with transaction():
            campaign = campaigns.get(g.workspace, campaign_id, lock=True)
            campaigns.change(campaign, form.values(), now=utcnow())
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(campaign, form), 422
    flash("Kept.")
    return _to(campaign)


@bp.post("/campaigns/<id:campaign_id>/remove")
def remove(campaign_id: int) -> Response:
    """Put it away; its contacts stay."""
    with transaction():
        campaign = campaigns.get(g.workspace, campaign_id, lock=True)
        campaigns.remove(campaign, now=utcnow())
    ways.done(f"{campaign.name} is put away; its contacts stay.", f"/campaigns/{campaign_id}/restore")
    return redirect("/campaigns", code=303)


@bp.post("/campaigns/<id:campaign_id>/restore")
def restore(campaign_id: int) -> Response:
    """Bring it back."""
    with transaction():
        campaign = campaigns.restore(g.workspace, campaign_id)
    flash(f"{campaign.name} is back.")
    return _to(campaign)


def _to(campaign: Campaign) -> Response:
    return redirect(f"/campaigns/{campaign.id}", code=303)


def _page(campaign: Campaign, form: CampaignForm | None = None) -> str:
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        form=form,
        coverage=campaigns.coverage(campaign),
        people=campaigns.people(campaign),
        size=campaigns.sizes(g.workspace).get(campaign.id, 0),
        roles=ROLES,
    )
