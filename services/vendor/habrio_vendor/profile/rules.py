"""What a GST number is."""

from __future__ import annotations

from stdnum.exceptions import ValidationError as StdnumError
from stdnum.in_ import gstin


def gst_number(given: str) -> str:
    """The GSTIN in its plain form: 15 capitals and digits. ValueError, in a shopkeeper's words, if it is not one."""
    try:
        return str(gstin.validate(given.upper()))
    except StdnumError:
        raise ValueError(
            "is not a valid GST number, which has 15 letters and digits, such as 27AAPFU0939F1ZV"
        ) from None
