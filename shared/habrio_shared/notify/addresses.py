"""What NOTIFY_URL may say: how messages travel. Its addresses hold credentials: no error shows one."""

from __future__ import annotations

import re
from urllib.parse import quote

CONSOLE, NONE = "console", "none"
ADDRESSES_MAX = 4
"""Tried one after the other, each for a bounded time: more would keep a worker's thread from other messages."""

_ADDRESS = re.compile(r"(?P<scheme>[a-z][a-z0-9]*)://\S+", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def addresses(notify_url: str) -> list[str]:
    """The providers' addresses in the order in which they are tried; none for `console` and `none`.

    They are separated by commas (one inside an address is written `%2C`), each has `{phone}` where the provider's
    address has the receiver, and may have `{code}`: the word of a message that a provider's own template wants, which
    is the one-time password or the order's number. ValueError names what is wrong by its place, not by its text.
    """
    words = [word.strip() for word in notify_url.split(",")]
    if words in ([CONSOLE], [NONE]):
        return []
    if len(words) > ADDRESSES_MAX:
        raise ValueError(f"NOTIFY_URL has {len(words)} addresses: at most {ADDRESSES_MAX} are tried")
    for place, word in enumerate(words, start=1):
        if wrong := _what_is_wrong_with(word):
            raise ValueError(f"NOTIFY_URL, address {place} of {len(words)}: {wrong}")
    return words


def scheme(address: str) -> str:
    """The part before `://`, which names the provider and is all of an address that a log may show."""
    return address.partition("://")[0].lower()


def filled_in(address: str, phone: str, code: str) -> str:
    """The address for one message: `phone` (E.164) and `code` in the places kept for them, percent-encoded."""
    values = {"phone": quote(phone, safe=""), "code": quote(code, safe="")}
    return _PLACEHOLDER.sub(lambda found: values[found[1]], address)


def _what_is_wrong_with(word: str) -> str:
    if word in (CONSOLE, NONE):
        return f"{word} stands alone or not at all"
    if not _ADDRESS.fullmatch(word):
        return f"neither {CONSOLE} nor {NONE} nor scheme://…"
    names = _PLACEHOLDER.findall(word)
    if "phone" not in names:
        return "it has no {phone} for the receiver"
    if set(names) - {"phone", "code"} or set(_PLACEHOLDER.sub("", word)) & {"{", "}"}:
        return "only {phone} and {code} may stand in braces"
    return ""
