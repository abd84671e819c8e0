"""/send-otp and /verify-otp."""

from __future__ import annotations

from flask import request

from habrio_auth.otps.errors import InvalidOtp
from habrio_auth.otps.schemas import SendOtp, VerifyOtp
from habrio_auth.otps.send import send
from habrio_auth.otps.verify import verify
from habrio_auth.sessions.errors import AccountSuspended
from habrio_auth.sessions.schemas import SignedIn
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import TooManyRequests
from habrio_shared.identity import public
from habrio_shared.limiter import client_address, count
from habrio_shared.schemas import Message

bp = ApiBlueprint("otps")


@bp.post("/send-otp", errors=(TooManyRequests,))
@public
def send_otp(body: SendOtp) -> Message:
    """Send a one-time password to a phone.

    The answer is the same whether or not the phone is known. The code is good for 10 minutes and 5 tries.
    """
    count("otp_send_limit_per_ip", client_address())
    count("otp_send_limit_per_phone", body.phone)
    send(body.phone)
    return Message(message="OTP sent successfully")


@bp.post("/verify-otp", errors=(InvalidOtp, AccountSuspended, TooManyRequests))
@public
def verify_otp(body: VerifyOtp) -> SignedIn:
    """Log in with a one-time password; the first log-in makes the account."""
    count("login_limit_per_ip", client_address())
    count("login_limit_per_phone", body.phone)
    return verify(body.phone, body.otp, request.headers.get("User-Agent", ""))
