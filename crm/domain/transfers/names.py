"""Names as lists write them: parts in columns, honorifics, titles behind a comma, two people in a cell."""

from __future__ import annotations

import re
import unicodedata

from crm.domain.transfers.cleaning import folded, means_nothing, word_set

HONORIFIC = re.compile(
    r"(?:(?:mrs?|ms|miss|mx|herr|frau|mme|mlle|monsieur|madame|sra|srta|señora?|signora?|dhr|mevr|sir|dame|smt|shri)"
    r"(?:\.\s*|\s+)"
    r"|(?:sr|sig|hr|fr|fru|hon|rev|m)\.\s+"
    r"|(?P<academic>(?:dr|dra|prof|professor)(?:\.\s*|\s+)|(?:ing|mag|dott|dipl\.-ing|univ\.-prof)\.\s*))",
    re.IGNORECASE,
)
#: One of these in a phrase makes it what somebody does, not who they are.
TITLE_WORDS = word_set(
    """
    manager director owner president ceo cfo cto coo vp head chief officer engineer supervisor
    coordinator administrator assistant associate partner founder cofounder principal lead leader
    specialist analyst consultant technician operator foreman superintendent chair chairman chairwoman
    chairperson secretary treasurer clerk recruiter editor professor lecturer teacher counselor
    counsellor advisor adviser attorney lawyer accountant architect designer developer programmer
    scientist researcher nurse physician pharmacist chemist agent broker buyer representative executive
    planner inspector mechanic plumber electrician proprietor member trainer student intern dean
    librarian curator chef baker butcher florist pastor mayor superintendent controller strategist
    leiter leiterin geschäftsführer geschäftsführerin inhaber inhaberin direktor direktorin ingenieur
    ingenieurin meister vorstand referent referentin berater beraterin sachbearbeiter sachbearbeiterin
    directeur directrice gérant gérante responsable chef ingénieur président présidente propriétaire
    conseiller conseillère gerente jefe jefa directora presidente propietario propietaria ingeniero
    ingeniera encargado encargada chefen platschef ägare direktör verkställande ingenjör ansvarig rektor
    handläggare eigenaar directeuren hoofd direttore direttrice titolare ingegnere
    """
)
EMPLOYER_WORDS = word_set(
    """
    inc llc ltd limited corp corporation company co gmbh ag kg ohg ug se sa sas sarl srl spa bv nv ab as
    oy oyj plc llp lp pty group holdings university college school institute academy department district
    city county council agency authority association foundation society chamber bank hospital clinic
    center centre services service solutions systems technologies technology industries works lab labs
    laboratory studio studios partners consulting construction manufacturing energy water power electric
    utilities bakery cafe restaurant hotel shop store market farm farms meats florist press media union
    trust museum library church stadtwerke universität hochschule verein amt verband stadt gemeinde
    université école société ville universidad empresa hermanos högskola kommun förening verk
    """
)
SMALL_WORDS = word_set("de da del della van von der den la al bin dos di af zu y ter ten le e")
BETWEEN_PEOPLE = re.compile(r"\s+/\s+|\s*;\s*|\s*\n\s*")
BETWEEN_FULL_NAMES = re.compile(r"\s+(?:&|\+|and|und|et|y|och|og|en|e|i)\s+|\s*/\s*|\s*&\s*", re.IGNORECASE)
BEFORE_TITLE = re.compile(r"\s*[,|]\s*|\s+[-–—]\s+|\s*\((?=[^)]*\)$)")
CREDENTIALS = re.compile(r"[A-Z][A-Z.&-]{1,7}|(?:[A-Z][a-z]?\.?){2,4}|Jr\.?|Sr\.?|Esq\.?")


def full_name(first: str, middle: str, last: str, suffix: str = "") -> str:
    """The parts in the order in which they are said; Chinese, Japanese and Korean names without a space.

    Of these the family name comes first; who wrote it into the wrong column is known by its length.
    """
    if first and last and is_east_asian(first + last):
        return first + last if len(first) < len(last) else last + first
    name = " ".join(part for part in (first, middle, last) if part)
    return f"{name} {suffix}".strip() if suffix and name else name


def is_east_asian(text: str) -> bool:
    """Whether every letter is Han, Kana or Hangul."""
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and all(
        unicodedata.name(c, "").startswith(("CJK", "HANGUL", "HIRAGANA", "KATAKANA")) for c in letters
    )


