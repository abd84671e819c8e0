"""Users on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from flask import current_app, has_app_context
from pydantic import AfterValidator, BaseModel, Field

from habrio_auth.users.rules import e164
from habrio_shared.contracts import stats
from habrio_shared.contracts.kyc import ReviewStatus
from habrio_shared.contracts.users import UserDetail, UserRole, UserStatus, UserSummary
from habrio_shared.schemas import Answer, Body, Id, Instant, Line, PagedQuery, Required


def _as_e164(text: str) -> str:
    region = current_app.extensions["habrio_settings"].default_region if has_app_context() else "IN"
    return e164(text, region)


Phone = Annotated[Required, AfterValidator(_as_e164)]
"""A phone number in any common form; held as E.164."""


class BasicOnboarding(Body):
    name: Required
    city: Required
    society: Required
    role: Literal["consumer", "vendor"]


class Me(BaseModel):
    id: int
    phone: str
    name: str
    city: str
    society: str
    role: UserRole | None
    basic_onboarding_done: bool
    role_onboarding_done: bool
    kyc_status: Literal["not_required"] | ReviewStatus


class MeOut(Answer):
    data: Me


class NameIn(Body):
    name: Required


class UsersQuery(PagedQuery):
    """Filters of the list of users."""

    role: UserRole | None = None
    status: UserStatus | None = None
    ids: list[Id] | None = Field(default=None, max_length=100)
    q: Line | None = Field(default=None, description="part of the phone or of the name")


class WholeUser(UserDetail):
    created_at: Instant


class WholeUserOut(Answer):
    user: WholeUser


class NewUsersOut(Answer, stats.NewUsersOut):
    pass


class UserData(UserSummary):
    created_at: Instant


class UsersOut(Answer):
    users: list[UserData]
    next_cursor: int | None
