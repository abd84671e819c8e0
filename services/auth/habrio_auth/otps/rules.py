"""One-time passwords: how they are made, kept and bounded (DESIGN.md §4)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

CODE_DIGITS = 6
LIFETIME_SECONDS = 600
TRIES_MAX = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def new_code() -> str:
    """Six random decimal digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def keyed_hash(pepper: bytes, phone: str, code: str) -> str:
    """What is stored of a code: bound to its phone, useless without the pepper, which is not in the database."""
    return hmac.new(pepper, f"{phone}:{code}".encode(), hashlib.sha256).hexdigest()


def is_match(stored: str, given: str) -> bool:
    """Compare two hashes in a time that does not tell where they differ."""
    return hmac.compare_digest(stored, given)


def text_for(code: str) -> str:
    """The message that carries `code`: one SMS, in letters that every phone shows."""
    return f"{code} is your Habrio code, good for {LIFETIME_SECONDS // 60} minutes. Nobody from Habrio asks for it."


def masked(phone: str) -> str:
    """The last four digits of a phone of any country, as logs may show them."""
    return f"******{phone[-4:]}"


@dataclass(frozen=True, slots=True)
class Window:
    """How many codes were sent to a phone since `started_at`; a window ends so long after its start."""

    started_at: datetime
    count: int

    def counted(self, now: datetime, length: timedelta) -> Window:
        """The window after one more code at `now`: this one, or a new one if it is over."""
        if now >= self.started_at + length:
            return Window(now, 1)
        return Window(self.started_at, self.count + 1)

    def seconds_left(self, now: datetime, length: timedelta) -> int:
        """Until the window is over; at least 1."""
        return max(1, int((self.started_at + length - now).total_seconds()) + 1)
