"""GST numbers and the commission."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habrio_vendor.profile.rules import gst_number
from habrio_vendor.wallet.rules import commission_paise


@pytest.mark.parametrize("written", ["27AAPFU0939F1ZV", "27aapfu0939f1zv", "27 AAPFU 0939 F1ZV", "27-AAPFU0939F1ZV"])
def test_a_gst_number_is_kept_in_its_plain_form(written: str) -> None:
    assert gst_number(written) == "27AAPFU0939F1ZV"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("27AAPFU0939F1Z", "and this one has 14"),
        ("27AAPFU0939F1ZVV", "and this one has 16"),
        ("", "and this one has 0"),
        ("27AAPFU0939F1Z٧", "letters A to Z and the digits 0 to 9 only"),
        ("२७AAPFU0939F1ZV", "letters A to Z and the digits 0 to 9 only"),
        ("27AAPFU0939F1Z!", "letters A to Z and the digits 0 to 9 only"),
        ("MHAAPFU0939F1ZV", "two digits of its state, such as 27 for Maharashtra, not with MH"),
        ("99AAPFU0939F1ZV", "no state has the code 99"),
        ("00AAPFU0939F1ZV", "no state has the code 00"),
        ("27AAPF00939F1ZV", "PAN of the business, which AAPF00939F cannot be"),
        ("27AAPXU0939F1ZV", "PAN of the business, which AAPXU0939F cannot be"),
        ("27AAPFU0939F0ZV", "13th character"),
        ("27AAPFU0939F1AV", "14th character is always Z, not A"),
        ("27AAPFU0939F1ZW", "its last character"),
        ("27AAPFU0993F1ZV", "is one of them mistyped?"),
    ],
)
def test_a_wrong_gst_number_is_refused_by_the_part_that_is_wrong(written: str, said: str) -> None:
    with pytest.raises(ValueError, match="is not a valid GST number: ") as refused:
        gst_number(written)
    assert said in str(refused.value)


@given(st.text(max_size=20) | st.from_regex(r"\A[0-9A-Z]{15}\Z"))
def test_whatever_is_typed_is_a_gst_number_or_refused_in_words(text: str) -> None:
    try:
        assert len(gst_number(text)) == 15
    except ValueError as error:
        assert "is not a valid GST number" in str(error)


@pytest.mark.parametrize(
    ("captured", "basis_points", "kept"),
    [(10_000, 0, 0), (10_000, 500, 500), (1, 9_999, 0), (3_150, 500, 157), (1, 10_000, 1), (0, 500, 0)],
)
def test_the_commission_is_rounded_down(captured: int, basis_points: int, kept: int) -> None:
    assert commission_paise(captured, basis_points) == kept


@given(st.integers(0, 2**53), st.integers(0, 10_000))
def test_the_commission_is_never_more_than_there_is(captured: int, basis_points: int) -> None:
    assert 0 <= commission_paise(captured, basis_points) <= captured
