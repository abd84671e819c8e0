"""What a GST number is."""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidChecksum
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.in_ import gstin, pan

LENGTH = 15
LETTERS_AND_DIGITS = re.compile(r"[0-9A-Z]+")


def gst_number(given: str) -> str:
    """The GSTIN in its plain form: 15 capitals and digits. ValueError, in a shopkeeper's words, if it is not one.

    Small letters, spaces and dashes are taken; the message says which part cannot be right.
    """
    try:
        return str(gstin.validate(given))
    except StdnumError as error:
        raise ValueError(f"is not a valid GST number: {_what_is_wrong(given, error)}") from None


def _what_is_wrong(given: str, error: StdnumError) -> str:
    """Of several things that are wrong the first from the left, as far as the library tells them apart."""
    number = gstin.compact(given)
    if len(number) != LENGTH:
        return f"it has {LENGTH} letters and digits, such as 27AAPFU0939F1ZV, and this one has {len(number)}"
    state, holder, count, letter = number[:2], number[2:12], number[12], number[13]
    rules = (
        (LETTERS_AND_DIGITS.fullmatch(number), "it is made of the letters A to Z and the digits 0 to 9 only"),
        (state.isdigit(), f"it begins with the two digits of its state, such as 27 for Maharashtra, not with {state}"),
        (
            pan.is_valid(holder),
            f"its 3rd to 12th characters are the PAN of the business, which {holder} cannot be: a PAN is five letters,"
            " four digits and a letter",
        ),
        (count != "0", "its 13th character counts registrations from 1, so it is not 0"),
        (letter == "Z", f"its 14th character is always Z, not {letter}"),
        (
            not isinstance(error, InvalidChecksum),
            "its last character, which is computed from the others, does not fit them; is one of them mistyped?",
        ),
    )
    broken = (sentence for holds, sentence in rules if not holds)
    return next(broken, f"no state has the code {state}, its first two digits")
