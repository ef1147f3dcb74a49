"""How lists call their columns, in the languages in which we have met them. Data, and one look-up.

The words are folded: lower case, no accents, no punctuation, "e-mail" as "email".
"""

from __future__ import annotations

import re
from functools import lru_cache

from crm.domain.transfers.cleaning import folded, word_set
from crm.domain.transfers.rows import Field

#: Whole headings.
HEADINGS: dict[Field, str] = {
    Field.NAME: """
        name|full name|contact|contact name|contact person|person|primary contact|main contact|primary rep
        |primary representative|representative|rep|key contact|member name|attendee|participant|owner
        |display name|name vorname|vollstandiger name|ansprechpartner|ansprechpartnerin|kontaktperson
        |kontakt|ansprechperson|nom complet|nom et prenom|nom prenom|interlocuteur|responsable
        |personne de contact|contacto|nombre completo|nombre y apellidos|persona de contacto|namn
        |fullstandigt namn|navn|naam|volledige naam|contactpersoon|nominativo|nome completo|nome e cognome
        |referente|nimi|yhteyshenkilo|imie i nazwisko|фио|контакт|姓名|氏名|名前|이름
        |nom|nombre|nome|alumni name
        |student|employee
    """,
    Field.PREFIX: "prefix|name prefix|salutation|anrede|civilite|tratamiento|tilltal|aanhef|honorific",
    Field.FIRST_NAME: """
        first name|firstname|given name|forename|first|fname|vorname|prenom|nombre de pila|fornamn
        |tilltalsnamn|fornavn|voornaam|roepnaam|primeiro nome|etunimi|imie|имя|名
    """,
    Field.MIDDLE_NAME: """
        middle name|middle|additional name|weitere vornamen|zweiter vorname|mellannamn|отчество
    """,
    Field.LAST_NAME: """
        last name|lastname|surname|family name|last|lname|nachname|familienname|zuname|nom de famille
        |apellido|apellidos|efternamn|etternavn|efternavn|achternaam|cognome|sobrenome|apelido|sukunimi
        |nazwisko|фамилия|姓
    """,
    Field.SUFFIX: "suffix|name suffix|namenszusatz|suffixe|sufijo",
    Field.EMAIL: "email|e post|epost|courriel|correo|sahkoposti|posta elettronica|почта|邮箱|電子メール",
    Field.PHONE: """
        phone|telephone|tel|mobile|cell|phone number|telefon|handy|mobil|mobiltelefon|festnetz|rufnummer
        |portable|telefono|movil|celular|cellulare|telefone|telemovel|telefoon|mobiel|puhelin|gsm|телефон
        |电话|電話|手机|전화
    """,
    Field.ORGANISATION: """
        organisation|organization|company|business|employer|firm|member business|business name
        |company name|organization name|organisation name|member|member company|agency|institution
        |workplace|account|account name|firma|unternehmen|betrieb|arbeitgeber|firmenname|verein|societe
        |entreprise|organisme|etablissement|raison sociale|employeur|empresa|organizacion|compania|entidad
        |foretag|foretagsnamn|bolag|arbetsgivare|virksomhed|virksomhet|bedrijf|bedrijfsnaam|organisatie
        |azienda|societa|ditta|yritys|organizacao|firma nazwa|компания|организация|公司|单位|会社|会社名|회사
    """,
    Field.TITLE: """
        title|job title|position|role|job|occupation|designation|funktion|berufsbezeichnung|stelle|beruf
        |poste|fonction|titre|cargo|puesto|ocupacion|titel|befattning|yrke|roll|stilling|functie|ruolo
        |qualifica|mansione|tehtava|stanowisko|должность|职位|职务|役職|직책
    """,
    Field.LINKEDIN_URL: "linkedin|linkedin url|linkedin profile|profile url|linkedin profil",
    Field.WEBSITE: """
        website|web|url|web site|web page|homepage|webpage|site|webseite|internet|webadresse|site web
        |site internet|sitio web|pagina web|webbplats|hemsida|hjemmeside|nettside|sito|sito web|kotisivu
        |сайт|网站
    """,
    Field.POSTAL_ADDRESS: """
        address|mailing address|postal address|full address|location|adresse|anschrift|postanschrift
        |adresse postale|direccion|domicilio|adress|postadress|adres|indirizzo|endereco|morada|osoite
        |адрес|地址|住所|주소
    """,
    Field.STREET: """
        street|street address|address 1|address line 1|address 2|address line 2|strasse|straße
        |strasse und hausnummer|rue|voie|calle|gata|gatuadress|gade|straat|via|rua|katuosoite|ulica
    """,
    Field.CITY: """
        city|town|ort|stadt|ville|ciudad|localidad|stad|postort|by|plaats|woonplaats|citta|cidade|miasto
        |город
    """,
    Field.REGION: """
        state|province|region|county|bundesland|kanton|departement|provincia|lan|estado|state province
    """,
    Field.POSTCODE: """
        zip|zip code|postcode|postal code|plz|postleitzahl|code postal|codigo postal|cp|postnummer|cap|cep
    """,
    Field.COUNTRY: "country|land|pays|pais|paese|country region|maa|kraj|страна|国家",
    Field.NOTES: """
        notes|note|comments|comment|remarks|description|notizen|notiz|bemerkung|bemerkungen|anmerkung
        |anmerkungen|remarques|commentaires|notas|observaciones|comentarios|anteckningar|kommentar
        |kommentarer|opmerkingen|muistiinpanot|uwagi|заметки|备注
    """,
    Field.TAGS: """
        tags|tag|category|categories|labels|groups|group|sector|industry|kategorie|kategorien|branche
        |gruppe|schlagworte|categorie|secteur|etiquettes|categoria|categorias|rubro|kategori|bransch|grupp
        |settore
    """,
}
#: Single words inside headings that nobody foresaw, the most telling first.
WORDS: tuple[tuple[Field, str], ...] = (
    (Field.EMAIL, "email mail emails courriel correo epost sahkoposti"),
    (Field.LINKEDIN_URL, "linkedin"),
    (Field.WEBSITE, "web website url homepage hemsida webseite site"),
    (Field.PHONE, "phone telephone tel telefon telefono mobile mobil cell handy telefonnummer portable"),
    (Field.POSTCODE, "zip postcode plz postleitzahl postnummer"),
    (Field.CITY, "city town ort ville ciudad stad plaats"),
    (Field.COUNTRY, "country"),
    (Field.POSTAL_ADDRESS, "address adresse anschrift direccion adress adres indirizzo"),
    (Field.STREET, "street strasse rue calle"),
    (Field.FIRST_NAME, "vorname prenom fornamn forename"),
    (Field.LAST_NAME, "nachname surname efternamn apellidos"),
    (Field.TITLE, "title position role funktion fonction befattning cargo job"),
    (Field.NAME, "contact representative rep person ansprechpartner kontaktperson contacto attendee"),
    (Field.ORGANISATION, "company business employer organisation organization firm firma entreprise empresa"),
    (Field.ORGANISATION, "foretag member"),
    (Field.NAME, "name names"),
    (Field.NOTES, "notes comments remarks bemerkungen"),
)
#: Words that make a heading something else: "E-mail 1 - Label", "Member since", "Fax".
OTHERWISE = word_set(
    "label type fax since date id birthday spouse assistant manager manager's password status"
)
STREET_AND_CITY = word_set("city zip town ort ville ciudad postort plz")
WEB_WORDS = word_set("web website url site homepage")
EMAIL_WORDS = word_set("email mail courriel correo epost")


