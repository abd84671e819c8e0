"""Every common form of a number is one number; whatever is none is refused."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from habrio_auth.users.rules import NotAPhone, e164

mobiles = st.from_regex(r"[6-9][0-9]{9}", fullmatch=True, alphabet="0123456789")
FORMS = ("{0}", "0{0}", "91{0}", "+91{0}", "+91 {0}", "+91-{1}-{2}", "{1} {2}", "{1}-{2}", "0{1} {2}", "0091{0}")


def is_valid(number: str) -> bool:
    return phonenumbers.is_valid_number(phonenumbers.parse(number, "IN"))


@given(mobiles, st.sampled_from(FORMS))
@example("9000000001", "{0}")
@example("9198765432", "{0}")  # begins like the country's code
@example("9198765432", "91{0}")
def test_every_form_of_a_mobile_number_is_the_same_number(number: str, form: str) -> None:
    assume(is_valid(number))
    assert e164(form.format(number, number[:5], number[5:]), "IN") == f"+91{number}"


@given(st.text(max_size=40))
def test_any_text_is_a_number_in_e164_or_refused(text: str) -> None:
    try:
        phone = e164(text, "IN")
    except NotAPhone:
        return
    assert phone.startswith("+")
    assert phone[1:].isascii()
    assert phone[1:].isdigit()
    assert e164(phone, "IN") == phone


@given(mobiles, st.integers(0, 9), st.sampled_from("०१२३४५६७८९٠١٢٣４５６７８９²xXeEoO\x00\n\u200b#;,"))
def test_a_letter_or_a_foreign_digit_anywhere_refuses_the_number(number: str, place: int, letter: str) -> None:
    for text in (number[:place] + letter + number[place:], number[:place] + letter + number[place + 1 :]):
        with pytest.raises(NotAPhone):
            e164(text, "IN")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "++++++",
        "98765",
        "98765432101234",
        "+91 1",
        "+999 9876543210",
        "98765+43210",
        "tel:9876543210",
        "-" * 10,
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotAPhone):
        e164(text, "IN")


def test_the_region_decides_what_a_number_without_a_country_is() -> None:
    assert e164("2025550123", "US") == "+12025550123"
    assert e164("+91 98765 43210", "US") == "+919876543210"
