"""Bodies: what letters say, beside their rows."""

from __future__ import annotations

from sqlalchemy import update

from crm.database import db
from crm.models import MessageBody


def wipe(message_id: int) -> None:
    """Forget the bytes of a letter that held a secret: it left, or never will (contract, Mail)."""
    db.session.execute(update(MessageBody).where(MessageBody.message_id == message_id).values(raw=None))
