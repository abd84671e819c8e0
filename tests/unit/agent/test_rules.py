"""What an answer and a tool's result are, whatever a model or a shop says."""

from __future__ import annotations

import json

import pytest

from habrio_agent.questions.rules import clean, usable
from habrio_agent.tools.rules import ORDER, chosen, framed


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("  Hello \n", "Hello"),
        ("a\x00b\x1bc\ud800d", "abcd"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("नमस्ते 🙏", "नमस्ते 🙏"),
        ("x" * 20, "x" * 20),
        ("x" * 21, "x" * 19 + "…"),
        ("x" * 15 + " " * 10 + "y", "x" * 15 + "…"),
    ],
)
def test_text_is_cleaned_and_bounded(said: str, shown: str) -> None:
    assert clean(said, 20) == shown


def test_an_answer_has_two_to_four_different_suggestions() -> None:
    assert usable("Yes", ["a", "b"]) == ("Yes", ["a", "b"])
    assert usable("Yes", list("abcdef")) == ("Yes", list("abcd"))
    assert usable("Yes", ["a", "A ", ""]) is None
    assert usable("Yes", []) is None
    assert usable(" \x00 ", ["a", "b"]) is None


def test_only_chosen_fields_are_shown_also_of_what_stands_inside() -> None:
    order = {
        "order_id": 7,
        "customer": "+919876543210",
        "status": "delivered",
        "delivery_notes": "",
        "final_amount": 0,
        "items": [{"item_id": 1, "name": "Rice", "secret": "x"}],
        "rating": {"rating": 5, "review": "Good", "user_phone": "+91987"},
        "issues": [],
        "returns": None,
    }
    assert chosen(order, ORDER) == {
        "order_id": 7,
        "status": "delivered",
        "final_amount": 0,
        "items": [{"item_id": 1, "name": "Rice"}],
        "rating": {"rating": 5, "review": "Good"},
    }


def test_a_frame_leaves_out_rows_of_the_longest_list_until_it_fits_and_counts_them() -> None:
    data = {"orders": [{"id": number, "items": [{"name": "x" * 50}] * 40} for number in range(3)]}
    frame = json.loads(framed(data, 2000))
    assert len(frame["data"]["orders"]) == 3
    shown = sum(len(order["items"]) for order in frame["data"]["orders"])
    assert shown + frame["left_out"] == 120 and shown > 6
    assert sum(len(str(order)) for order in data["orders"]) > 6000, "what was given is left as it was"
    assert "left_out" not in json.loads(framed({"orders": []}, 2000))


def test_what_cannot_be_made_to_fit_is_not_shown() -> None:
    assert json.loads(framed({"x": "y" * 3000, "rows": [1, 2]}, 2000)) == {"error": "It is too long to be shown"}
