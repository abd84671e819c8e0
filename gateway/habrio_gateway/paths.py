"""Paths as clients write them, and the one reading of them that nginx, the verifier and the services share.

The internal token is bound to the decoded path as Flask shows it. A path that two parts of the platform could read
differently is refused before anybody routes by it.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from habrio_shared.errors import BadRequest, NotFound

_WELL_FORMED: Final = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")  # RFC 3986, pchar and "/"
_ENCODED_SEPARATOR: Final = re.compile(r"%(?:2f|5c)", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_AMBIGUOUS: Final = re.compile(r"//|/\.{1,2}(?:/|$)")


class MalformedPath(BadRequest):
    sentence = "The address is not well formed"


def decoded(raw_path: str) -> str:
    """The path that Flask will show for `raw_path` (percent-encoded, without a query).

    Raises MalformedPath for what is not RFC 3986 or UTF-8, for encoded slashes and backslashes and for control
    characters; NotFound for empty and dot segments, which nothing of ours has.
    """
    if not _WELL_FORMED.fullmatch(raw_path):
        raise MalformedPath
    if "%" not in raw_path:
        path = raw_path
    elif _ENCODED_SEPARATOR.search(raw_path):
        raise MalformedPath
    else:
        try:
            path = unquote_to_bytes(raw_path).decode()
        except UnicodeDecodeError:
            raise MalformedPath from None
        if _CONTROL.search(path):
            raise MalformedPath
    if _AMBIGUOUS.search(path):
        raise NotFound
    return path
