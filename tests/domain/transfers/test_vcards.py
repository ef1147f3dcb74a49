"""vCards of three versions, whole and broken."""

from __future__ import annotations

import pytest

from crm.domain.errors import Invalid
from crm.domain.transfers.cards import DAMAGED
from crm.domain.transfers.rows import Employer, Person
from tests.domain.transfers.lists import employers, names, people, read, refusals

PHONE_21 = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=85kesson;Ren=C3=A9e;;;\r\n"
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ren=C3=A9e =C3=85kes=\r\nson\r\n"
    "TEL;CELL;PREF:+46 8 555 0100\r\nTEL;WORK;FAX:+46 8 555 0199\r\nTEL;HOME:+46 8 555 0101\r\n"
    "EMAIL;HOME:renee@example.net\r\nEMAIL;PREF;WORK:renee@example.org\r\n"
    "ADR;WORK:;;1 Quay;Malm=F6;;211 20;Sweden\r\n"
    "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEB\r\n AQIBAQE=\r\n\r\n"
    "END:VCARD\r\n"
)
IPHONE_30 = (
    "BEGIN:VCARD\nVERSION:3.0\nPRODID:-//Apple Inc.//iOS 17.0//EN\nN:Ek;Ada;;Dr.;\nFN:Dr. Ada Ek\n"
    "ORG:Kitsap Lab;Water;\nTITLE:Chemist\n"
    "item1.EMAIL;type=INTERNET;type=pref:ada@example.org\nitem1.X-ABLabel:_$!<Work>!$_\n"
    "item2.ADR;type=WORK;type=pref:;;1 Pier Rd\\nFloor 2;Bremerton;WA;98337;USA\nitem2.X-ABADR:us\n"
    "item3.URL;type=pref:http\\://lab.example\n"
    "X-SOCIALPROFILE;type=linkedin:http://www.linkedin.com/in/ada-ek\n"
    "NOTE:Likes tea\\, not coffee.\\nMet in May.\nCATEGORIES:Water,Lab\nEND:VCARD\n"
)
NEW_40 = (
    "BEGIN:VCARD\nVERSION:4.0\nFN:Bo Ek\nN:Ek;Bo;;;\nEMAIL;PREF=1:bo@example.org\n"
    'TEL;VALUE=uri;TYPE="voice,work":tel:+1-555-0100\nORG:Ek Foods\nKIND:individual\nEND:VCARD\n'
)


def test_a_card_of_a_phone_with_quoted_printable_and_a_picture() -> None:
    assert people(PHONE_21.replace("=F6", "ö"), "x.vcf") == [
        Person(
            name="Renée Åkesson",
            email="renee@example.org",
            phone="+46 8 555 0100",
            postal_address="1 Quay\n211 20 Malmö\nSweden",
            notes="Also: renee@example.net\nAlso: +46 8 555 0101",
        )
    ]


def test_a_card_of_an_iphone_with_grouped_lines() -> None:
    assert people(IPHONE_30, "x.vcf") == [
        Person(
            name="Ada Ek",
            email="ada@example.org",
            organisation="Kitsap Lab",
            title="Chemist",
            linkedin_url="http://www.linkedin.com/in/ada-ek",
            website="http://lab.example",
            postal_address="1 Pier Rd\nFloor 2\nBremerton, WA 98337\nUSA",
            notes="Likes tea, not coffee.\nMet in May.\nAddressed as Dr.",
            tags=("Water", "Lab"),
        )
    ]


def test_a_card_of_the_newest_version() -> None:
    assert people(NEW_40, "x.vcf") == [
        Person("Bo Ek", email="bo@example.org", phone="+1-555-0100", organisation="Ek Foods")
    ]


def test_cards_of_all_versions_in_one_file() -> None:
    assert names(PHONE_21 + IPHONE_30 + NEW_40, "x.vcf") == ["Renée Åkesson", "Ada Ek", "Bo Ek"]


def test_broken_cards_are_refused_with_their_line_and_stop_no_other() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ada Ek\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Never closed\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Bo Ek\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nTEL:555-0100\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nFN:Cut off"
    )
    assert names(text, "x.vcf") == ["Ada Ek", "Bo Ek"]
    assert refusals(text, "x.vcf") == [
        (5, "The card that begins in this line has no end."),
        (12, "There is no name, e-mail address or organisation in this card."),
        (16, "The card that begins in this line has no end."),
    ]


def test_what_can_be_saved_of_a_damaged_card_is() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:2.1\nFN:Ada Ek\nEMAIL:ada@example.org\n"
        "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=\n=28\nTITLE;ENCODING=BASE64:!!!\nEND:VCARD\n"
    )
    person = people(text, "x.vcf")[0]
    assert (person.name, person.email) == ("Ada Ek", "ada@example.org")
    assert person.notes == DAMAGED.removeprefix("NOTE:")


def test_who_has_no_name_is_called_by_their_address() -> None:
    assert names("BEGIN:VCARD\nVERSION:2.1\nEMAIL;PREF:ada@example.org\nEND:VCARD\n", "x.vcf") == [
        "ada@example.org"
    ]


def test_a_card_of_an_organisation_makes_an_organisation() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nFN:Ek Foods\nORG:Ek Foods;\nTEL:555-0100\n"
        "X-ABShowAs:COMPANY\nEND:VCARD\n"
    )
    assert employers(text, "x.vcf") == [Employer("Ek Foods", phone="555-0100")]
    assert names(text, "x.vcf") == []


def test_an_assistants_card_inside_a_card_is_left_out() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:2.1\nFN:Ada Ek\nAGENT:\nBEGIN:VCARD\nVERSION:2.1\nFN:Bo Ek\nEND:VCARD\n"
        "TITLE:Chemist\nEND:VCARD\n"
    )
    assert [(person.name, person.title) for person in people(text, "x.vcf")] == [("Ada Ek", "Chemist")]


def test_a_note_over_several_lines_that_nobody_folded_is_kept() -> None:
    text = "BEGIN:VCARD\nVERSION:3.0\nFN:Ada Ek\nNOTE:One\ntwo words\nEND:VCARD\n"
    assert people(text, "x.vcf")[0].notes == "Onetwo words"


def test_cards_are_recognised_whatever_the_file_is_called() -> None:
    assert len(read(NEW_40, "contacts.csv")) == 1


def test_a_calendar_or_an_empty_vcf_is_no_list() -> None:
    with pytest.raises(Invalid, match="This is a calendar"):
        read("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "x.ics")
    with pytest.raises(Invalid, match="there is no vCard in it"):
        read("Name,Email\n", "x.vcf")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("knot", ["TYPE=wor" + "=_border--" * 50, ";".join("A==" for _ in range(40))])
def test_knotted_parameters_take_no_time_and_cost_no_more_than_themselves(knot: str) -> None:
    text = f"BEGIN:VCARD\nVERSION:3.0\nFN:Ada Ek\nEMAIL;{knot}\n ada@example.org\nEND:VCARD\n"
    (person,) = people(text)
    assert (person.name, person.notes) == ("Ada Ek", DAMAGED.removeprefix("NOTE:"))
