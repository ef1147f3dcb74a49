"""What may stand in a field, and the sentence for what may not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.domain import contacts, fields
from crm.domain.errors import Invalid
from crm.models import Closed, WorkRole

#: Fields whose value somebody types or chooses.
TYPED = [field for field in contacts.CLEANERS if field not in ("referred_by", "campaigns")]


def clean(field: str, value: Any) -> Any:
    return fields.clean({field: value}, contacts.CLEANERS)[field]


def refused(field: str, value: Any) -> str:
    with pytest.raises(Invalid) as caught:
        clean(field, value)
    ((name, (sentence,)),) = caught.value.errors.items()
    assert name == field
    return str(sentence)


def test_all_fields_that_do_not_fit_are_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        fields.clean({"name": "", "email": "ada", "colour": "red", "phone": "555"}, contacts.CLEANERS)
    assert caught.value.errors == {
        "name": ["Please give a name."],
        "email": ["“ada” is not an e-mail address. It looks like name@example.org."],
        "colour": ["This field is not known here."],
    }


@pytest.mark.parametrize("name", ["", "  ", "\u200b", "\r\n", None])
def test_nobody_has_no_name(name: str | None) -> None:
    assert refused("name", name) == "Please give a name."


def test_a_long_name_is_refused_with_its_length() -> None:
    assert refused("name", "x" * 300) == "This is too long: 300 characters, at most 200 fit."
    assert len(clean("name", "x" * 200)) == 200


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada@EXAMPLE.com", "Ada@example.com"),
        (" mailto:ada@example.com ", "ada@example.com"),
        ("ada+water@example.com", "ada+water@example.com"),
        ("ada@exämple.com", "ada@exämple.com"),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_kept_as_mail_knows_it(typed: str | None, kept: str | None) -> None:
    assert clean("email", typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ada",
        "ada@",
        "@example.com",
        "a b@example.com",
        "ada@example.com, bo@example.com",
        "ada@" + "x" * 260 + ".com",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    assert refused("email", typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("linkedin.com/in/ada", "https://linkedin.com/in/ada"),
        ("http://example.org", "http://example.org"),
        ("", None),
    ],
)
def test_a_web_address_gets_its_scheme(typed: str, kept: str | None) -> None:
    assert clean("linkedin_url", typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://example.org",
        "javascript://x",
        "javascript:alert(1)",
        "https://",
        "https://exa mple.org",
        "http://[::1",
    ],
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    assert refused("linkedin_url", typed).startswith("This is not a web address")


def test_a_word_of_a_list_is_one_of_them_or_none() -> None:
    assert clean("closed", "parked") is Closed.PARKED
    assert clean("closed", "") is None
    assert refused("closed", "gone").startswith("Choose one of: parked, declined")


def test_words_of_a_list_are_kept_once_and_in_its_order() -> None:
    assert clean("roles", ["supervisor", "practitioner", "supervisor"]) == ("practitioner", "supervisor")
    assert clean("roles", None) == ()
    assert refused("roles", ["boss"]).startswith("Choose among: practitioner")
    assert set(WorkRole) == {"practitioner", "supervisor", "hiring_manager"}


def test_tags_come_as_a_list_or_a_line_each_once() -> None:
    assert clean("tags", "Fair,  lab ,fair,,") == ["Fair", "lab"]
    assert clean("tags", ["Fair", "FAIR"]) == ["Fair"]
    assert refused("tags", ["x" * 51]) == "A tag has at most 50 characters."
    assert refused("tags", [f"tag {n}" for n in range(31)]) == "A contact has at most 30 tags."


@pytest.mark.parametrize("value", [True, 4, 481, "20", 20.0, None])
def test_a_number_is_a_whole_one_between_two(value: Any) -> None:
    with pytest.raises(fields.Unfit, match="between 5 and 480"):
        fields.number(5, 480, "The length in minutes")(value)


@pytest.mark.parametrize("value", [["list"], {"a": 1}, 7, True, b"bytes"])
@pytest.mark.parametrize("field", TYPED)
def test_what_is_no_text_at_all_breaks_nothing(field: str, value: Any) -> None:
    kept, sentences = outcome(field, value)
    assert sentences or kept


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_whatever_is_typed_is_kept_or_refused_with_a_sentence(text: str) -> None:
    for field in TYPED:
        _, sentences = outcome(field, text)
        assert all(sentence.endswith(".") for sentence in sentences)


def outcome(field: str, value: Any) -> tuple[Any, list[str]]:
    """What is kept, or why nothing is."""
    try:
        return clean(field, value), []
    except Invalid as invalid:
        return None, invalid.errors[field]