@lru_cache(maxsize=4_096)
def folded_heading(heading: str) -> str:
    """A heading for comparison."""
    return re.sub(r"\be (?:mails?|post)\b", "email", folded(heading))


_KNOWN = {folded_heading(word): field for field, words in HEADINGS.items() for word in words.split("|")}


@lru_cache(maxsize=4_096)
def field_of(heading: str) -> Field | None:
    """What a heading says that its column holds; None where it says nothing that we know."""
    words = folded_heading(heading)
    if not words or len(words) > 60:
        return None
    return _KNOWN.get(words) or _by_words(frozenset(re.sub(r"\d+", " ", words).split()))


def _by_words(words: frozenset[str]) -> Field | None:
    """By single words, "Contact First Name" and "Ort geschäftlich" among them."""
    if len(words) > 6 or words & OTHERWISE:
        return None
    if words & WEB_WORDS and words & EMAIL_WORDS:
        return Field.EMAIL_OR_WEBSITE
    if "name" in words and words & {"first", "given", "last", "family"}:
        return Field.FIRST_NAME if words & {"first", "given"} else Field.LAST_NAME
    if "street" in words and words & STREET_AND_CITY:
        return Field.POSTAL_ADDRESS
    return next((field for field, telling in WORDS if words & set(telling.split())), None)
