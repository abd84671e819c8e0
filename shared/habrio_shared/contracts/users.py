"""What services say and ask about users, who are the auth service's."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from habrio_shared.contracts.message import Message
from habrio_shared.schemas import Id

UserRole = Literal["consumer", "vendor", "admin"]
UserStatus = Literal["active", "suspended"]

USERS_PATH = "/internal/admin/users"
"""GET, for the admin service: a page of users, newest first (`limit`, `cursor`, `role`, `status`, `q`, `ids`: at most
100 of them) → UserPage."""

USER_PATH = "/internal/admin/users/{user_id}"
"""GET, for the admin service: everything about one user → UserDetailOut."""

NAME_PATH = "/internal/users/{user_id}/name"
"""POST {"name": …}, for the consumer service: a user's name is auth's, and changed through it."""


class UserSummary(BaseModel):
    """A user as lists show them."""

    id: int
    phone: str
    name: str
    city: str
    society: str
    role: UserRole | None
    status: UserStatus
    created_at: datetime


class SessionSummary(BaseModel):
    """A log-in that can still be used."""

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class UserDetail(UserSummary):
    """`kyc_status` means something for vendors alone. `sessions` are the newest 100 that can still be used."""

    basic_onboarding_done: bool
    role_onboarding_done: bool
    kyc_status: str
    sessions: list[SessionSummary]


class UserDetailOut(BaseModel):
    user: UserDetail


class UserPage(BaseModel):
    """Users, newest first; `next_cursor` is null at the end."""

    users: list[UserSummary]
    next_cursor: int | None


class RoleOnboarded(BaseModel):
    """This user has done the onboarding of their role, at the service of that role."""

    user_id: Id


class Noted(BaseModel):
    """The receipt of a message whose arrival is all that matters."""


CONSUMER_ONBOARDED = Message(
    "users.consumer_onboarded", sender="consumer", target="auth", body=RoleOnboarded, reply=Noted
)
VENDOR_ONBOARDED = Message("users.vendor_onboarded", sender="vendor", target="auth", body=RoleOnboarded, reply=Noted)
