"""What a phone number is."""

from __future__ import annotations

import re

import phonenumbers

PHONE_CHARACTERS = re.compile(r"\+?[0-9 ()-]{6,30}")


class NotAPhone(ValueError):
    """The text is no valid phone number."""


def e164(text: str, region: str) -> str:
    """`text` as E.164 ("+919876543210"), whatever form it is written in; NotAPhone if it is none.

    `region` ("IN") is where numbers without a country code are. Letters and foreign digits are refused first:
    phonenumbers would read "1-800-FLOWERS" and Devanagari digits.
    """
    if not PHONE_CHARACTERS.fullmatch(text):
        raise NotAPhone("must be a phone number: 10 digits, or +91 and 10 digits")
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException as error:
        raise NotAPhone("must be a phone number: 10 digits, or +91 and 10 digits") from error
    if not phonenumbers.is_valid_number(number):
        raise NotAPhone("must be a valid phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
