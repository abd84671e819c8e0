"""What a bank account and a branch are called in India, and how an account number is shown."""

from __future__ import annotations

import re

ACCOUNT = re.compile(r"[0-9]{9,18}")
IFSC = re.compile(r"[A-Z]{4}0[A-Z0-9]{6}")
SHOWN_DIGITS = 4


def account_number(given: str) -> str:
    """The number as given. ValueError, in a shopkeeper's words, unless it is 9 to 18 digits (API.md)."""
    if not ACCOUNT.fullmatch(given):
        raise ValueError(
            "is not an account number: that is 9 to 18 digits without spaces or letters, as in your passbook"
        )
    return given


def ifsc_code(given: str) -> str:
    """The code as given. ValueError, in a shopkeeper's words, unless it is `^[A-Z]{4}0[A-Z0-9]{6}$` (API.md)."""
    if not IFSC.fullmatch(given):
        raise ValueError(
            "is not an IFSC code: that is four capital letters for the bank, a zero, and six capitals or digits for the"
            " branch, such as HDFC0001234; your cheque book shows it"
        )
    return given


def masked(number: str) -> str:
    """The account number as it may be shown: "XXXXXX" and its last four digits, however long it is."""
    return "XXXXXX" + number[-SHOWN_DIGITS:]
