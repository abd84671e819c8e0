"""What no log may show, taken out of its text: one-time passwords, tokens, credentials, phones, account numbers, rows.

People's names have no shape to know them by: no message of ours has one. What quotes a person's input without being
asked (the database's DETAIL, pydantic's input values) is cut out whole.
"""

from __future__ import annotations

import re
from typing import Final

HIDDEN: Final = "<hidden>"

_OF_ROWS: Final = re.compile(
    # What follows in an error of SQLAlchemy, and in a traceback; PostgreSQL's own HINT holds no values either.
    r"^DETAIL: .*?"
    r"(?=^(?:HINT|CONTEXT|QUERY): |^\[SQL: |^\(Background on |^The above exception |^Traceback |^During |\Z)",
    re.MULTILINE | re.DOTALL,
)
_OF_INPUT: Final = re.compile(r"input_value=.*?(?=, input_type=|$)", re.MULTILINE)
_OF_URLS: Final = re.compile(r"(?<=://)[^\s/@]*:[^\s/@]*(?=@)")
_JWT: Final = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*")
_SCHEME: Final = re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]+", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"""((?:otp|pin|password|secret|token|authorization|signature|api[_-]?key|account[_-]?number)["']?\s*[:=]\s*["']?)"""
    r"""[^\s"',;&})\]]+""",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<!\d)(?:\+?91[ -]?)?[6-9]\d{4}[ -]?\d(\d{4})(?!\d)")
_ACCOUNT: Final = re.compile(r"(?<![\w.])\d{5,14}(\d{4})(?![\w]|\.\d)")
_SPEAKS_OF_CODES: Final = re.compile(r"otp|code|one-time|password", re.IGNORECASE)
_CODE: Final = re.compile(r"(?<!\w)\d{6}(?!\w)")


def masked(text: str) -> str:
    """`text` as a log may show it. Of phones and of other numbers of 9 to 18 digits the last four stay."""
    text = _OF_ROWS.sub(f"DETAIL: {HIDDEN}\n", text)
    text = _OF_INPUT.sub(f"input_value={HIDDEN}", text)
    text = _OF_URLS.sub(HIDDEN, text)
    text = _JWT.sub("<token>", text)
    text = _SCHEME.sub(rf"\1 {HIDDEN}", text)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    text = _PHONE.sub(r"******\1", text)
    text = _ACCOUNT.sub(r"*****\1", text)
    return _CODE.sub("******", text) if _SPEAKS_OF_CODES.search(text) else text
