"""What became of letters after the server had taken them: bounces, delays, and complaints."""

from __future__ import annotations

from crm.database import db
from crm.domain import contacts, subscriptions, timeline
from crm.domain.inbox import keeping, matching, reports, telling
from crm.domain.inbox.keeping import Case
from crm.domain.inbox.reports import Report
from crm.domain.mail import bounces
from crm.domain.mail.plus import Tag
from crm.models import Came, Closed, Contact, Happened, Message, Received, User, Way


def of_report(case: Case) -> Received | None:
    """A report about a letter of ours; None where it is no report.

    The address that it came to decides first: each letter has an envelope sender of its own. What the
    report itself says decides what became of the letter.
    """
    report = case.mail.report or _guessed(case)
    letter = _letter(case, report)
    if report is None:
        return None
    if letter is None:
        # Whoever it is about, it is nothing that a person wrote.
        return keeping.forget(case)
    report = report.without(letter.journal, letter.to) if letter.journal else report
    if report is None:
        return _keep(case, Came.DELIVERY, f"The journal's copy of “{letter.subject}” did not arrive.", letter)
    return _bounce(case, letter, report) if report.is_final else _not_yet(case, letter, report)


def of_complaint(case: Case) -> Received | None:
    """Somebody called a letter of ours spam: they are not written to again."""
    complaint = case.mail.complaint
    if complaint is None:
        return None
    letter = _letter(case, complaint)
    if letter is None:
        return keeping.forget(case)
    if letter.to_contact and letter.contact is not None:
        sentence = _opt_out(letter, letter.contact, case)
    else:
        user = db.session.get_one(User, letter.user_id)
        subscriptions.choose(user, letter.workspace_id, letter.kind, Way.OFF, now=case.now)
        sentence = f"“{letter.subject}” was reported as spam, so that letters of its kind are switched off."
    return _keep(case, Came.COMPLAINT, sentence, letter)


def _guessed(case: Case) -> Report | None:
    """A bounce without a standard report, judged only where no person would have written it."""
    found = case.mail
    if not (found.is_from_nobody or reports.is_from_a_server(found.sender.address)):
        return None
    guess = reports.guessed(found.raw, found.subject, found.whole)
    if guess is None and matching.tokens(found, case.house.mail_from, Tag.BOUNCE) and not _is_answer(case):
        # It came back to the envelope's sender: that much is known without understanding it.
        return Report("failed", "", found.subject or "It came back without a reason.")
    return guess


def _is_answer(case: Case) -> bool:
    """Whether it is somebody's automatic answer, which goes to the envelope's sender too (RFC 3834 §4)."""
    return case.mail.is_automatic and not reports.is_from_a_server(case.mail.sender.address)


def _letter(case: Case, report: Report | None) -> Message | None:
    house, found = case.house, case.mail
    tokens = matching.tokens(found, house.mail_from, Tag.BOUNCE)
    if report is not None and report.envelope_id.startswith(Tag.BOUNCE):
        tokens.append(report.envelope_id.removeprefix(Tag.BOUNCE))
    for token in tokens:
        letter = matching.letter_of(token, house.domain)
        if letter is not None:
            return letter
    ids = [report.message_id] if report is not None and report.message_id else list(found.thread)
    return next((letter for each in ids if (letter := matching.by_message_id(each))), None)


def _bounce(case: Case, letter: Message, report: Report) -> Received:
    is_news = bounces.bounced(
        letter, status=report.status, reason=report.reason, hard=report.is_hard, now=case.now
    )
    to = letter.contact.name if letter.to_contact and letter.contact else letter.to
    row = _keep(case, Came.BOUNCE, f"“{letter.subject}” was not delivered to {to}: {report.reason}", letter)
    if is_news and letter.to_contact and letter.contact is not None:
        telling.of_bounce(row, letter, letter.contact, house=case.house, now=case.now)
    elif is_news:
        bounces.tell(letter, now=case.now)
    return row


def _not_yet(case: Case, letter: Message, report: Report) -> Received:
    told = {
        "delayed": f"“{letter.subject}” has not reached {letter.to} yet; their server is tried again.",
        "delivered": f"“{letter.subject}” was delivered to {letter.to}.",
    }
    sentence = told.get(report.action, f"“{letter.subject}” was passed on for {letter.to}.")
    return _keep(case, Came.DELIVERY, sentence, letter)


def _opt_out(letter: Message, contact: Contact, case: Case) -> str:
    """Close the contact for good; what was owed to them is dropped, what waits for them is withdrawn."""
    sentence = f"{contact.name} reported “{letter.subject}” as spam, and is not written to any more."
    bounces.give_up(letter.workspace_id, letter.to, "They reported a letter as spam.", now=case.now)
    timeline.write(contact, Happened.COMPLAINT, sentence, by=None, at=case.at, now=case.now)
    if contact.closed is not Closed.DO_NOT_CONTACT and contact.deleted_at is None:
        owner = db.session.get_one(User, contact.owner_id)
        contacts.change(contact, {"closed": Closed.DO_NOT_CONTACT}, by=owner, now=case.now)
    telling.of_complaint(letter, contact, sentence, now=case.now)
    return sentence


def _keep(case: Case, kind: Came, sentence: str, letter: Message) -> Received:
    """Nothing of a report's text is kept: it says what the letter said."""
    about = letter.contact_id if letter.to_contact else None
    return keeping.keep(
        case,
        kind,
        sentence,
        workspace_id=letter.workspace_id,
        user_id=letter.user_id,
        contact_id=about,
        letter_id=letter.id,
        text="",
        quoted="",
    )
