"""Expected failures: small exceptions that carry the answer they become.

A service declares its own beside the feature that raises them; one handler renders all of them in the
envelope of the public API (API.md, "Conventions").
"""

from __future__ import annotations

from typing import Any, ClassVar


class HabrioError(Exception):
    """An answer other than success.

    `status` is the HTTP status, `word` the stable machine word, `sentence` the default message for a person.
    `details` adds top-level fields to the envelope and may not shadow its own; `headers` go with the answer.
    """

    status: ClassVar[int] = 400
    word: str = "bad_request"
    sentence: ClassVar[str] = "This request cannot be carried out"

    def __init__(
        self,
        message: str = "",
        *,
        retry_after_seconds: int | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        self.message = message or self.sentence
        self.retry_after_seconds = retry_after_seconds
        self.details = details or {}
        self.headers: dict[str, str] = {}
        super().__init__(self.message)


class BadRequest(HabrioError):
    pass


class ValidationFailed(HabrioError):
    word = "validation_error"
    sentence = "Validation error"


class Unauthorized(HabrioError):
    status = 401
    word = "unauthorized"
    sentence = "Please sign in"


class Forbidden(HabrioError):
    status = 403
    word = "forbidden"
    sentence = "You may not do this"


class NotFound(HabrioError):
    status = 404
    word = "not_found"
    sentence = "Not found"


class Conflict(HabrioError):
    status = 409
    word = "conflict"
    sentence = "This was changed by somebody else meanwhile"


class PayloadTooLarge(HabrioError):
    status = 413
    word = "payload_too_large"
    sentence = "The request is too large"


class UnsupportedMediaType(HabrioError):
    status = 415
    word = "unsupported_media_type"
    sentence = "Send the request as application/json"


class TooManyRequests(HabrioError):
    """A limit is reached. `limit`, where given: how many are let in while it lasts; then the answer has RateLimit-*."""

    status = 429
    word = "too_many_requests"
    sentence = "Too many requests, please wait"

    def __init__(self, message: str = "", *, retry_after_seconds: int | None = None, limit: int | None = None) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds)
        if limit is not None:
            self.headers = {
                "RateLimit-Limit": str(limit),
                "RateLimit-Remaining": "0",
                "RateLimit-Reset": str(retry_after_seconds or 1),
            }


class InternalError(HabrioError):
    status = 500
    word = "internal_error"
    sentence = "Something went wrong on our side"


class BadGateway(HabrioError):
    """Another part of the platform gave an answer that this request cannot be carried out with."""

    status = 502
    word = "bad_gateway"
    sentence = "A part of the platform gave no proper answer"


class Unavailable(HabrioError):
    """A part that this request needs is away; nothing was changed."""

    status = 503
    word = "service_unavailable"
    sentence = "The service is not available just now, please try again"

    def __init__(self, message: str = "", *, retry_after_seconds: int = 1) -> None:
        super().__init__(message, retry_after_seconds=retry_after_seconds)


WORDS_BY_STATUS: dict[int, tuple[str, str]] = {
    400: ("bad_request", "The request could not be understood"),
    401: ("unauthorized", "Please sign in"),
    403: ("forbidden", "You may not do this"),
    404: ("not_found", "There is nothing at this address"),
    405: ("method_not_allowed", "This address does not accept that method"),
    408: ("request_timeout", "The request took too long to arrive"),
    413: ("payload_too_large", "The request is too large"),
    414: ("uri_too_long", "The address is too long"),
    415: ("unsupported_media_type", "Send the request as application/json"),
    429: ("too_many_requests", "Too many requests, please wait"),
    431: ("headers_too_large", "The request's headers are too large"),
    500: ("internal_error", "Something went wrong on our side"),
    502: ("bad_gateway", "A part of the platform gave no proper answer"),
    503: ("service_unavailable", "The service is not available just now, please try again"),
    504: ("gateway_timeout", "The service took too long to answer"),
}
"""Machine word and sentence of every status that no feature words for itself; nginx renders the same table."""


def envelope(status: int, word: str, message: str, request_id: str, **details: Any) -> dict[str, Any]:
    """The error body of API.md: status, message, code, error, request_id, then whatever `details` adds."""
    return {
        **details,
        "status": "error",
        "message": message,
        "code": status,
        "error": word,
        "request_id": request_id,
    }