def without_honorific(name: str) -> tuple[str, str]:
    """A name without "Mr." and the like, and the academic title that was taken off: ("Ada Ek", "Dr.").

    Where only one word would be left, "Mr. Dufour", nothing is taken off.
    """
    rest, academic = name, []
    while found := HONORIFIC.match(rest):
        academic += [found.group().strip()] if found["academic"] else []
        rest = rest[found.end() :]
    return (rest, " ".join(academic)) if " " in rest.strip() else (name, "")


def academic_title(prefix: str) -> str:
    """Give "Dr." of a prefix that stands in a column of its own; nothing for "Mr."."""
    return without_honorific(f"{prefix} Given Family")[1] if prefix else ""


def people_in(cell: str) -> list[tuple[str, str]]:
    """The people in a cell, each with a title where the cell gives one; nobody for "TBD"."""
    parts = [part for chunk in BETWEEN_PEOPLE.split(cell) for part in _split_full_names(chunk.strip())]
    people = [name_and_title(part) for part in parts if not means_nothing(part)]
    return [(name, title) for name, title in people if not means_nothing(name)]


def name_and_title(text: str) -> tuple[str, str]:
    """Take "Dana O'Hara, General Manager" apart; turn "Dufour, René" round; leave "Mehta, PMP" alone."""
    found = BEFORE_TITLE.search(text)
    if not found:
        return text, ""
    before, after = text[: found.start()], text[found.end() :].rstrip(") ")
    if not before or not after:
        return before or after, ""
    if looks_like_title(after) and not looks_like_title(before):
        return before, after
    if "," in found.group() and is_turned_round(before, after):
        return f"{after} {before}", ""
    return (text, "") if is_credentials(after) else _by_shape(text, before, after)


def looks_like_title(text: str) -> bool:
    """Whether a phrase says what somebody does."""
    return not TITLE_WORDS.isdisjoint(re.findall(r"[^\W\d_]+", text.casefold()))


def looks_like_employer(text: str) -> bool:
    """Whether a phrase reads like the name of an organisation."""
    return not EMPLOYER_WORDS.isdisjoint(folded(text).split()) or not EMPLOYER_WORDS.isdisjoint(
        text.casefold().split()
    )


def looks_like_person(text: str) -> bool:
    """Whether a phrase reads like the full name of a person: two to five words, no digits."""
    if any(c.isdigit() for c in text) or looks_like_employer(text):
        return False
    words = text.split()
    return is_east_asian(text) or (2 <= len(words) <= 5 and all(_is_name_word(word) for word in words))


def _is_name_word(word: str) -> bool:
    """Capitalised, or of a script without capitals, or one of the small words inside names."""
    first = next((c for c in word if c.isalpha()), "")
    return bool(first) and (not first.islower() or word in SMALL_WORDS or word[:2] in ("d'", "d’"))


def _split_full_names(text: str) -> list[str]:
    """Two for "Ada Ek and Bo Ek"; "Anna & Tom Ek" stay as they stand: who would guess the family name?"""
    parts = [part for part in BETWEEN_FULL_NAMES.split(text) if part]
    if len(parts) > 1 and all(len(_first_phrase(part).split()) >= 2 for part in parts):
        return (
            parts if all(looks_like_person(without_honorific(_first_phrase(p))[0]) for p in parts) else [text]
        )
    return [text]


def _first_phrase(text: str) -> str:
    return BEFORE_TITLE.split(text, maxsplit=1)[0]


def is_turned_round(before: str, after: str) -> bool:
    """Whether this is a family name and, behind a comma, a given name."""
    one_family_name = len(before.split()) == 1 or before[:1].islower()
    given = after.split()
    return one_family_name and len(given) <= 2 and all(w[:1].isupper() and not w.isupper() for w in given)


def is_credentials(text: str) -> bool:
    """Whether this is what stands behind a name: "PMP", "PhD", "Jr."."""
    return all(map(CREDENTIALS.fullmatch, re.split(r"[,\s]+", text))) and not looks_like_title(text)


def _by_shape(text: str, before: str, after: str) -> tuple[str, str]:
    return (before, after) if looks_like_person(before) else (text, "")
