"""Lists that are brought in: uploaded, looked at, confirmed, watched, and taken back as a whole."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    g,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from crm import wake
from crm.database import transaction, utcnow
from crm.deaths import deaths
from crm.domain import campaigns, health, sources, transfers
from crm.domain.errors import Invalid, NotFound
from crm.models import Campaign, Import, ImportState
from crm.views import filters, forms, narrowing
from crm.views.forms.transfers import HOLDS, MOST_PASTED, ListForm, columns
from crm.views.house import settings

bp = Blueprint("transfers", __name__)

#: Imports on one page of the list, and people shown of one that was done.
AT_ONCE = 30
PEOPLE = 12


@bp.get("/imports")
def index() -> str:
    """All lists that were brought in, the latest first."""
    before = narrowing.number(request.args.get("before", ""))
    found = transfers.latest(g.workspace, AT_ONCE + 1, before)
    more = url_for("transfers.index", before=found[AT_ONCE - 1].id) if len(found) > AT_ONCE else ""
    return render_template(
        "transfers/index.html", imports=found[:AT_ONCE], more=more, is_first=before is None
    )


@bp.get("/imports/new")
def new() -> str:
    """The form for a list."""
    chosen = narrowing.number(request.args.get("campaign", ""))
    return _form(ListForm(campaign=str(chosen or "")))


@bp.post("/imports")
def create() -> Any:
    """Take a list in and show what would come of it; nothing is written into the contacts yet."""
    form = ListForm()
    try:
        upload, source = form.upload(), form.named_source()
        with transaction():
            draft = transfers.start(
                g.workspace,
                upload.content,
                filename=upload.filename,
                by=g.user,
                now=utcnow(),
                campaign=form.chosen_campaign(),
                source=source,
                draft=True,
            )
    except Invalid as invalid:
        # What is wrong with a list stands beside the field that it came in.
        forms.show(form, invalid, **({"file": "text"} if form.is_pasted else {}))
        return _form(form), 422
    return redirect(url_for("transfers.show", import_id=draft.id), code=303)


@bp.get("/imports/<id:import_id>")
def show(import_id: int) -> str:
    """A draft with its columns, one that runs with its progress, one that ended with its counts."""
    return _page(transfers.get(g.workspace, import_id))


@bp.post("/imports/<id:import_id>/columns")
def remap(import_id: int) -> AnyResponse:
    """A column of a draft holds something else than was thought."""
    with transaction():
        transfers.remap(transfers.get(g.workspace, import_id, lock=True), columns())
    return _back_to(import_id)


@bp.post("/imports/<id:import_id>/confirm")
def confirm(import_id: int) -> Any:
    """Let the list in; whoever presses twice gets what the first press began."""
    try:
        with transaction():
            draft = transfers.get(g.workspace, import_id, lock=True)
            if draft.state is ImportState.DRAFT:
                transfers.confirm(draft, mapping=columns())
    except Invalid as invalid:
        return _page(transfers.get(g.workspace, import_id), invalid.sentence), 422
    wake.wake("transfers.run")
    return _back_to(import_id)


@bp.post("/imports/<id:import_id>/discard")
def discard(import_id: int) -> AnyResponse:
    """Throw a draft away and begin anew."""
    with transaction():
        transfers.discard(transfers.get(g.workspace, import_id, lock=True))
    flash("The list was thrown away; nothing of it was kept.")
    return redirect(url_for("transfers.new"), code=303)


@bp.post("/imports/<id:import_id>/undo")
def undo(import_id: int) -> AnyResponse:
    """Take a whole import back."""
    with transaction():
        import_ = transfers.get(g.workspace, import_id, lock=True)
        # Whoever presses twice means it once.
        if import_.state is not ImportState.UNDONE:
            transfers.undo(import_, by=g.user, now=utcnow())
    flash("The import was undone as a whole.")
    return _back_to(import_id)


@bp.get("/imports/<id:import_id>/report.csv")
def report(import_id: int) -> Response:
    """All rows that could not be read, for a spreadsheet."""
    import_ = transfers.get(g.workspace, import_id)
    answer = Response(stream_with_context(transfers.report(import_)), content_type="text/csv; charset=utf-8")
    # The name of the uploaded file is somebody else's: it stands in no header.
    answer.headers.set("Content-Disposition", "attachment", filename=f"import-{import_.id}-refused.csv")
    return answer


def _back_to(import_id: int) -> AnyResponse:
    return redirect(url_for("transfers.show", import_id=import_id), code=303)


def _form(form: ListForm) -> str:
    return render_template(
        "transfers/new.html",
        form=form.offer(),
        sources=sources.SUGGESTED,
        most_pasted=MOST_PASTED,
        most_bytes=transfers.MOST_BYTES,
    )


def _page(import_: Import, problem: str = "") -> str:
    """The page of an import, as its state wants it."""
    more: dict[str, Any] = {}
    if import_.state is ImportState.DRAFT:
        more = {"preview": transfers.preview(import_), "holds": HOLDS, "problem": problem}
    elif import_.state in transfers.RUNNING:
        more = {"hindrance": _hindrance()}
    else:
        more = {"refusals": transfers.refusals(import_), "people": transfers.people(import_, PEOPLE)}
    return render_template(
        f"transfers/{_template(import_)}.html", one=import_, campaign=_campaign(import_), **more
    )


def _template(import_: Import) -> str:
    if import_.state is ImportState.DRAFT:
        return "draft"
    return "running" if import_.state in transfers.RUNNING else "ended"


def _campaign(import_: Import) -> Campaign | None:
    """The campaign that its people joined; None where that was removed since."""
    if import_.campaign_id is None:
        return None
    try:
        return campaigns.get(g.workspace, import_.campaign_id)
    except NotFound:
        return None


def _hindrance() -> str:
    """Why the list waits, where nobody works; empty while all is well."""
    chosen = settings()
    parts = health.parts(now=filters.now(), deaths=deaths(chosen.data_dir), sends=False)
    # The other parts are the strip's business: a list needs these two alone.
    return " ".join(
        part.sentence for part in parts if not part.well and part.name in (health.WORKER, health.SCHEDULER)
    )
