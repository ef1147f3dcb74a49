"""Accounts: who may come in, and with which keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from crm.database import db, transaction
from crm.domain import accounts, subscriptions
from crm.domain.accounts import SignUp
from crm.domain.errors import Invalid, NotFound
from crm.models import Kind, Way
from tests.cast import Cast
from tests.domain.play import DAY


@pytest.fixture(autouse=True)
def _at_work(cast: Cast) -> Iterator[None]:
    with transaction():
        yield


def test_the_first_owns_the_installation_the_next_does_not(cast: Cast) -> None:
    assert (cast.alice.is_owner, cast.bob.is_owner) == (True, False)
    assert cast.workspace.id != cast.bobs_workspace.id


@pytest.mark.parametrize(
    ("policy", "may"), [(SignUp.FIRST, False), (SignUp.OPEN, True), (SignUp.CLOSED, False)]
)
def test_who_may_sign_up_once_somebody_has(cast: Cast, policy: SignUp, may: bool) -> None:
    assert accounts.may_sign_up(policy) is may


@pytest.mark.parametrize("email", ["alice@example.org", "ALICE@Example.ORG", " alice@example.org "])
def test_an_address_is_the_same_however_it_is_capitalised(cast: Cast, now: datetime, email: str) -> None:
    assert accounts.by_email(email) is cast.alice
    with pytest.raises(Invalid) as refused:
        accounts.add({"email": email, "name": "Alice"}, password_hash=None, now=now)
    assert list(refused.value.errors) == ["email"]


def test_all_that_is_wrong_is_said_at_once(cast: Cast, now: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.add({"timezone": "Mars/Base"}, password_hash=None, now=now)
    assert sorted(refused.value.errors) == ["email", "name", "timezone"]


def test_a_token_is_shown_once_and_known_by_its_hash(cast: Cast, now: datetime) -> None:
    token, secret = accounts.add_token(cast.workspace, cast.alice, "Laptop", now=now)
    assert secret.startswith("fika_")
    assert secret not in token.token_hash
    assert accounts.token_for(secret) is token
    assert accounts.token_for(secret[:-1]) is None
    assert list(accounts.tokens(cast.workspace, cast.alice)) == [token]


def test_a_revoked_token_is_worth_nothing(cast: Cast, now: datetime) -> None:
    token, secret = accounts.add_token(cast.workspace, cast.alice, "Laptop", now=now)
    with pytest.raises(NotFound):
        accounts.revoke(cast.bobs_workspace, cast.bob, token.id, now=now)
    accounts.revoke(cast.workspace, cast.alice, token.id, now=now)
    assert accounts.token_for(secret) is None
    assert list(accounts.tokens(cast.workspace, cast.alice)) == []


def test_the_token_of_somebody_who_may_not_come_in_is_worth_nothing(cast: Cast, now: datetime) -> None:
    _, secret = accounts.add_token(cast.workspace, cast.alice, "Laptop", now=now)
    cast.alice.active = False
    db.session.flush()
    assert accounts.token_for(secret) is None


def test_the_last_use_is_written_every_few_minutes(cast: Cast, now: datetime) -> None:
    token, _ = accounts.add_token(cast.workspace, cast.alice, "Laptop", now=now)
    assert accounts.is_stale(token, now)
    token.last_used_at = now
    assert not accounts.is_stale(token, now + timedelta(minutes=4))
    assert accounts.is_stale(token, now + timedelta(minutes=6))


@pytest.mark.parametrize("days", [0, 366, -1])
def test_a_delay_has_its_limits(cast: Cast, days: int) -> None:
    with pytest.raises(Invalid, match="between 1 and 365"):
        accounts.set_promise(cast.workspace, Kind.ASK, off=False, days=days)


@pytest.mark.parametrize(
    ("password", "fits"), [("x" * 7, False), ("x" * 8, True), ("x" * 200, True), ("x" * 201, False)]
)
def test_a_password_has_its_length(password: str, fits: bool) -> None:
    if fits:
        accounts.check_password(password)
    else:
        with pytest.raises(Invalid):
            accounts.check_password(password)


def test_a_kind_of_letter_is_stopped_and_started_by_its_address(cast: Cast, now: datetime) -> None:
    secret = subscriptions.token(cast.alice, cast.workspace.id, Kind.ASK)
    assert secret == subscriptions.token(cast.alice, cast.workspace.id, Kind.ASK)
    assert len(secret) == 22
    found = subscriptions.by_token(secret)
    subscriptions.stop(found, now=now)
    subscriptions.stop(found, now=now + DAY)
    assert found.off_at == now
    assert subscriptions.way(cast.alice, cast.workspace.id, Kind.ASK) is Way.OFF
    assert subscriptions.way(cast.alice, cast.workspace.id, Kind.THANK_YOU) is Way.LETTER
    subscriptions.start(found, now=now + DAY)
    assert subscriptions.way(cast.alice, cast.workspace.id, Kind.ASK) is Way.LETTER
    with pytest.raises(NotFound):
        subscriptions.by_token("nobody's")
