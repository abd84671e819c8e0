"""How logging in by a one-time password can fail."""

from __future__ import annotations

from habrio_shared.errors import Forbidden, TooManyRequests, Unauthorized


class InvalidOtp(Unauthorized):
    """Unknown phone, wrong code, an old one, a used one, the sixth try: nobody is told which."""

    word = "invalid_otp"
    sentence = "Invalid or expired OTP"


class NotAnAdministrator(Forbidden):
    """The code was right, so whoever holds the phone may be told."""

    word = "not_an_administrator"
    sentence = "This phone is not an administrator's"


class TooManyOtps(TooManyRequests):
    """More codes were asked for than one phone is sent in an hour or a day."""

    word = "too_many_otps"
    sentence = "Too many codes were asked for, please wait"

    def __init__(self, limit: int, window: str, retry_after_seconds: int) -> None:
        message = f"Too many codes were asked for: at most {limit} in one {window} are sent to a phone, please wait"
        super().__init__(message, retry_after_seconds=retry_after_seconds, limit=limit)


class NotDelivered(Exception):
    """A code did not reach its phone this time. Says why without code and phone; no request ever sees it.

    `left_seconds` is for how long the code may still be of use.
    """

    def __init__(self, reason: str, *, left_seconds: float) -> None:
        super().__init__(reason)
        self.left_seconds = left_seconds
