"""Account numbers and IFSC codes: which are taken, and what is shown of them."""

from __future__ import annotations

import pytest

from habrio_vendor.payout_bank.rules import account_number, ifsc_code, masked


@pytest.mark.parametrize("number", ["123456789", "001234567890", "123456789012345678"])
def test_nine_to_eighteen_digits_are_an_account_number(number: str) -> None:
    assert account_number(number) == number


@pytest.mark.parametrize(
    "number", ["", "12345678", "1234567890123456789", "1234 5678 9012", "12345678x", "-123456789", "१२३४५६७८९", "1e9"]
)
def test_anything_else_is_none_and_the_message_does_not_repeat_it(number: str) -> None:
    with pytest.raises(ValueError, match="9 to 18 digits") as refused:
        account_number(number)
    assert not number or number not in str(refused.value)


@pytest.mark.parametrize("code", ["HDFC0001234", "SBIN0ABCDEF", "KKBK0000000"])
def test_an_ifsc_code_is_four_letters_a_zero_and_six_more(code: str) -> None:
    assert ifsc_code(code) == code


@pytest.mark.parametrize(
    "code",
    ["", "hdfc0001234", "HDFC1001234", "HDFC000123", "HDFC00012345", "HDF00001234", "HDFCO001234", "HDFC 0001234"],
)
def test_any_other_ifsc_code_is_refused_with_an_example(code: str) -> None:
    with pytest.raises(ValueError, match="such as HDFC0001234"):
        ifsc_code(code)


def test_an_account_number_is_shown_by_its_last_four_digits_and_not_by_its_length() -> None:
    assert {masked("123451234"), masked("999999999999991234")} == {"XXXXXX1234"}
