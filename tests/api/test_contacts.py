from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from tests.api.caller import Caller, done, refused
from tests.cast import Cast

FULL: dict[str, Any] = {
    "name": "Grace Hopper",
    "email": "grace@example.com",
    "phone": "+1 555 0100",
    "organisation": "Compilers Ltd",
    "title": "Rear admiral",
    "roles": ["supervisor", "practitioner"],
    "in_field": "now",
    "source": "Alumni",
    "interest": "champion",
    "linkedin_url": "https://www.linkedin.com/in/grace",
    "postal_address": "1 Navy Yard\nArlington",
    "timezone": "America/New_York",
    "tags": ["navy", "Yale"],
    "notes": "Likes short talks.",
}


def _encoded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


#: Not base64, not JSON, not a list, too short, wrong kinds, infinite, too large, unfit for a database.
FORGED = [
    *("x", "%00", "ünd", "W" * 9000),
    *map(_encoded, ("[", "7", "[]", '["a"]', '["a","b"]', '["a",true]', '["a",1e999]', "[" * 5000)),
    *map(_encoded, (f'["a",{"9" * 30}]', '["a",2147483648]', '["\\ud800",1]', '["\\u0000",1]')),
]


def test_a_contact_is_added_with_everything_that_is_known(alice: Caller, cast: Cast) -> None:
    campaign = done(alice.post("/campaigns", {"name": "Computing"}), 201)
    links = {"campaigns": [campaign["id"]], "referred_by": str(cast.ada.id)}
    added = done(alice.post("/contacts", {**FULL, **links}), 201)
    expected = {**FULL, **links, "roles": ["practitioner", "supervisor"], "tags": ["navy", "Yale"]}
    assert {name: added[name] for name in expected} == expected
    assert added["stage"] == "located"
    assert added["closed"] is None
    assert added["created_at"] == added["updated_at"] == added["stage_since"]
    assert added["created_at"].endswith("Z")
    assert done(alice.get(f"/contacts/{added['id']}")) == added


def test_a_name_is_enough(alice: Caller) -> None:
    added = alice.contact(name="  Grace \r\n Hopper  ")
    assert added["name"] == "Grace Hopper"
    assert added["email"] is added["organisation_id"] is added["referred_by"] is None
    assert added["roles"] == added["tags"] == added["campaigns"] == []


def test_a_known_address_makes_a_second_contact(alice: Caller) -> None:
    first, second = alice.contact(email="g@example.com"), alice.contact(email="g@example.com")
    assert first["id"] != second["id"]


def test_two_spellings_are_one_organisation(alice: Caller) -> None:
    first = alice.contact(organisation="Müller  GmbH")
    second = alice.contact(organisation="MU\u0308LLER gmbh")
    assert first["organisation_id"] == second["organisation_id"]
    assert second["organisation"] == "Müller GmbH"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please give a name."),
        ("name", "x" * 300, "This is too long: 300 characters, at most 200 fit."),
        ("name", 7, "This has to be text."),
        ("name", None, "This has to be text."),
        ("name", {"first": {"of": "all"}}, "This has to be text."),
        ("email", "ada@", "“ada@” is not an e-mail address. It looks like name@example.org."),
        ("email", "a@example.com\r\nBcc: b@example.com", "“a@example.com Bcc: b@example.com” is not"),
        ("roles", ["boss"], "Choose one of: practitioner, supervisor, hiring_manager."),
        ("roles", "supervisor", "This has to be a list."),
        ("in_field", "maybe", "Choose one of: now, recently, no."),
        ("interest", 3, "Choose one of: champion, warm, other."),
        ("timezone", "Mars/Olympus", "“Mars/Olympus” is not a time zone. Choose one such as Europe/Berlin."),
        ("linkedin_url", "ftp://example.org", "This is not a web address."),
        ("referred_by", "999", "Choose another contact of yours as the one who referred them."),
        ("referred_by", 1, "This has to be text."),
        ("campaigns", ["999"], "Choose among your own campaigns."),
        ("campaigns", ["4294967296"], "Choose among your own campaigns."),
        ("campaigns", ["9" * 30], "Choose among your own campaigns."),
        ("campaigns", ["²"], "Choose among your own campaigns."),
        ("campaigns", ["1"] * 201, "This list is too long: at most 200 fit."),
        ("tags", [str(number) for number in range(31)], "A contact has at most 30 tags."),
        ("tags", ["x" * 51], "A tag has at most 50 characters."),
        ("tags", [None], "This has to be text."),
        ("notes", "x" * 20_001, "This is too long: 20,001 characters, at most 20,000 fit."),
        ("stage", "agreed", "“stage” is not known here. This call takes: email, phone,"),
        ("self", "1", "“self” is not known here."),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(
    alice: Caller, field: str, value: object, sentence: str
) -> None:
    answer = alice.post("/contacts", {"name": "Grace Hopper", field: value})
    assert refused(answer, 422, field).startswith(sentence)


def test_every_wrong_field_is_named_at_once(alice: Caller) -> None:
    problem = alice.post("/contacts", {"email": 1, "roles": ["boss"]}).get_json()
    assert sorted(problem["errors"]) == ["email", "name", "roles"]


def test_names_keep_emoji_and_text_from_right_to_left(alice: Caller) -> None:
    for name in ("عائشة بنت أبي بكر", "Zoë 🦊 Fox", "李小龍", "👩‍🔬"):
        added = alice.contact(name=name)
        assert done(alice.get(f"/contacts/{added['id']}"))["name"] == name


