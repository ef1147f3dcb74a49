"""Imports: a list is taken in, loaded by a worker, reported on, and undone as a whole."""

from __future__ import annotations

from typing import Annotated, Any

from apiflask.fields import UploadFile
from flask import Response, after_this_request
from pydantic import Field

from crm.database import utcnow
from crm.domain import campaigns, contacts, fields, transfers
from crm.domain.errors import NotFound
from crm.models import Campaign, Import, ImportState
from crm.views.api import gate
from crm.views.api.once import writes
from crm.views.api.paging import Page, Paging, cut
from crm.views.api.problems import Unfit
from crm.views.api.room import bp, user, workspace
from crm.views.api.values import Body, Id, Instant, Line, Nothing, Shown, number
from crm.views.house import settings
from crm.wake import wake

STATES = [state.value for state in ImportState if state is not ImportState.DRAFT]
CSV: dict[int | str, dict[str, Any]] = {
    200: {"description": "A table: line, reason.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


class NewImport(Body):
    """A list, and where its contacts belong."""

    file: UploadFile
    campaign: Id | None = None
    source: Line | None = None


class RefusalShown(Shown):
    """A row that could not be read."""

    line: int
    reason: str


class ImportShown(Shown):
    """An import, and what became of it so far."""

    id: Id
    state: Annotated[str, Field(json_schema_extra={"enum": STATES})]
    problem: Annotated[str | None, Field(description="Why it failed, where it failed.")]
    rows: int
    added: int
    merged: Annotated[int, Field(description="Known, and something was new.")]
    known: Annotated[int, Field(description="Known, and nothing was new.")]
    refused: int
    organisations: int
    errors: Annotated[list[RefusalShown], Field(description="The first 100; the report has all.")]
    report_url: str
    created_at: Instant


class ImportPage(Page):
    """A page of imports, the latest first."""

    items: list[ImportShown]


@bp.get("/imports")
@bp.input(Paging, location="query", arg_name="query")
@bp.output(ImportPage)
def list_imports(query: Paging) -> ImportPage:
    """List imports, the latest first."""
    (before,) = query.after(int) or (None,)
    found = transfers.latest(workspace(), limit=query.limit + 1, before=before)
    page, cursor = cut(found, query.limit, lambda import_: (import_.id,))
    return ImportPage(items=[_shown(import_) for import_ in page], next=cursor)


@bp.post("/imports")
@writes
@bp.input(NewImport, location="files", arg_name="body")
@bp.output(ImportShown, 202)
def add_import(body: NewImport) -> ImportShown:
    """Take a list in: a table, vCards or pasted text. A worker loads it; ask for it again to see how far."""
    import_ = transfers.start(
        workspace(),
        body.file.read(),
        filename=body.file.filename or "",
        by=user(),
        now=utcnow(),
        campaign=_campaign(body),
        source=_source(body),
    )
    after_this_request(_tell_the_worker)
    return _shown(import_)


@bp.get("/imports/<id:import_id>")
@bp.output(ImportShown)
def get_import(import_id: int) -> ImportShown:
    """See how far an import is, and what it did."""
    return _shown(transfers.get(workspace(), import_id))


@bp.get("/imports/<id:import_id>/report")
@bp.doc(responses=CSV)
def get_report(import_id: int) -> Response:
    """Download every row that could not be read, with its line and the reason."""
    report = "".join(transfers.report(transfers.get(workspace(), import_id)))
    response = Response(report, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="import-{import_id}.csv"'
    return response


@bp.post("/imports/<id:import_id>/undo")
@writes
@bp.input(Nothing, arg_name="_body")
@bp.output(ImportShown)
def undo_import(import_id: int, _body: Nothing) -> ImportShown:
    """Take an import back as a whole."""
    import_ = transfers.get(workspace(), import_id, lock=True)
    transfers.undo(import_, by=user(), now=utcnow())
    return _shown(import_)


def _source(body: NewImport) -> str:
    """Where all of them come from, with the limits of a contact's own source."""
    cleaned = fields.clean({"source": body.source}, {"source": contacts.CLEANERS["source"]})
    return cleaned["source"] or ""


def _campaign(body: NewImport) -> Campaign | None:
    if not body.campaign:
        return None
    try:
        return campaigns.get(workspace(), number(body.campaign))
    except NotFound:
        raise Unfit({"campaign": "Choose among your own campaigns."}) from None


def _tell_the_worker(response: Response) -> Response:
    wake("transfers.run")
    return response


def _shown(import_: Import) -> ImportShown:
    counts = ("rows", "added", "merged", "known", "refused", "organisations")
    return ImportShown(
        id=str(import_.id),
        state=_state(import_),
        problem=import_.problem or None,
        **{name: getattr(import_, name) or 0 for name in counts},
        errors=[RefusalShown(line=row.line, reason=row.reason) for row in transfers.refusals(import_)],
        report_url=f"{settings().base_url}/api/v1/imports/{import_.id}/report",
        created_at=import_.created_at,
    )


def _state(import_: Import) -> str:
    """A draft, which only pages make, waits for its user."""
    return (ImportState.WAITING if import_.state is ImportState.DRAFT else import_.state).value


gate.keepers["import_id"] = lambda import_id: transfers.get(workspace(), import_id)
gate.uploads.add("api.add_import")
