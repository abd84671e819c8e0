"""The person on whose behalf a request is made, as the gateway vouches for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flask import g

Role = Literal["anonymous", "none", "consumer", "vendor", "admin", "service"]
"""`anonymous`: no token; `none`: signed in, basic onboarding still to come; `service`: no person, another service."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Everything the gateway read in auth.session_view for this request; `issuer` is who signed the internal token."""

    issuer: str
    role: Role
    user_id: int = 0
    session_id: str = ""
    phone: str = ""
    name: str = ""
    city: str = ""
    society: str = ""


def current_caller() -> Caller:
    """The caller of the request being answered; every request has one by the time a handler runs."""
    caller: Caller = g.caller
    return caller
