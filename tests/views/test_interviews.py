"""The pages of talks: a date is set, moved and called off by forms."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm.database import transaction, utcnow
from crm.domain import contacts, interviews, invitations, mail
from crm.models import InterviewState, Medium, MessageKind, MessageState, Stage
from tests.cast import Cast
from tests.views.dates import date_form, page_after, plan, planned
from tests.views.visitor import Visitor


@pytest.fixture
def ada(cast: Cast) -> int:
    """Ada's number; she lives in Lagos, Alice in Stockholm."""
    return cast.ada.id


def test_a_date_makes_the_contact_agreed_and_says_what_leaves(alice: Visitor, ada: int) -> None:
    page = page_after(alice, plan(alice, ada))
    interview = planned()
    (letter,) = invitations.letters(interview)
    assert interview.contact.stage is Stage.AGREED
    assert (interview.medium, interview.wall_start.hour) == (Medium.PHONE, 14)
    assert "Ada is agreed; the invitation is written and kept" in page
    assert f'action="/mail/{letter.id}/undo"' in page
    assert 'href="tel:+4685550100"' in page


def test_the_contacts_own_time_stands_beside_it(alice: Visitor, ada: int) -> None:
    form = alice.get(f"/contacts/{ada}/interviews/new").get_data(as_text=True)
    assert 'data-other-zone="Africa/Lagos"' in form
    page = page_after(alice, plan(alice, ada, day="2027-01-11"))
    assert "Mon 11 Jan 2027, 14:00 CET (Europe/Stockholm, UTC+01:00)" in page
    assert "Mon 11 Jan 2027, 14:00 WAT (Africa/Lagos, UTC+01:00)" in page


def test_the_server_says_the_other_time_too_when_the_form_comes_again(alice: Visitor, ada: int) -> None:
    answer = plan(alice, ada, day="2027-07-12", minutes="four")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "This is not a whole number." in page
    assert 'value="four"' in page
    assert "For Ada: Mon 12 Jul 2027, 13:00 WAT" in page


def test_the_form_sent_twice_sets_one_date(alice: Visitor, ada: int) -> None:
    first, second = plan(alice, ada), plan(alice, ada)
    assert first.headers["Location"] == second.headers["Location"]
    assert "This date is set already" in page_after(alice, second)
    planned()


def test_a_time_that_has_passed_invites_nobody_and_asks_how_it_went(alice: Visitor, ada: int) -> None:
    page = page_after(alice, plan(alice, ada, day="2026-03-02"))
    assert "This time has passed already, so no letter is sent." in page
    assert "Did it take place?" in page
    assert not planned().invited


def test_without_an_address_it_is_said_why_nobody_is_invited(cast: Cast, alice: Visitor, ada: int) -> None:
    with transaction():
        contact = contacts.get(cast.workspace, ada, lock=True)
        contacts.change(contact, {"email": None}, by=cast.alice, now=utcnow())
    form = alice.get(f"/contacts/{ada}/interviews/new").get_data(as_text=True)
    assert "No e-mail address is known of Ada Okafor" in form
    assert 'name="invite"' not in form
    assert "so no letter is sent" in page_after(alice, plan(alice, ada))


def test_a_time_that_no_clock_shows_is_taken_an_hour_later_and_said(alice: Visitor, ada: int) -> None:
    page = page_after(alice, plan(alice, ada, day="2027-03-28", time="02:30"))
    assert "02:30 does not exist that night; 03:30 was taken." in page
    assert f"{planned().wall_start:%H:%M}" == "03:30"


