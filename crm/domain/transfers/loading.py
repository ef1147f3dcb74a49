"""Loading an import piece by piece: each piece is one transaction, with its counts and its place in the list.

A worker that is killed leaves whole pieces behind; whoever goes on, goes on behind the last of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import insert, select

from crm.database import db
from crm.domain.transfers import employers, entering, formats, merging
from crm.domain.transfers.listing import Listing
from crm.domain.transfers.matching import Contacts
from crm.domain.transfers.rows import MOST_ROWS, Person, Refusal, Row, Unreadable
from crm.models import (
    Contact,
    Import,
    ImportChange,
    ImportFile,
    ImportRefusal,
    ImportState,
    Organisation,
    User,
    Workspace,
)

#: Rows that are loaded in one transaction, and rows that are counted in one; each well under 200 ms.
PIECE = 100
COUNTED = 500
#: After so long without a step another worker takes over; should the first come back, they take turns.
LEASE = timedelta(seconds=45)
RUNNING = (ImportState.WAITING, ImportState.CHECKING, ImportState.LOADING)


def open_list(import_: Import) -> Listing:
    """The uploaded list, ready to be read. Raises Unreadable where it is gone or no list."""
    file = db.session.get(ImportFile, import_.id)
    if file is None:
        raise Unreadable("The uploaded file is no longer there. Upload it again.")
    return formats.recognise(import_.filename, file.content, import_.mapping)


def step(import_: Import, *, now: datetime, listing: Listing | None = None) -> bool:
    """Do the next piece of an import; False when there is nothing left to do.

    The caller holds the transaction and the import's row, and may keep the listing from step to step.
    """
    if import_.state not in RUNNING:
        return False
    import_.lease_until, import_.attempts = now + LEASE, 0
    try:
        listing = listing or open_list(import_)
        if import_.state is ImportState.LOADING:
            return _load(import_, listing, now=now)
        return _count(import_, listing)
    except Unreadable as problem:
        fail(import_, problem.sentence, now=now)
        return False


def fail(import_: Import, sentence: str, *, now: datetime) -> None:
    """Give up; what was loaded before stays and can be undone."""
    import_.problem = sentence
    _finish(import_, ImportState.FAILED, now=now)


def _count(import_: Import, listing: Listing) -> bool:
    """Count the rows before anything is written, for the bar that shows how far it is."""
    if import_.state is ImportState.WAITING:
        import_.state, import_.position, import_.total = ImportState.CHECKING, 0, 0
    rows = list(islice(listing.rows(import_.position), COUNTED))
    import_.total = (import_.total or 0) + len(rows)
    if import_.total > MOST_ROWS:
        raise Unreadable(f"This list has more than {MOST_ROWS:,} rows. Divide it and import the parts.")
    import_.position = rows[-1].after if rows else import_.position
    if len(rows) < COUNTED:
        import_.state, import_.position = ImportState.LOADING, 0
    return True


def _load(import_: Import, listing: Listing, *, now: datetime) -> bool:
    rows = list(islice(listing.rows(import_.position), PIECE))
    if rows:
        import_.position = rows[-1].after
        import_.rows += len(rows)
        _refuse([row for row in rows if isinstance(row, Refusal)], import_)
        _enter([row for row in rows if isinstance(row, Row)], import_, now=now)
    if len(rows) < PIECE:
        _finish(import_, ImportState.DONE, now=now)
    return import_.state is ImportState.LOADING


def _finish(import_: Import, state: ImportState, *, now: datetime) -> None:
    """The bytes have served: nothing of the list is kept that did not become a contact."""
    import_.state, import_.finished_at, import_.lease_until = state, now, None
    file = db.session.get(ImportFile, import_.id)
    if file is not None:
        db.session.delete(file)


def _refuse(refusals: list[Refusal], import_: Import) -> None:
    import_.refused += len(refusals)
    if refusals:
        rows = [
            {
                "workspace_id": import_.workspace_id,
                "import_id": import_.id,
                "line": refusal.line,
                "reason": refusal.reason,
            }
            for refusal in refusals
        ]
        db.session.execute(insert(ImportRefusal), rows)


def _enter(rows: list[Row], import_: Import, *, now: datetime) -> None:
    workspace, owner = _locked(import_)
    found = employers.find_or_make((row.employer for row in rows if row.employer), import_, now=now)
    import_.organisations += found.made
    piece = _Piece(import_, found, Contacts(import_.workspace_id, _people(rows)), now=now)
    for person in _people(rows):
        piece.take(person)
    entering.enter(piece.added, import_, workspace=workspace, owner=owner, now=now)
    piece.merge()


def _locked(import_: Import) -> tuple[Workspace, User]:
    """The workspace is locked for the piece: two imports at once must not add the same person twice."""
    query = select(Workspace).where(Workspace.id == import_.workspace_id).with_for_update()
    return db.session.scalars(query).one(), db.session.get_one(User, import_.user_id)


def _people(rows: list[Row]) -> Iterator[Person]:
    return (person for row in rows for person in row.people)


class _Piece:
    """The people of one piece on their way in."""

    def __init__(
        self, import_: Import, found: employers.Employers, contacts: Contacts, *, now: datetime
    ) -> None:
        self.import_, self.employers, self.contacts, self.now = import_, found, contacts, now
        self.added: list[Contact] = []
        #: Who was known, with what was new of them, in the order of the rows.
        self.known: list[tuple[Contact, dict[str, object]]] = []

    def take(self, person: Person) -> None:
        """Add somebody, or fill in what was empty."""
        organisation = self.employers.named(person.organisation)
        contact = self.contacts.find(person)
        if contact is None:
            contact = entering.contact_of(person, organisation, self.import_, now=self.now)
            self.added.append(contact)
        else:
            self.known.append((contact, self._fill(contact, person, organisation)))
        self.contacts.add(contact)

    def _fill(self, contact: Contact, person: Person, organisation: Organisation | None) -> dict[str, object]:
        changes = merging.fill(contact, person, organisation)
        if changes:
            merging.settle(contact, now=self.now)
        return changes

    def merge(self) -> None:
        """Note what was filled, so that it can be undone, and count."""
        joining = merging.outside_campaign((contact for contact, _ in self.known), self.import_)
        entering.join_campaign(joining, self.import_)
        waiting = {contact.id for contact in joining}
        rows = []
        for contact, changes in self.known:
            if contact.id in waiting:
                waiting.remove(contact.id)
                changes["campaign"] = [None, self.import_.campaign_id]
            if changes:
                rows.append(self._row(contact, changes))
        self.import_.added += len(self.added)
        self.import_.merged += len(rows)
        self.import_.known += len(self.known) - len(rows)
        if rows:
            db.session.execute(insert(ImportChange), rows)

    def _row(self, contact: Contact, changes: dict[str, object]) -> dict[str, object]:
        return {
            "workspace_id": self.import_.workspace_id,
            "import_id": self.import_.id,
            "contact_id": contact.id,
            "fields": changes,
        }