def test_letters_that_are_none_are_left_out(alice: Caller) -> None:
    assert alice.contact(name="Gr\x00ace\u2028Hopper")["name"] == "Gr ace Hopper"


def test_a_change_changes_what_was_sent_and_null_clears(alice: Caller) -> None:
    before = alice.contact(**FULL)
    answer = alice.patch(
        f"/contacts/{before['id']}", {"phone": None, "organisation": None, "tags": None, "title": "Dr"}
    )
    after = done(answer)
    assert after["phone"] is after["organisation"] is after["organisation_id"] is None
    assert after["tags"] == []
    assert after["title"] == "Dr"
    untouched = FULL.keys() - {"phone", "organisation", "tags", "title"}
    assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}


def test_a_change_may_come_as_a_merge_patch(alice: Caller) -> None:
    added = alice.contact()
    headers = {"Content-Type": "application/merge-patch+json"}
    assert (
        done(alice.patch(f"/contacts/{added['id']}", data='{"title": "Dr"}', headers=headers))["title"]
        == "Dr"
    )


def test_a_name_cannot_be_cleared_and_the_stage_not_patched(alice: Caller) -> None:
    path = f"/contacts/{alice.contact()['id']}"
    assert refused(alice.patch(path, {"name": None}), 422, "name") == "Please give a name."
    assert "not known here" in refused(alice.patch(path, {"stage": "agreed"}), 422, "stage")


def test_nothing_sent_changes_nothing(alice: Caller) -> None:
    added = alice.contact()
    after = done(alice.patch(f"/contacts/{added['id']}"))
    assert {**after, "updated_at": 0} == {**added, "updated_at": 0}


def test_closed_ones_are_found_only_where_they_are_asked_for(alice: Caller, cast: Cast) -> None:
    grace = alice.contact()
    path = f"/contacts/{grace['id']}"
    assert done(alice.patch(path, {"closed": "parked"}))["closed"] == "parked"
    assert _ids(alice, "") == [str(cast.ada.id)]
    for asked in ("parked", "any", "true"):
        assert _ids(alice, f"?closed={asked}") == [grace["id"]]
    assert _ids(alice, "?closed=declined") == []
    assert done(alice.patch(path, {"closed": None}))["closed"] is None
    assert len(_ids(alice, "?closed=")) == 2


def test_contacts_are_searched(alice: Caller, cast: Cast) -> None:
    campaign = done(alice.post("/campaigns", {"name": "Computing"}), 201)["id"]
    grace = alice.contact(**FULL, campaigns=[campaign])["id"]
    for query in (
        "q=GRACE",
        "q=compilers%20hop",
        "tag=NAVY",
        f"campaign={campaign}",
        "stage=located&q=grace",
    ):
        assert _ids(alice, f"?{query}") == [grace], query
    for query in ("q=nobody", "q=%25", "tag=nav", "campaign=abc", "stage=agreed", "q=%00"):
        expected = [] if query != "q=%00" else [str(cast.ada.id), grace]
        assert _ids(alice, f"?{query}") == expected, query


def test_a_search_for_a_whole_book_is_answered(alice: Caller) -> None:
    grace = alice.contact()
    assert _ids(alice, f"?q={'grace+' * 5000}") == [grace["id"]]


def test_an_unknown_word_in_a_filter_is_refused(alice: Caller) -> None:
    stages = "Choose one of: located, agreed, interviewed, thanked, reconnected."
    assert refused(alice.get("/contacts?stage=gone"), 422, "stage") == stages
    assert refused(alice.get("/contacts?closed=maybe"), 422, "closed").startswith("Choose one of: parked, ")


def test_a_list_comes_in_pages(alice: Caller, cast: Cast) -> None:
    names = ["Bea", "bea", "Cleo", "Zoë 🦊"]
    for name in names:
        alice.contact(name=name)
    seen, path = [], "/contacts?limit=2"
    while path:
        page = done(alice.get(path))
        assert len(page["items"]) <= 2
        seen += [contact["name"] for contact in page["items"]]
        path = f"/contacts?limit=2&cursor={page['next']}" if page["next"] else ""
    assert seen == ["Ada Okafor", *names]


@pytest.mark.parametrize("limit", ["0", "201", "-1", "ten", "9" * 5000, "1.5", "٣"])
def test_a_limit_is_a_number_up_to_200(alice: Caller, limit: str) -> None:
    sentence = "This has to be a whole number from 1 to 200."
    assert refused(alice.get(f"/contacts?limit={limit}"), 422, "limit") == sentence


@pytest.mark.parametrize("cursor", FORGED)
def test_a_cursor_that_is_not_ours_is_refused(alice: Caller, cursor: str) -> None:
    refused(alice.get(f"/contacts?cursor={cursor}"), 422, "cursor")


def test_a_deleted_contact_is_gone_until_it_is_restored(alice: Caller) -> None:
    added = alice.contact()
    path = f"/contacts/{added['id']}"
    assert alice.delete(path).status_code == 204
    refused(alice.get(path), 404)
    refused(alice.delete(path), 404)
    refused(alice.patch(path, {"title": "Dr"}), 404)
    assert added["id"] not in _ids(alice, "")
    assert done(alice.post(f"{path}/restore"))["name"] == added["name"]
    assert done(alice.post(f"{path}/restore"))["id"] == added["id"]
    assert done(alice.get(path))["stage"] == "located"


def _ids(caller: Caller, query: str) -> list[str]:
    return [contact["id"] for contact in done(caller.get(f"/contacts{query}"))["items"]]
