"""Reading users."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from habrio_auth.users.errors import UserNotFound
from habrio_auth.users.models import User
from habrio_shared.contracts.users import UserRole, UserStatus
from habrio_shared.database import reading


def user_by_id(user_id: int) -> User:
    """UserNotFound if there is none."""
    with reading() as session:
        user = session.get(User, user_id)
    if user is None:
        raise UserNotFound
    return user


def user_by_phone(phone: str) -> User:
    """The user of `phone` (E.164); UserNotFound if there is none."""
    with reading() as session:
        user = session.execute(select(User).where(User.phone == phone)).scalar_one_or_none()
    if user is None:
        raise UserNotFound
    return user


def locked_user(session: Session, user_id: int) -> User:
    """The user, locked until the transaction ends; UserNotFound."""
    user = session.execute(select(User).where(User.id == user_id).with_for_update()).scalar_one_or_none()
    if user is None:
        raise UserNotFound
    return user


def page_of_users(
    *,
    limit: int,
    before_id: int | None,
    role: UserRole | None = None,
    status: UserStatus | None = None,
    part: str | None = None,
) -> Sequence[User]:
    """Up to `limit` users, newest first; `part` is looked for in phone and name, in any case, `%` and `_` literally."""
    query = select(User).order_by(User.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(User.id < before_id)
    if role is not None:
        query = query.where(User.role == role)
    if status is not None:
        query = query.where(User.status == status)
    if part:
        query = query.where(or_(User.phone.contains(part, autoescape=True), User.name.icontains(part, autoescape=True)))
    with reading() as session:
        return session.scalars(query).all()
