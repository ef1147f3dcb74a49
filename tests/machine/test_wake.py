from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import redis
from flask import Flask

from crm.settings import Settings
from crm.wake import wake
from tests.services.run import free_port


def app_on(settings: Settings) -> Flask:
    app = Flask("wake")
    app.config["SETTINGS"] = settings
    return app


def test_a_hint_reaches_the_broker(pair: Settings) -> None:
    broker = (
        redis.Redis.from_url(pair.redis_url)
        if pair.redis_url
        else redis.Redis(unix_socket_path=str(pair.broker_socket))
    )
    broker.delete("celery")
    with app_on(pair).app_context():
        wake("mail.drain")
    answer: Any = broker.blpop(["celery"], timeout=10)
    broker.close()
    assert answer
    assert b"workers.mail.drain" in answer[1]


@pytest.mark.parametrize("times", [1, 300])
def test_a_dead_broker_neither_fails_nor_holds_up_a_page(tmp_path: Path, times: int) -> None:
    nobody = replace(
        Settings(tmp_path, "sqlite://", "secret"), redis_url=f"redis://127.0.0.1:{free_port()}/0"
    )
    with app_on(nobody).app_context():
        started = time.monotonic()
        for _ in range(times):
            wake("mail.drain")
        assert time.monotonic() - started < 0.5
