"""A user comes to be: at the first log-in of a phone, or when an operator makes an administrator of it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_auth.users.models import User
from habrio_shared.database import insert_ignore


def ensure_user(session: Session, phone: str) -> User:
    """The user of `phone` (E.164), new if there is none, locked until the transaction ends."""
    insert_ignore(session, User, {"phone": phone, "name": "", "city": "", "society": "", "status": "active"})
    return session.execute(select(User).where(User.phone == phone).with_for_update()).scalar_one()
