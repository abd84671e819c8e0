"""How a form of the page can be refused."""

from __future__ import annotations

from typing import Any

from habrio_shared.errors import BadRequest, Forbidden, HabrioError, TooManyRequests, Unauthorized

KINDS: dict[int, type[HabrioError]] = {400: BadRequest, 401: Unauthorized, 403: Forbidden, 429: TooManyRequests}


class ForeignForm(Forbidden):
    """It was sent from another site, or by who is not the one that it was shown to; nothing was done."""

    word = "foreign_form"
    sentence = "This form did not come from this page, so nothing was done. Open the page again and try once more"


def refused_log_in(status: int, body: dict[str, Any], retry_after_seconds: int | None) -> HabrioError:
    """Auth's refusal (its status and envelope, and how long it says to wait) as an error of ours."""
    details = {"errors": body["errors"]} if "errors" in body else {}
    error = KINDS.get(status, BadRequest)(str(body.get("message", "")), retry_after_seconds=retry_after_seconds)
    error.details = details
    return error
