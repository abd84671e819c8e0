"""How codes are made and kept, and how they are counted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habrio_auth.otps import rules
from habrio_auth.otps.rules import DAY, HOUR, Window, is_match, keyed_hash, new_code

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
codes = st.from_regex(r"[0-9]{6}", fullmatch=True, alphabet="0123456789")


def test_codes_are_six_digits_and_all_digits_come_up_everywhere() -> None:
    made = [new_code() for _ in range(3000)]
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in made)
    for place in range(6):
        counted = Counter(code[place] for code in made)
        assert len(counted) == 10
        assert all(200 < count < 400 for count in counted.values())  # 300 expected; beyond 6 standard deviations
    assert len(set(made)) > 2900


@given(codes, codes)
def test_a_hash_is_of_this_code_for_this_phone_with_this_pepper(code: str, other: str) -> None:
    stored = keyed_hash(b"pepper", "+919876543210", code)
    assert is_match(stored, keyed_hash(b"pepper", "+919876543210", code))
    assert is_match(stored, keyed_hash(b"pepper", "+919876543210", other)) == (code == other)
    assert not is_match(stored, keyed_hash(b"pepper", "+919876543211", code))
    assert not is_match(stored, keyed_hash(b"salt", "+919876543210", code))
    assert code not in stored


@given(st.lists(st.integers(0, 3000), max_size=60), st.sampled_from([HOUR, DAY]), st.integers(1, 10))
def test_no_window_lets_through_more_than_its_limit(gaps: list[int], length: timedelta, limit: int) -> None:
    now, window = NOON, Window(NOON, 0)
    let_through: list[tuple[datetime, datetime]] = []
    for gap in gaps:
        now += timedelta(seconds=gap)
        window = window.counted(now, length)
        assert now < window.started_at + length
        if window.count <= limit:
            let_through.append((window.started_at, now))
    per_window = Counter(started_at for started_at, _ in let_through)
    assert all(count <= limit for count in per_window.values())


def test_a_window_ends_exactly_its_length_after_its_start() -> None:
    window = Window(NOON, 6)
    last_moment = NOON + HOUR - timedelta(microseconds=1)
    assert window.counted(last_moment, HOUR) == Window(NOON, 7)
    assert window.counted(NOON + HOUR, HOUR) == Window(NOON + HOUR, 1)
    assert window.seconds_left(last_moment, HOUR) == 1
    assert window.seconds_left(NOON, HOUR) == 3601


def test_the_message_is_one_sms_in_letters_that_every_phone_shows() -> None:
    text = rules.text_for("012345")
    assert text.startswith("012345 ")
    assert text.isascii()
    assert len(text) <= 160


@pytest.mark.parametrize("phone", ["+919876543210", "+4915112345678"])
def test_of_a_phone_of_any_country_only_the_last_digits_are_shown(phone: str) -> None:
    assert rules.masked(phone) == f"******{phone[-4:]}"
