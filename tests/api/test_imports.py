from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from crm.database import transaction, utcnow
from crm.domain import transfers
from tests.api.caller import Caller, done, refused
from tests.cast import Cast

PEOPLE = """\
First Name,Last Name,E-mail Address,Company,Job Title
Grace,Hopper,grace@example.com,Compilers Ltd,Rear admiral
Ada,Okafor,ada@example.com,Difference Engines,
,,,,
,,no address,,
"""


FORM = "multipart/form-data"


def send(
    caller: Caller, content: str | bytes = PEOPLE, name: str = "people.csv", *, key: str = "", **more: Any
) -> TestResponse:
    content = content.encode() if isinstance(content, str) else content
    return caller.post("/imports", data={"file": (io.BytesIO(content), name), **more}, key=key)


def load() -> None:
    """As a worker does."""
    with transaction():
        found = transfers.claim(now=utcnow())
        assert found is not None
        while transfers.step(found, now=utcnow()):
            pass


def test_a_list_is_taken_in_and_loaded_by_a_worker(alice: Caller, cast: Cast) -> None:
    waiting = done(send(alice, source="Alumni"), 202)
    assert (waiting["state"], waiting["rows"], waiting["errors"]) == ("waiting", 0, [])
    load()
    loaded = done(alice.get(f"/imports/{waiting['id']}"))
    assert loaded["state"] == "done"
    counts = {name: loaded[name] for name in ("rows", "added", "merged", "known", "refused", "organisations")}
    assert counts == {"rows": 3, "added": 1, "merged": 1, "known": 0, "refused": 1, "organisations": 2}
    (error,) = loaded["errors"]
    assert error["line"] == 5
    (grace,) = done(alice.get("/contacts?q=grace"))["items"]
    assert (grace["source"], grace["organisation"]) == ("Alumni", "Compilers Ltd")
    assert done(alice.get("/imports"))["items"] == [loaded]


def test_the_report_has_every_row_that_could_not_be_read(alice: Caller, cast: Cast) -> None:
    imported = done(send(alice), 202)
    load()
    path = f"/imports/{imported['id']}/report"
    assert imported["report_url"] == f"http://localhost:8000/api/v1{path}"
    report = alice.get(path)
    assert report.content_type == "text/csv; charset=utf-8"
    assert report.get_data(as_text=True).splitlines()[0].lstrip("\ufeff") == "line,reason"
    assert len(report.get_data(as_text=True).splitlines()) == 2


def test_the_same_list_twice_adds_nothing(alice: Caller, cast: Cast) -> None:
    for _ in range(2):
        again = done(send(alice), 202)
        load()
    counts = done(alice.get(f"/imports/{again['id']}"))
    assert (counts["added"], counts["merged"], counts["known"]) == (0, 0, 2)


def test_an_import_is_undone_as_a_whole(alice: Caller, cast: Cast) -> None:
    imported = done(send(alice), 202)
    load()
    path = f"/imports/{imported['id']}"
    assert done(alice.post(f"{path}/undo"))["state"] == "undone"
    assert done(alice.get("/contacts?q=grace"))["items"] == []
    refused(alice.post(f"{path}/undo"), 409)


def test_contacts_of_a_list_belong_to_a_campaign(alice: Caller, bob: Caller, cast: Cast) -> None:
    campaign = done(alice.post("/campaigns", {"name": "Computing"}), 201)["id"]
    done(send(alice, campaign=campaign), 202)
    load()
    assert len(done(alice.get(f"/contacts?campaign={campaign}"))["items"]) == 2
    theirs = done(bob.post("/campaigns", {"name": "Secret"}), 201)["id"]
    for strange in (theirs, "999", "abc"):
        refused(send(alice, campaign=strange), 422, "campaign")
    done(send(alice, campaign=""), 202)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04" + b"\0" * 200, "people.csv"),
        (b"", "people.csv"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "people.csv"),
        (b"%PDF-1.7", "people.pdf"),
    ],
    ids=["a zip", "nothing", "a picture", "a paper"],
)
def test_a_file_that_is_no_list_is_refused(alice: Caller, content: bytes, name: str) -> None:
    refused(send(alice, content, name), 422, "file")


def test_a_list_comes_as_a_file_in_a_form(alice: Caller) -> None:
    refused(alice.post("/imports", data={"source": "Alumni"}, content_type=FORM), 422, "file")
    refused(alice.post("/imports", data={"file": PEOPLE}, content_type=FORM), 422, "file")
    refused(send(alice, mapping="{}"), 422, "mapping")
    refused(send(alice, source="x" * 201), 422, "source")
    refused(alice.post("/imports", {"file": PEOPLE}), 415)
    refused(alice.post("/imports", data=PEOPLE, content_type="text/csv"), 415)
    refused(alice.post("/imports"), 415)
    refused(alice.post("/imports", data=b"--x\r\nnonsense", content_type=f"{FORM}; boundary=x"), 422, "file")
    refused(alice.post("/imports", data=b"", content_type=FORM), 422, "file")


def test_a_file_that_is_too_large_is_not_read(alice: Caller) -> None:
    large = b"x" * (18 * 1024 * 1024)
    refused(alice.post("/imports", data=large, content_type=f"{FORM}; boundary=x"), 413)


def test_names_of_files_are_not_trusted(alice: Caller, cast: Cast) -> None:
    for name in (
        "../../etc/passwd",
        "C:\\people.csv",
        "Liste – “1”.csv",
        "x" * 300 + ".csv",
        "=cmd()|x.csv",
    ):
        done(send(alice, name=name), 202)


def test_a_list_in_latin_1_and_one_in_utf_16_are_read(alice: Caller, cast: Cast) -> None:
    for encoding, name in (("cp1252", "Zoë"), ("utf-16", "Åsa")):
        done(send(alice, f"Name,Email\n{name},{encoding}@example.com\n".encode(encoding)), 202)
        load()
        assert done(alice.get(f"/contacts?q={encoding}"))["items"][0]["name"] == name
