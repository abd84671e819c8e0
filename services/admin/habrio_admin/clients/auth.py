"""What administrators ask of the auth service."""

from __future__ import annotations

from habrio_shared.contracts.users import USERS_PATH, UserPage
from habrio_shared.http_client import client


def users(*, limit: int, cursor: int | None, **filters: str | None) -> UserPage:
    """One page of users, newest first; Unavailable when auth is away."""
    params = {"limit": limit, "cursor": cursor, **filters}
    answer = client("auth").request("GET", USERS_PATH, params={name: v for name, v in params.items() if v is not None})
    return UserPage.model_validate(answer)
