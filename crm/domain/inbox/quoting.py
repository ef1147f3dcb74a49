"""What somebody wrote, apart from what they quoted.

Line by line, so that no text takes longer than its length: mail is written by whoever likes to.
"""

from __future__ import annotations

import re
from typing import NamedTuple

#: Characters that are kept of what they wrote, and of what they quoted.
MOST = 20_000
#: Lines after which nobody looks for a quotation that begins with a sentence of its own.
LINES = 4000
#: The sentence before a quotation may run over so many lines.
LEAD = 4
#: "On … wrote:" as mail programs say it; the verb and the colon stand at the end.
_WROTE = re.compile(
    r"(?:wrote|writes|schrieb(?:en)?|schrieb .{1,80}|a écrit|ha scritto|escribió|escreveu|"
    r"schreef(?: .{1,80})?|skrev(?: .{1,80})?|"
    r"kirjoitti|napisał(?:\(a\)|a)?|написала?|пишет|napsala?|írta|さんは書きました|写道)\s?[:：]\s*$",
    re.IGNORECASE,
)
#: How such a sentence begins; without one of these a line that ends in "wrote:" is their own.
_BEGINS = re.compile(
    r"^\s*(?:On|Am|Le|Il|El|Em|Op|Den|Dnia|W dniu|Dne|Pe|På|20\d\d|\d{1,2}[./-]|.{0,80}<[^<>\s]+@[^<>\s]+>)",
    re.IGNORECASE,
)
#: A line that stands alone before what is quoted or forwarded.
_RULE = re.compile(
    r"^\s*(?:[-_=]{2,}\s*(?:Original Message|Original-Nachricht|Ursprüngliche Nachricht|Message d'origine|"
    r"Messaggio originale|Mensaje original|Mensagem original|Oorspronkelijk bericht|Ursprungligt meddelande|"
    r"Opprinnelig melding|Oprindelig meddelelse|Alkuperäinen viesti|Forwarded message|Reply message|"
    r"Weitergeleitete Nachricht|Message transféré)\s*[-_=]{0,}|_{20,})\s*$",
    re.IGNORECASE,
)
#: The head of a quoted message as Outlook writes it, in several languages; two in a row make one.
_FIELD = re.compile(
    r"^\s*>?\s*\*?(From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|Sent|Gesendet|Envoyé|Inviato|Enviado|Verzonden|"
    r"Skickat|Sendt|Date|Datum|Data|Fecha|To|An|À|A|Para|Aan|Till|Til|Cc|Subject|Betreff|Objet|"
    r"Oggetto|Asunto|"
    r"Assunto|Onderwerp|Ämne|Emne)\*?\s?:\*?\s+\S",
    re.IGNORECASE,
)
_FROM = re.compile(r"^\s*\*?(From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od)\*?\s?:", re.IGNORECASE)
#: Programs sign for people; nobody wrote these.
_SENT_FROM = re.compile(
    r"^\s*(?:Sent from (?:my |Mail for |Outlook for ).{1,40}|Get Outlook for .{1,60}|"
    r"Von meinem .{1,30} gesendet|Envoyé de mon .{1,30}|Skickat från min .{1,30})\s*$",
    re.IGNORECASE,
)


class Folded(NamedTuple):
    """A text in two."""

    own: str
    quoted: str


def fold(text: str) -> Folded:
    """Part what is new from what was quoted below, or between, it."""
    lines = text.split("\n")
    cut = _first_quote(lines)
    own, quoted = lines[:cut], lines[cut:]
    if not any(line.strip() for line in own):
        # They answered below or between: what is not quoted is theirs.
        own = [line for line in quoted if not _is_quoted(line) and not _is_lead(line)]
        quoted = [line for line in quoted if _is_quoted(line) or _is_lead(line)]
    own = _without_signature_of_program(own)
    return Folded(_kept(own), _kept(quoted))


def _first_quote(lines: list[str]) -> int:
    """Where everything that follows is quoted, or only little beside it."""
    for number, line in enumerate(lines[:LINES]):
        if _RULE.match(line) or _is_outlook(lines, number):
            return number
        lead = _lead_at(lines, number)
        # A sentence like it with neither a quotation below nor an address in it may be their own.
        if lead and (_quotes_follow(lines, number + lead) or _names(lines[number : number + lead])):
            return number
        if _is_quoted(line) and _all_quoted_or_blank(lines, number):
            return number
    return len(lines)


def _lead_at(lines: list[str], number: int) -> int:
    """How many lines the sentence "On … wrote:" takes that begins here; 0 where none does."""
    if not _BEGINS.match(lines[number][:300]):
        return 0
    for count in range(1, LEAD + 1):
        line = lines[number : number + count]
        if len(line) < count or not line[-1].strip():
            return 0
        if _WROTE.search(line[-1][-200:]):
            return count
    return 0


def _quotes_follow(lines: list[str], number: int) -> bool:
    following = [line for line in lines[number : number + 5] if line.strip()]
    return bool(following) and _is_quoted(following[0])


def _names(lines: list[str]) -> bool:
    """Whether it names an address or a time, as programs do."""
    return bool(re.search(r"@|\d{1,2}[:.]\d{2}|20\d\d", " ".join(lines)[:600]))


def _is_outlook(lines: list[str], number: int) -> bool:
    """A head of From, Sent, To: three fields within the next lines, the first of them From."""
    if not _FROM.match(lines[number][:200]):
        return False
    fields = sum(1 for line in lines[number : number + 5] if _FIELD.match(line[:200]))
    return fields >= 3


def _all_quoted_or_blank(lines: list[str], number: int) -> bool:
    return all(_is_quoted(line) or not line.strip() for line in lines[number : number + LINES])


def _is_quoted(line: str) -> bool:
    return line.lstrip()[:1] == ">"


def _is_lead(line: str) -> bool:
    return bool(_BEGINS.match(line[:300]) and _WROTE.search(line[-200:]))


def _without_signature_of_program(lines: list[str]) -> list[str]:
    while lines and (not lines[-1].strip() or _SENT_FROM.match(lines[-1][:120])):
        lines = lines[:-1]
    return lines


def _kept(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")[:MOST].rstrip()
