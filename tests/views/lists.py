"""Lists on their way in, for the tests of their pages."""

from __future__ import annotations

import io

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from crm.database import db
from crm.models import Contact, Import
from tests.views.visitor import Visitor

LIST = b"Name,E-mail,Company,Room\nGrace Ek,grace@example.org,Ek Foods,12\nAlan Berg,alan@example.org,,14\n"
CHAMBER = "Member Business;Primary Rep.;Town\nEk Foods;Grace Ek;Town\nBerg Bakery;TBD;Town\n"


def upload(visitor: Visitor, content: bytes, name: str = "people.csv", **more: str) -> TestResponse:
    return visitor.post("/imports", data={"file": (io.BytesIO(content), name), **more})


def upload_at_length(visitor: Visitor, length: int) -> TestResponse:
    """A body written by hand: the test client keeps long ones in files that it doesn't close."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n\r\n'
    return visitor.post(
        "/imports",
        data=head + b"a" * length + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def draft(visitor: Visitor, content: bytes = LIST, **more: str) -> str:
    answer = upload(visitor, content, **more)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def page(visitor: Visitor, address: str) -> str:
    answer = visitor.get(address)
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def only() -> Import:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Import)).one()


def people() -> int:
    return db.session.scalars(select(func.count()).select_from(Contact)).one()