@pytest.mark.parametrize("pair", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day", "", "This is needed."),
        ("time", "", "This is needed."),
        ("day", "soon", "This is not a day."),
        ("time", "25:61", "This is not a time of day."),
        ("day", "1900-01-01", "cannot be meant"),
        ("day", "9999-12-31", "cannot be meant"),
        ("day", "0001-01-01", "cannot be meant"),
        ("day", "2100-01-01", "more than five years ahead"),
        ("timezone", "Mars/Olympus", "is not a time zone"),
        ("minutes", "0", "between 5 and 480"),
        ("minutes", "9" * 30, "between 5 and 480"),
        ("medium", "pigeon", "Choose one of"),
        ("place", "x" * 501, "This is too long"),
    ],
)
def test_what_cannot_be_meant_is_said_beside_the_field(
    alice: Visitor, ada: int, field: str, value: str, sentence: str
) -> None:
    answer = plan(alice, ada, **{field: value})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "+46 8 555 01 00" in page or field == "place"


def test_a_move_is_told_and_another_click_tells_nothing(alice: Visitor, ada: int) -> None:
    plan(alice, ada)
    here = f"/interviews/{planned().id}"
    assert 'value="14:00"' in alice.get(f"{here}/edit").get_data(as_text=True)
    page = page_after(alice, alice.post(f"{here}/edit", data=date_form(time="16:30", medium="video")))
    assert "The talk is changed; the invitation" in page
    assert (planned().wall_start.hour, planned().sequence) == (16, 1)
    alice.post(f"{here}/edit", data=date_form(time="16:30", medium="video"))
    assert planned().sequence == 1


def test_a_zone_that_came_from_a_program_is_kept_when_the_form_is_sent(
    cast: Cast, alice: Visitor, ada: int
) -> None:
    plan(alice, ada)
    with transaction():
        interview = interviews.get(cast.workspace, planned().id, lock=True)
        interview.timezone = "EST5EDT"
    form = alice.get(f"/interviews/{planned().id}/edit").get_data(as_text=True)
    assert '<option selected value="EST5EDT">' in form


def test_an_invitation_is_sent_later(alice: Visitor, ada: int) -> None:
    form = date_form()
    del form["invite"]
    page = page_after(alice, alice.post(f"/contacts/{ada}/interviews/new", data=form))
    here = f"/interviews/{planned().id}"
    assert f'action="{here}/invite"' in page
    assert "Ada is invited; the invitation" in page_after(alice, alice.post(f"{here}/invite"))
    assert f'action="{here}/invite"' not in alice.get(here).get_data(as_text=True)
    assert alice.post(f"{here}/invite").status_code == 409


def test_calling_off_is_undone_by_a_click_while_nobody_has_heard(alice: Visitor, ada: int) -> None:
    plan(alice, ada)
    here = f"/interviews/{planned().id}"
    page = page_after(alice, alice.post(f"{here}/cancel"))
    assert "The letter about it had not left yet" in page
    assert f'action="{here}/reinstate"' in page
    assert planned().state is InterviewState.CANCELLED
    page_after(alice, alice.post(f"{here}/reinstate"))
    assert planned().state is InterviewState.PLANNED


def test_a_cancellation_that_leaves_is_undone_with_its_letter(cast: Cast, alice: Visitor, ada: int) -> None:
    plan(alice, ada)
    with transaction():
        for claimed in mail.claim(now=utcnow() + timedelta(seconds=11)):
            assert mail.transmitting(claimed, now=utcnow())
            mail.sent(claimed, "250 OK", now=utcnow())
    page = page_after(alice, alice.post(f"/interviews/{planned().id}/cancel"))
    letter = invitations.letters(planned())[0]
    assert (letter.kind, letter.state) == (MessageKind.CANCELLATION, MessageState.WAITING)
    assert f'action="/mail/{letter.id}/undo"' in page


def test_a_dialog_gets_the_form_without_the_frame(alice: Visitor, ada: int) -> None:
    page = alice.get(f"/contacts/{ada}/interviews/new", headers={"HX-Target": "dialog"}).get_data(
        as_text=True
    )
    assert "<nav" not in page.split("<form")[0].replace('<nav class="crumbs"', "")
    assert "<!doctype" not in page
