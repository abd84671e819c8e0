"""The Authorization header of a request: `Bearer <access token>`, or the bare token as older apps send it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from habrio_shared.errors import Unauthorized
from habrio_shared.identity.user_tokens import TokenReader, UserToken

_BEARER: Final = re.compile(r"bearer[ \t]+", re.IGNORECASE)


class MissingToken(Unauthorized):
    word = "missing_token"
    sentence = "Please sign in"


class AccessTokens:
    """Reads access tokens from Authorization headers."""

    def __init__(self, *, secret: str, previous_secrets: Sequence[str], lifetime_seconds: int) -> None:
        self._reader = TokenReader(
            kind="access", secret=secret, previous_secrets=previous_secrets, lifetime_seconds=lifetime_seconds
        )

    def read(self, authorization: str | None, *, now: int) -> UserToken:
        """The token of the header; `now` is in whole seconds since 1970.

        MissingToken, ExpiredToken or InvalidToken, all of them 401.
        """
        if authorization is None or not authorization.strip():
            raise MissingToken
        return self._reader.read(_BEARER.sub("", authorization.strip(), count=1), now=now)
