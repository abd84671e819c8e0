"""Text that a service's database may only have encrypted: account numbers and the like.

The keys are derived from `DATA_KEY` and each of `DATA_PREVIOUS_KEYS` for one service, so that no service can read what
another has sealed. Fernet: AES-128 in CBC mode with HMAC-SHA256, so what was changed is refused and not misread.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


class NotOurSeal(Exception):
    """None of the keys opens it: it was changed, or sealed under a key that is not given any more."""


class Sealer:
    """Seals under the first of `secrets` (text of 32 or more random characters) and opens under any of them."""

    def __init__(self, service: str, secrets: Sequence[str]) -> None:
        self._keys = MultiFernet([Fernet(_key(service, secret)) for secret in secrets])

    def seal(self, text: str) -> str:
        """The text encrypted, another time otherwise: base64, about 100 characters for a short one."""
        return self._keys.encrypt(text.encode()).decode()

    def unseal(self, sealed: str) -> str:
        """The text that was sealed; NotOurSeal."""
        try:
            return self._keys.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise NotOurSeal("sealed under a key that DATA_KEY and DATA_PREVIOUS_KEYS do not hold") from None


def _key(service: str, secret: str) -> bytes:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"habrio:{service}:sealing".encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
