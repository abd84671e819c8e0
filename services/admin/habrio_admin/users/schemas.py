"""Users on the wire, as an administrator sees them."""

from __future__ import annotations

from pydantic import Field

from habrio_shared.contracts.users import UserRole, UserStatus, UserSummary
from habrio_shared.schemas import Answer, Instant, Line, PagedQuery


class UsersQuery(PagedQuery):
    role: UserRole | None = None
    status: UserStatus | None = None
    q: Line | None = Field(default=None, description="part of the phone or of the name")


class UserData(UserSummary):
    created_at: Instant


class UsersOut(Answer):
    users: list[UserData]
    next_cursor: int | None
