"""The page of an invitation: a contact says yes, no, or when else. No account, no session, no script.

Mail scanners open every link, run scripts and follow what they find; so nothing here acts but a POST.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template

from crm.database import transaction
from crm.domain import answers, clock, humane, invitations, places
from crm.domain.answers import by_page
from crm.domain.errors import Invalid, NotAllowed, NotFound
from crm.models import Interview, Rsvp
from crm.views import filters, forms, headers
from crm.views.doors import stateless
from crm.views.forms.invitations import AnswerForm, WishForm, ZoneForm
from crm.views.house import house, settings
from crm.views.limits import limiter

bp = Blueprint("invitations", __name__)
bp.after_request(headers.secret)

#: From one place; a whole firm may stand behind it, with a scanner that opens everything.
OFTEN, SELDOM = "240 per minute", "30 per minute"
FORMS: dict[str, type[AnswerForm]] = {
    "yes": AnswerForm,
    "no": AnswerForm,
    "another": WishForm,
    "zone": ZoneForm,
}


@bp.get("/i/<token>")
@bp.get("/i/<token>/<choice>")
@stateless
@limiter.limit(OFTEN)
def ask(token: str, choice: str = "") -> Any:
    """What the invitation says, with an answer at hand: opening it changes nothing."""
    form = _form(choice or "yes")
    interview = _find(token)
    return _page(token, interview, choice, form(formdata=None, timezone=_zone(interview)))


@bp.post("/i/<token>/<choice>")
@stateless
@limiter.limit(SELDOM)
def answer(token: str, choice: str) -> Any:
    """The button was pressed; twice is once, and another one may be pressed later."""
    form = _form(choice)()
    try:
        with transaction():
            _do(_find(token, lock=True), choice, form)
    except Invalid as invalid:
        forms.show(form, invalid)
        return _page(token, _find(token), choice, form), 422
    except NotAllowed as refused:
        return _over(refused.sentence, _find(token)), 409
    return redirect(f"/i/{token}", code=303)


@bp.errorhandler(NotFound)
def unknown(_error: NotFound) -> tuple[str, int]:
    """Cut off on its way, made up, or sent to another address since: the three look the same."""
    return render_template("invitations/over.html", sentence="", seeker=None), 404


def _do(interview: Interview, choice: str, form: Any) -> None:
    form.check_seen(interview)
    now, comment = filters.now(), form.comment.data or ""
    if choice == "zone":
        by_page.choose_zone(interview, form.timezone.data, now=now)
    elif choice == "another":
        if interview.contact.timezone is None:
            by_page.choose_zone(interview, form.timezone.data, now=now)
        by_page.wish(interview, form.times(), comment=comment, now=now, house=house())
    else:
        rsvp = Rsvp.ACCEPTED if choice == "yes" else Rsvp.DECLINED
        by_page.say(interview, rsvp, comment=comment, now=now, house=house())


def _form(choice: str) -> type[AnswerForm]:
    if choice not in FORMS:
        raise NotFound("answer")
    return FORMS[choice]


def _find(token: str, *, lock: bool = False) -> Interview:
    return invitations.links.find(token, key=settings().letters_key, lock=lock)


def _zone(interview: Interview) -> str:
    """The guest's own zone, where it is known; else the one that the date was agreed in."""
    return interview.contact.timezone or interview.timezone


def _page(token: str, interview: Interview, choice: str, form: AnswerForm) -> Any:
    if sentence := by_page.ended(interview, filters.now()):
        return _over(sentence, interview), 410
    form.seen.data = str(interview.dated_sequence)
    where = g.zone = clock.zone(_zone(interview))
    seeker = invitations.links.seeker(interview)
    theirs = clock.zone(seeker.timezone)
    is_other = (
        interview.starts_at.astimezone(where).utcoffset()
        != interview.starts_at.astimezone(theirs).utcoffset()
    )
    return render_template(
        "invitations/show.html",
        interview=interview,
        contact=interview.contact,
        seeker=seeker,
        for_seeker=humane.exact(interview.starts_at, theirs) if is_other else "",
        zone=where.key,
        where=places.where(interview),
        medium=invitations.MEDIA[interview.medium],
        proposals=answers.open_of(interview),
        is_their_wish=invitations.is_their_wish(interview),
        choice=choice,
        form=form,
        here=f"/i/{token}",
    )


def _over(sentence: str, interview: Interview) -> str:
    return render_template(
        "invitations/over.html", sentence=sentence, seeker=invitations.links.seeker(interview)
    )
