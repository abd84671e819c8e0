"""/send-otp and /verify-otp, and the same for the administrators' page."""

from __future__ import annotations

from flask import request

from habrio_auth.otps.errors import InvalidOtp, NotAnAdministrator
from habrio_auth.otps.schemas import AdminLogIn, SendOtp, SendOtpFor, VerifyOtp
from habrio_auth.otps.send import send
from habrio_auth.otps.verify import administrator, verify
from habrio_auth.sessions.errors import AccountSuspended
from habrio_auth.sessions.schemas import SignedIn
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.sessions import ADMIN_CODE_PATH, ADMIN_LOG_IN_PATH
from habrio_shared.errors import TooManyRequests
from habrio_shared.identity import internal_only, public
from habrio_shared.limiter import client_address, count
from habrio_shared.schemas import Message

bp = ApiBlueprint("otps")


@bp.post("/send-otp", errors=(TooManyRequests,))
@public
def send_otp(body: SendOtp) -> Message:
    """Send a one-time password to a phone.

    The answer is the same whether or not the phone is known. The code is good for 10 minutes and 5 tries.
    """
    return _send(body.phone, client_address())


@bp.post("/verify-otp", errors=(InvalidOtp, AccountSuspended, TooManyRequests))
@public
def verify_otp(body: VerifyOtp) -> SignedIn:
    """Log in with a one-time password; the first log-in makes the account."""
    _count_log_in(body.phone, client_address())
    return verify(body.phone, body.otp, request.headers.get("User-Agent", ""))


@bp.post(ADMIN_CODE_PATH, errors=(TooManyRequests,))
@internal_only("admin")
def send_otp_for(body: SendOtpFor) -> Message:
    """Send a one-time password to somebody at the administrators' page."""
    return _send(body.phone, body.client_address)


@bp.post(ADMIN_LOG_IN_PATH, errors=(InvalidOtp, NotAnAdministrator, AccountSuspended, TooManyRequests))
@internal_only("admin")
def log_administrator_in(body: AdminLogIn) -> SignedIn:
    """Log an administrator in; nobody else, and nobody becomes a user by it."""
    _count_log_in(body.phone, body.client_address)
    return verify(body.phone, body.otp, body.device, open_for=administrator)


def _send(phone: str, address: str) -> Message:
    count("otp_send_limit_per_ip", address)
    count("otp_send_limit_per_phone", phone)
    send(phone)
    return Message(message="OTP sent successfully")


def _count_log_in(phone: str, address: str) -> None:
    count("login_limit_per_ip", address)
    count("login_limit_per_phone", phone)
