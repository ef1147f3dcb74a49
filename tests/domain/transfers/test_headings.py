"""What columns hold, by headings in many words, or by their content."""

from __future__ import annotations

import pytest

from crm.domain.transfers import formats
from crm.domain.transfers.listing import Column
from crm.domain.transfers.rows import Field
from tests.domain.transfers.lists import names, people


def told(text: str, filename: str = "list.csv") -> list[str]:
    """What each column is taken for, in their order; a dash where it is not read."""
    listing = formats.recognise(filename, text.encode())
    assert listing.table is not None
    return [(listing.mapping or {}).get(n, "-") for n in range(listing.table.width)]


@pytest.mark.parametrize(
    "headings",
    [
        "Vorname;Nachname;Firma;Funktion;E-Mail-Adresse;Telefon geschäftlich;Bemerkungen",
        "Prénom;Nom;Société;Poste;Courriel;Téléphone;Remarques",
        "Nombre;Apellidos;Empresa;Cargo;Correo electrónico;Teléfono;Observaciones",
        "Förnamn;Efternamn;Företag;Befattning;E-postadress;Mobil;Anteckningar",
        "Nome;Cognome;Azienda;Ruolo;Posta elettronica;Cellulare;Note",
        "Voornaam;Achternaam;Bedrijf;Functie;E-mail;Telefoon;Opmerkingen",
        "Given Name;Surname;Employer;Job title;Email address;Work phone;Comments",
        "Имя;Фамилия;Компания;Должность;Email;Телефон;Заметки",
        "名;姓;公司;职位;邮箱;电话;备注",
    ],
)
def test_headings_are_known_in_many_languages(headings: str) -> None:
    assert told(f"{headings}\nAda;Ek;Lab;Chemist;ada@example.org;+46 8 555 0199;hej\n") == [
        "first_name", "last_name", "organisation", "title", "email", "phone", "notes",
    ]  # fmt: skip


def test_the_whole_name_in_one_column() -> None:
    assert told("Ansprechpartner;Unternehmen\nAda Ek;Wasserwerk\n") == ["name", "organisation"]
    assert told("Nom;Courriel\nAda Ek;ada@example.org\n") == ["name", "email"]


def test_a_name_beside_a_contact_is_the_business() -> None:
    assert told("Name,Contact,Phone\nEk Bakery,Ada Ek,555-0100\n") == ["organisation", "name", "phone"]


def test_a_postal_address_in_parts() -> None:
    person = people("Name;Straße;PLZ;Ort;Land\nAda Ek;Weg 1;04109;Leipzig;Deutschland\n")[0]
    assert person.postal_address == "Weg 1\n04109 Leipzig\nDeutschland"
    person = people("Name,Street Address,City,State,Zip\nAda Ek,1 Elm,Davis,CA,95616\n")[0]
    assert person.postal_address == "1 Elm\nDavis, CA 95616"


def test_an_address_beside_a_town_is_the_street() -> None:
    person = people("Name,Address,City,State,Zip\nAda Ek,1 Elm,Davis,CA,95616\n")[0]
    assert person.postal_address == "1 Elm\nDavis, CA 95616"


def test_headings_that_say_more_than_they_need() -> None:
    headings = "S.No,Contact First Name,Contact Last Name,Name of the Firm,Mobile No.,Email ID"
    text = f"{headings}\n1,Ada,Ek,Lab,98400 12345,ada@example.org\n"
    assert told(text) == ["-", "first_name", "last_name", "organisation", "phone", "email"]
    assert told("Name of the Member,Firm / Company\nAda Ek,Ek Pumps Ltd\n") == ["name", "organisation"]


def test_unknown_headings_are_told_by_what_stands_under_them() -> None:
    text = "Wer,Woran,Wohin\nAda Ek,ada@example.org,+46 8 555 0199\nBo Ek,bo@example.org,+46 8 555 0188\n"
    assert told(text) == ["name", "email", "phone"]


def test_a_table_without_headings_is_told_by_its_content() -> None:
    text = "Ada Ek,Chemist,Kitsap Lab,ada@example.org\nBo Ek,Manager,Ek Foods Inc,bo@example.org\n"
    assert told(text) == ["name", "title", "organisation", "email"]
    assert names(text) == ["Ada Ek", "Bo Ek"]


def test_a_column_of_addresses_is_one_whatever_it_is_called() -> None:
    assert told("Name,Contact\nAda Ek,ada@example.org\nBo Ek,bo@example.org\n") == ["name", "email"]


def test_addresses_and_web_sites_may_share_a_column() -> None:
    text = (
        "Business,Rep,Web or e-mail\nEk Foods,Ada Ek,ada@example.org\nBerg Foods,Bo Berg,www.berg.example\n"
    )
    assert told(text) == ["organisation", "name", "email_or_website"]


def test_what_is_beside_the_point_is_not_read() -> None:
    assert told("Name,E-mail,Fax,Member since,Birthday\nAda Ek,ada@example.org,1,1999,x\n") == [
        "name", "email", "-", "-", "-",
    ]  # fmt: skip


def test_title_lines_above_the_headings_are_skipped() -> None:
    assert names("Members of the Guild;;\nas of May 2026;;\n\nName;Company;Phone\nAda Ek;Lab;555-0100\n") == [
        "Ada Ek"
    ]


def test_the_user_decides_what_a_column_holds() -> None:
    text = b"Name,Company\nKitsap Lab,Ada Ek\n"
    listing = formats.recognise("list.csv", text, {"0": "organisation", "1": "name"})
    assert listing.mapping == {0: Field.ORGANISATION, 1: Field.NAME}
    assert [person.name for row in listing.rows() for person in getattr(row, "people", ())] == ["Ada Ek"]


def test_a_preview_shows_headings_columns_rows_and_problems() -> None:
    text = (
        "Name;E-mail\n"
        + "".join(f"Ada{n} Ek;ada{n}@example.org\n" for n in range(12))
        + "Bo Ek;bo at example\n"
    )
    preview = formats.recognise("list.csv", text.encode("cp1252")).preview()
    assert (preview.format, len(preview.rows)) == ("Table", 10)
    assert preview.columns == (
        Column(0, "Name", ("Ada0 Ek", "Ada1 Ek", "Ada2 Ek"), Field.NAME),
        Column(1, "E-mail", ("ada0@example.org", "ada1@example.org", "ada2@example.org"), Field.EMAIL),
    )
    assert (preview.counted, preview.people, preview.organisations) == (13, 12, 0)
    assert preview.problems == {"“bo at example” is not an e-mail address.": 1}
