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
    if not LETTERS_AND_DIGITS.fullmatch(number):
        return "it is made of the letters A to Z and the digits 0 to 9 only"
    if not number[:2].isdigit():
        return f"it begins with the two digits of its state, such as 27 for Maharashtra, not with {number[:2]}"
    if not pan.is_valid(number[2:12]):
        return (
            f"its 3rd to 12th characters are the PAN of the business, which {number[2:12]} cannot be:"
            " a PAN is five letters, four digits and a letter"
        )
    if number[12] == "0":
        return "its 13th character counts registrations from 1, so it is not 0"
    if number[13] != "Z":
        return f"its 14th character is always Z, not {number[13]}"
    if isinstance(error, InvalidChecksum):
        return "its last character, which is computed from the others, does not fit them; is one of them mistyped?"
    return f"no state has the code {number[:2]}, its first two digits"
