"""What LinkedIn, Google and Outlook export."""

from __future__ import annotations

from crm.domain.transfers import formats
from crm.domain.transfers.rows import Employer, Person
from tests.domain.transfers.lists import employers, names, people, read

LINKEDIN = (
    "\ufeffNotes:\r\n"
    '"Some of the addresses may be missing, since not everybody lets them be seen."\r\n'
    "\r\n"
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\r\n"
    'Ada,"Ek, PMP",https://www.linkedin.com/in/ada-ek,ada@example.org,"Ek Foods, Inc.",Chemist,'
    "12 Mar 2024\r\n"
    ",,,,,,\r\n"
    "Bo,,https://www.linkedin.com/in/bo-1,,Kitsap Lab,SDE II,01 Aug 2021\r\n"
    "Trần,Thị Mai,https://www.linkedin.com/in/mai,,Sông Lam Water,Supervisor,29 Feb 2024\r\n"
    "王,小明,https://www.linkedin.com/in/wang,,北京水廠,Manager,15 Dec 2023\r\n"
    "Bo,,https://www.linkedin.com/in/bo-1,,Kitsap Lab,SDE II,01 Aug 2021\r\n"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Name Prefix,Name Suffix,File As,Organization Name,Organization Title,"
    "Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
    "Phone 1 - Value,Address 1 - Formatted,Address 1 - City,Website 1 - Value\n"
    'Ada,,Ek,Dr.,,,Kitsap Lab,Chemist,"Met at the fair.\nLikes tea.",* myContacts ::: Water ::: Lab,* Work,'
    'ada@example.org,Home,ada@example.net,Mobile,555-0140 ::: 555-0141,"1 Pier Rd\nBremerton",Bremerton,'
    "ada.example\n"
    ",,,,,,Hiring Hall,,,* myContacts,,,,,Work,555-0150,,,\n"
    ",,,,,,,,,* myContacts,,cy@example.org,,,,,,,\n"
    ",,,,,,Ek Foods,,,* myContacts,,info@ek.example,,,,,,,\n"
)
OUTLOOK = (
    '"First Name","Middle Name","Last Name","Suffix","Company","Job Title","Business Street",'
    '"Business City","Business State","Business Postal Code","Business Country/Region","Home Street",'
    '"Business Fax","Business Phone","Mobile Phone","E-mail Address","E-mail Type","E-mail Display Name",'
    '"E-mail 2 Address","Categories","Notes"\r\n'
    '"Ada","M.","Ek","Jr.","Kitsap Lab","Chemist","1 Pier Rd","Bremerton","WA","98337","USA","9 Elm",'
    '"555-9999","555-0140","555-0141","ada@example.org","SMTP","Ada Ek","ada@example.net",'
    '"Water;Friends","Met\r\nonce"\r\n'
)


def test_linkedin_connections_without_addresses_are_people() -> None:
    assert names(LINKEDIN) == ["Ada Ek, PMP", "Bo", "Trần Thị Mai", "王小明", "Bo"]
    assert [row.line for row in read(LINKEDIN)] == [5, 7, 8, 9, 10]


def test_a_linkedin_row_keeps_everything_but_the_day_of_connecting() -> None:
    assert people(LINKEDIN)[0] == Person(
        name="Ada Ek, PMP",
        email="ada@example.org",
        organisation="Ek Foods, Inc.",
        title="Chemist",
        linkedin_url="https://www.linkedin.com/in/ada-ek",
    )


def test_a_google_contact_with_all_there_is() -> None:
    assert people(GOOGLE)[0] == Person(
        name="Ada Ek",
        email="ada@example.org",
        phone="555-0140",
        organisation="Kitsap Lab",
        title="Chemist",
        website="https://ada.example",
        postal_address="1 Pier Rd\nBremerton",
        notes="Met at the fair.\nLikes tea.\nAlso: ada@example.net\nAlso: 555-0141\nAddressed as Dr.",
        tags=("Water", "Lab"),
    )


def test_a_google_contact_without_a_person_is_an_organisation() -> None:
    assert employers(GOOGLE) == [
        Employer("Hiring Hall", phone="555-0150"),
        Employer("Ek Foods", email="info@ek.example"),
    ]


def test_who_has_no_name_is_called_by_their_address() -> None:
    assert people(GOOGLE)[1] == Person("cy@example.org", email="cy@example.org")


def test_an_outlook_contact_has_the_business_address() -> None:
    assert people(OUTLOOK) == [
        Person(
            name="Ada M. Ek Jr.",
            email="ada@example.org",
            phone="555-0140",
            organisation="Kitsap Lab",
            title="Chemist",
            postal_address="1 Pier Rd\nBremerton, WA 98337\nUSA",
            notes="Met\nonce\nAlso: ada@example.net\nAlso: 555-0141",
            tags=("Water", "Friends"),
        )
    ]


def test_each_export_is_recognised_by_its_headings_not_its_name() -> None:
    kinds = [formats.recognise("x.txt", text.encode()).key for text in (LINKEDIN, GOOGLE, OUTLOOK)]
    assert kinds == ["linkedin", "google", "outlook"]


def test_they_are_read_in_utf_16_too() -> None:
    assert names(LINKEDIN.removeprefix("\ufeff").encode("utf-16")) == names(LINKEDIN)
