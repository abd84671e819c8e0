"""Reading users."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from habrio_auth.users.errors import LastAdministrator, UserNotFound
from habrio_auth.users.models import User
from habrio_shared import days
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


def locked_leaving_an_administrator(session: Session, user_id: int) -> User:
    """The user, locked, to be suspended or given another role. UserNotFound; LastAdministrator if no other active
    administrator would be left: all of these are locked too, by id, so that two cannot put out each other."""
    is_admin = and_(User.role == "admin", User.status == "active")
    query = select(User).where(or_(User.id == user_id, is_admin)).order_by(User.id).with_for_update()
    found = {user.id: user for user in session.scalars(query)}
    if user_id not in found:
        raise UserNotFound
    user = found.pop(user_id)
    if (user.role, user.status) == ("admin", "active") and not found:
        raise LastAdministrator
    return user


def page_of_users(
    *,
    limit: int,
    before_id: int | None,
    role: UserRole | None = None,
    status: UserStatus | None = None,
    part: str | None = None,
    ids: Sequence[int] | None = None,
) -> Sequence[User]:
    """Up to `limit` users, newest first; `part` is looked for in phone and name, in any case, `%` and `_` literally."""
    query = select(User).order_by(User.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(User.id < before_id)
    if role is not None:
        query = query.where(User.role == role)
    if status is not None:
        query = query.where(User.status == status)
    if ids is not None:
        query = query.where(User.id.in_(ids))
    if part:
        query = query.where(or_(User.phone.contains(part, autoescape=True), User.name.icontains(part, autoescape=True)))
    with reading() as session:
        return session.scalars(query).all()


def new_users(of_days: list[days.Bounds]) -> list[int]:
    """How many users came on each of these days."""
    rows = days.as_rows(of_days)
    came = and_(User.created_at >= rows.c.starts_at, User.created_at < rows.c.ends_at)
    query = select(func.count(User.id)).select_from(rows).outerjoin(User, came)
    with reading() as session:
        return list(session.scalars(query.group_by(rows.c.number).order_by(rows.c.number)))
