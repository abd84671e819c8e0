"""What administrators ask of the auth service."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from habrio_shared.asking import ask
from habrio_shared.contracts.stats import NEW_USERS_PATH, NewUsersOut
from habrio_shared.contracts.users import USER_PATH, USERS_PATH, UserDetail, UserDetailOut, UserPage, UserSummary


def users(*, limit: int, cursor: int | None = None, **filters: str | None) -> UserPage:
    """One page of users, newest first; Unavailable when auth is away."""
    return ask("auth", USERS_PATH, UserPage, {"limit": limit, "cursor": cursor, **filters})


def user(user_id: int) -> UserDetail:
    """Everything that auth knows of one user; NotFound."""
    return ask("auth", USER_PATH.format(user_id=user_id), UserDetailOut).user


def users_by_id(user_ids: Collection[int]) -> dict[int, UserSummary]:
    """These users, at most 100; none is asked for without a question."""
    if not user_ids:
        return {}
    found = ask("auth", USERS_PATH, UserPage, {"ids": sorted(user_ids), "limit": len(user_ids)})
    return {user.id: user for user in found.users}


def new_users(since: date, until: date, zone: str) -> NewUsersOut:
    """How many came each day."""
    days = {"since": since.isoformat(), "until": until.isoformat(), "zone": zone}
    return ask("auth", NEW_USERS_PATH, NewUsersOut, days)
