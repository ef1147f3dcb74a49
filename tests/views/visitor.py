"""A browser without pictures, that can be signed in at once and sends the token of its session."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from crm.models import User

RAW = "0" * 40


class Visitor(FlaskClient):
    """Sends the token that forms hold, so that tests say only what they are about."""

    token = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """One request, with the token of the session where there is one."""
        if self.token and "headers" not in kwargs:
            kwargs["headers"] = {}
        if self.token:
            kwargs["headers"] = {"X-CSRFToken": self.token, **dict(kwargs["headers"])}
        return super().open(*args, **kwargs)

    def sign_in(self, user: User) -> Visitor:
        """Come in without a password: the cookie is the one that signing in would have made."""
        with self.session_transaction() as session:
            session["_user_id"] = user.fs_uniquifier
            session["_fresh"] = True
            session["seen"] = date.max.isoformat()
        return self.with_token()

    def with_token(self) -> Visitor:
        """Have a token, as if a page with a form had been read."""
        with self.session_transaction() as session:
            session["csrf_token"] = RAW
        with self.application.test_request_context() as context:
            context.session["csrf_token"] = RAW
            self.token = generate_csrf()
        return self


def visit(app: Flask, user: User | None = None) -> Visitor:
    """A new browser, signed in where a user is given."""
    visitor = Visitor(app, app.response_class, use_cookies=True)
    return visitor.sign_in(user) if user else visitor.with_token()
