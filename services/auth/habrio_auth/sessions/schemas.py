"""Sessions on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from habrio_shared.contracts.users import UserRole
from habrio_shared.schemas import Answer, Body, Id, Instant, Required

TOKEN_LENGTH_MAX = 4096


class TokenPair(Answer):
    """`expires_in`: the access token's life in seconds."""

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 — the scheme of the Authorization header, no password
    expires_in: int


class SignedIn(TokenPair):
    basic_onboarding_done: bool
    role_onboarding_done: bool
    role: UserRole | None


class RefreshIn(Body):
    refresh_token: Annotated[str, Field(min_length=1, max_length=TOKEN_LENGTH_MAX)]


class LogoutIn(Body):
    everywhere: bool = False


class EndIn(Body):
    user_id: Id
    session_id: Required


class SessionRow(BaseModel):
    id: int
    device: str
    created_at: Instant
    last_seen: Instant
    current: bool


class SessionsOut(Answer):
    sessions: list[SessionRow]
    next_cursor: int | None
