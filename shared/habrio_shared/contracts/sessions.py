"""How the administrators' page, which the admin service serves, logs people in at auth, whose sessions are (ADR 0018).

The cookies are the front door's affair too: it reads the first, and passes on only the other two, at the page alone.
Auth counts its limits by `client_address`, the browser's, and refuses in the words of the public API.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

ACCESS_COOKIE = "habrio_admin_access"
"""The access token: for the gateway's verifier; no service is shown it."""

REFRESH_COOKIE = "habrio_admin_refresh"
PHONE_COOKIE = "habrio_admin_phone"
"""The phone that a code was sent to, between the two steps of a log-in."""

ADMIN_CODE_PATH = "/internal/admin/sessions/send-otp"
"""POST {phone, client_address}, for the admin service: send a one-time password, as /send-otp does."""

ADMIN_LOG_IN_PATH = "/internal/admin/sessions/open"
"""POST {phone, otp, client_address, device}, for the admin service: a session → AdminSession; of an active
administrator alone. Whoever is none gets 403, no session and no account."""

ADMIN_REFRESH_PATH = "/internal/admin/sessions/refresh"
"""POST {refresh_token}, for the admin service: both tokens anew, as /auth/refresh does → AdminSession."""

ADMIN_LOG_OUT_PATH = "/internal/admin/sessions/end"
"""POST {user_id, session_id}, for the admin service: the session is over, as after /logout."""

ClientAddress = Annotated[str, Field(min_length=1, max_length=100)]


class AdminSession(BaseModel):
    """`expires_in`: the access token's life in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
