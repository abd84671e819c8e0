"""What administrators ask of the auth service."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from habrio_admin.page.errors import refused_log_in
from habrio_shared.asking import ask
from habrio_shared.contracts.sessions import (
    ADMIN_CODE_PATH,
    ADMIN_LOG_IN_PATH,
    ADMIN_LOG_OUT_PATH,
    ADMIN_REFRESH_PATH,
    AdminSession,
)
from habrio_shared.contracts.stats import NEW_USERS_PATH, NewUsersOut
from habrio_shared.contracts.users import USER_PATH, USERS_PATH, UserDetail, UserDetailOut, UserPage, UserSummary
from habrio_shared.http_client import TargetRefused, client


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


def send_code(phone: str, client_address: str) -> None:
    """Have a one-time password sent. BadRequest for what is no phone, TooManyRequests, Unavailable."""
    _tell(ADMIN_CODE_PATH, {"phone": phone, "client_address": client_address})


def log_in(phone: str, otp: str, *, client_address: str, device: str) -> AdminSession:
    """A session for a code. BadRequest, Unauthorized (wrong code), Forbidden (no administrator), TooManyRequests."""
    given = {"phone": phone, "otp": otp, "client_address": client_address, "device": device}
    return AdminSession.model_validate(_tell(ADMIN_LOG_IN_PATH, given))


def refresh(refresh_token: str) -> AdminSession:
    """The same session with new tokens. Unauthorized when it is over, Forbidden for a suspended account."""
    return AdminSession.model_validate(_tell(ADMIN_REFRESH_PATH, {"refresh_token": refresh_token}))


def log_out(user_id: int, session_id: str) -> None:
    """The session is over when this returns."""
    _tell(ADMIN_LOG_OUT_PATH, {"user_id": user_id, "session_id": session_id})


def _tell(path: str, given: dict[str, Any]) -> dict[str, Any]:
    try:
        return client("auth").request("POST", path, json=given)
    except TargetRefused as error:
        raise refused_log_in(error.answered, error.body, error.retry_after_seconds) from error
