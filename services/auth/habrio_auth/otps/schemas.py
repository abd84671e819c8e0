"""Logging in, on the wire."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from habrio_auth.users.schemas import Phone
from habrio_shared.contracts.sessions import ClientAddress
from habrio_shared.schemas import Body


class SendOtp(Body):
    phone: Phone = Field(examples=["9876543210"])


class VerifyOtp(Body):
    phone: Phone = Field(examples=["9876543210"])
    otp: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")] = Field(examples=["123456"])


class SendOtpFor(SendOtp):
    """The same for whoever sits at `client_address`."""

    client_address: ClientAddress


class AdminLogIn(VerifyOtp):
    """`device`: the browser's User-Agent."""

    client_address: ClientAddress
    device: str
