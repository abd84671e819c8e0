"""Keys for internal tokens: one for each pair of caller and audience, so that no service can speak as another."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache

from habrio_shared.settings import Settings

KEY_BYTES = 32


class KeyRing:
    """The keys that this process holds.

    With `INTERNAL_KEYS` ({"gateway>vendor": hex}) only those; otherwise any key is derived from `INTERNAL_SECRET`.
    """

    def __init__(self, settings: Settings) -> None:
        self._given = {pair: bytes.fromhex(key.get_secret_value()) for pair, key in settings.internal_keys.items()}
        self._secret = settings.internal_secret.get_secret_value().encode() if settings.internal_secret else b""
        if not self._given and not self._secret:
            raise ValueError("set INTERNAL_SECRET or INTERNAL_KEYS: services accept only signed internal requests")
        self._derived = lru_cache(maxsize=64)(self._derive)  # whoever asks may name any caller

    def key(self, caller: str, audience: str) -> bytes | None:
        """The key for requests from `caller` to `audience`; None when this process was not given it."""
        pair = f"{caller}>{audience}"
        if self._given:
            return self._given.get(pair)
        return self._derived(pair)

    def _derive(self, pair: str) -> bytes:
        return hmac.new(self._secret, pair.encode(), hashlib.sha256).digest()
