"""The page's session: auth's own tokens, in cookies that no script and no other site gets to use (ADR 0018)."""

from __future__ import annotations

from flask import Response

from habrio_admin.settings import current_settings
from habrio_shared.contracts.sessions import ACCESS_COOKIE, PHONE_COOKIE, REFRESH_COOKIE, AdminSession

PATH = "/admin"
IDLE_SECONDS = 8 * 3600
"""After so long without a request the browser forgets the session: a working day."""
PHONE_SECONDS = 600
"""As long as a code is good."""


def keep_session(response: Response, session: AdminSession) -> None:
    """Both tokens, for this page alone; of a log-in that was under way nothing is left."""
    _keep(response, ACCESS_COOKIE, session.access_token, session.expires_in)
    _keep(response, REFRESH_COOKIE, session.refresh_token, IDLE_SECONDS)
    _drop(response, PHONE_COOKIE)


def keep_phone(response: Response, phone: str) -> None:
    """The phone that a code was sent to."""
    _keep(response, PHONE_COOKIE, phone, PHONE_SECONDS)


def drop_session(response: Response) -> None:
    """Nothing is left of the session in this browser."""
    _drop(response, ACCESS_COOKIE)
    _drop(response, REFRESH_COOKIE)


def _keep(response: Response, name: str, value: str, seconds: int) -> None:
    # Staging and production are sites of https; elsewhere http://127.0.0.1 has to work, in every browser.
    secure = current_settings().is_strict
    response.set_cookie(name, value, max_age=seconds, path=PATH, secure=secure, httponly=True, samesite="Strict")


def _drop(response: Response, name: str) -> None:
    secure = current_settings().is_strict
    response.delete_cookie(name, path=PATH, secure=secure, httponly=True, samesite="Strict")
