"""Heartbeats: the proof that worker and scheduler run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from crm.database import Base, UTCDateTime


class Heartbeat(Base):
    """When one process of a kind was last alive, and since when it runs."""

    __tablename__ = "heartbeats"

    #: "worker" or "scheduler".
    part: Mapped[str] = mapped_column(String(20), primary_key=True)
    #: Host and process, "web-1:4711".
    node: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
