"""Whether a person wrote it (RFC 3834 §2, §5), and when somebody who is away comes back."""

from __future__ import annotations

import re
from datetime import date
from email.message import Message as Head

from crm.domain.inbox import parts

#: Headers whose mere presence says that a program answered.
_MARKS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "X-AutoReply-From",
    "X-Mail-Autoreply",
    "Autorespond",
)
_LISTS = ("List-Id", "List-Unsubscribe", "List-Post")
_BULK = ("bulk", "junk", "list", "auto_reply", "auto-reply")
#: Subjects of programs that set no header.
_SUBJECT = re.compile(
    r"^\s*(?:auto(?:matic|matische|matisk)?[ -]?(?:reply|response|antwort|svar)|out of (?:the )?office|ooo\b|"
    r"abwesenheits(?:notiz|nachricht)|abwesend|réponse automatique|absence du bureau|"
    r"risposta automatica|fuori ufficio|"
    r"respuesta automática|fuera de (?:la )?oficina|resposta automática|automatisch antwoord|"
    r"autosvar|frånvaro|"
    r"automaattinen vastaus|automatyczna odpowiedź|vacation(?: reply| response)|i am (?:currently )?out of)",
    re.IGNORECASE,
)
_NULL_PATH = re.compile(r"^\s*<\s*>\s*$")

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar januari janvier gennaio enero janeiro tammikuuta",
            "february feb februar februari février fevrier febbraio febrero fevereiro",
            "march mar märz maerz mars maart marzo março marco",
            "april apr avril aprile abril",
            "may mai maj mei maggio mayo maio",
            "june jun juni juin giugno junio junho",
            "july jul juli juillet luglio julio julho",
            "august aug augusti août aout augustus agosto",
            "september sep sept septembre settembre septiembre setembro",
            "october oct okt oktober octobre ottobre octubre outubro",
            "november nov novembre noviembre novembro",
            "december dec dez dezember décembre decembre dicembre diciembre dezembro",
        ),
        start=1,
    )
    for name in names.split()
}
_WORD = r"[A-Za-zÀ-ÿ]{3,12}"
#: What stands before the day on which somebody is back, or up to which they are away.
_BACK = re.compile(
    r"(?:\b(?:back|return(?:ing|s)?|again available|available again|be in the office|"
    r"resume)\b[^.\n\d]{0,40}?|"
    r"(?:wieder|zurück|erreichbar)[^.\n\d]{0,30}?(?:am|ab)\s+|\bab (?:dem )?|"
    r"de retour (?:au bureau )?(?:le|à partir du) |"
    r"tornerò[^.\n\d]{0,20}|di ritorno (?:il )?|vuelvo (?:el )?|regreso (?:el )?|estarei de volta (?:em )?|"
    r"terug (?:op|vanaf)?\s*|tillbaka (?:den )?|tilbage (?:den )?|tilbake (?:den )?)",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|through)\b|\bbis (?:einschließlich |einschl\. |zum )?|jusqu'au |"
    r"fino al |hasta el |até |"
    r"tot (?:en met )?|t\.o\.m\. |till och med |til og med )[^.\n\d]{0,25}?",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"(?:(?P<iso>20\d\d-\d\d-\d\d)|(?P<d1>\d{{1,2}})\.\s?(?P<m1>\d{{1,2}})\.\s?(?P<y1>20\d\d|\d\d)?|"
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?\s+(?:of\s+|"
    rf"de\s+)?(?P<m2>{_WORD})\.?,?(?:\s+(?:de\s+)?(?P<y2>20\d\d))?|"
    rf"(?P<m3>{_WORD})\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<y3>20\d\d))?)"
)


def is_automatic(head: Head, subject: str) -> bool:
    """Whether a program wrote it, or it went to many: no touch, and nothing that it could stop."""
    submitted = parts.header(head, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        submitted not in ("", "no")
        or any(name in head for name in (*_MARKS, *_LISTS))
        or parts.header(head, "Precedence").strip().lower() in _BULK
        or _suppresses(head)
        or is_from_nobody(head)
        or bool(_SUBJECT.match(subject[:200]))
    )


def is_from_nobody(head: Head) -> bool:
    """Whether its envelope had no sender, as reports about mail have none."""
    return any(_NULL_PATH.match(path) for path in parts.headers(head, "Return-Path"))


def back_on(text: str, today: date) -> date | None:
    """The day of return, where the text says one plainly; None rather than a guess.

    A day without a year is the next such day; one of the past or more than a year ahead is none.
    """
    for lead in (_BACK, _UNTIL):
        for found in list(lead.finditer(text[:5000]))[:10]:
            day = _DAY.match(text, *_after(text, found.end()))
            on = _date(day, today) if day else None
            if on is not None:
                return on
    return None


def _after(text: str, at: int) -> tuple[int, int]:
    """Where a day may begin: after a weekday and the like, within a few letters."""
    span = re.compile(
        r"\s*(?:(?:on|am|den|dem|le|il|el|from|the|to (?:the )?office|office|,|\w{2,12}day|"
        r"\w{2,10}tag),?\s*){0,4}",
        re.IGNORECASE,
    ).match(text, at, at + 40)
    return (span.end() if span else at), at + 80


def _date(found: re.Match[str], today: date) -> date | None:
    groups = found.groupdict()
    try:
        if groups["iso"]:
            return _near(date.fromisoformat(groups["iso"]), today)
        for number in "123":
            if groups[f"d{number}"]:
                month = groups[f"m{number}"].lower()
                return _of(groups[f"d{number}"], month, groups[f"y{number}"], today)
    except ValueError:
        pass
    return None


def _of(day: str, month: str, year: str | None, today: date) -> date | None:
    number = int(month) if month.isdigit() else _MONTHS.get(month)
    if number is None:
        return None
    if year:
        return _near(date(int(year) + (2000 if len(year) == 2 else 0), number, int(day)), today)
    on = date(today.year, number, int(day))
    return _near(on if on >= today else date(today.year + 1, number, int(day)), today)


def _near(on: date, today: date) -> date | None:
    return on if 0 <= (on - today).days <= 366 else None


def _suppresses(head: Head) -> bool:
    """Exchange marks its own automatic letters so; people's mail programs do not."""
    return parts.header(head, "X-Auto-Response-Suppress").strip().lower() not in ("", "none")
