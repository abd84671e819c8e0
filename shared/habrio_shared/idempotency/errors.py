"""What a repeated key can answer."""

from __future__ import annotations

from typing import Any

from habrio_shared.errors import BadRequest, Conflict


class KeyTooLong(BadRequest):
    word = "idempotency_key_too_long"
    sentence = "Idempotency-Key may have at most 255 characters"


class KeyReused(Conflict):
    word = "idempotency_key_reused"
    sentence = "This Idempotency-Key was used with another request body"


class KeyInUse(Conflict):
    """The first request with this key still runs after 3 s of waiting for it."""

    word = "idempotency_key_in_use"
    sentence = "A request with this Idempotency-Key is still running, please try again"

    def __init__(self) -> None:
        super().__init__(retry_after_seconds=1)


class Replayed(Exception):
    """Not an error: this key was answered before, with `answer` and `status`; the route sends that again."""

    def __init__(self, answer: dict[str, Any], status: int) -> None:
        super().__init__(f"answered before with {status}")
        self.answer = answer
        self.status = status
