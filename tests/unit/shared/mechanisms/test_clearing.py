"""When both sides of the clearing accounts agree, and which looks at them raise no false alarm."""

from __future__ import annotations

import pytest

from habrio_shared.ledger.clearing import Side, compare

NOTHING = Side({})
CARRIED = frozenset({"7"})


def lines(before: Side, consumer: Side, after: Side | None = None) -> list[str]:
    return [str(problem) for problem in compare(before, consumer, after or before).problems]


@pytest.mark.parametrize(
    ("consumer", "vendor", "in_flight_paise"),
    [
        (NOTHING, NOTHING, 0),
        (Side({"capture:7": 500}), Side({}, CARRIED), 500),
        (Side({"capture:7": 500}), Side({"settle:7": -500}), 0),
        (Side({"capture:7": 500}), Side({"settle:7": -500, "refund:7:1": 20}, CARRIED), 20),
        (Side({"capture:7": 500, "refund:7:1": -20}), Side({"settle:7": -500, "refund:7:1": 20}), 0),
    ],
)
def test_what_is_settled_or_carried_is_right(consumer: Side, vendor: Side, in_flight_paise: int) -> None:
    assert lines(vendor, consumer) == []
    assert compare(vendor, consumer, vendor).in_flight_paise == in_flight_paise


@pytest.mark.parametrize(
    ("consumer", "vendor", "problem"),
    [
        ({"capture:7": 500}, {}, "captured, and no message settles it: capture:7, off by 500 paise"),
        ({}, {"settle:7": -500}, "settled, and never captured: settle:7, off by 500 paise"),
        (
            {"capture:7": 500},
            {"settle:7": -501},
            "settled for another amount than captured: settle:7, off by 1 paise",
        ),
        ({}, {"refund:7:1": 20}, "given back, and no message refunds it: refund:7:1, off by 20 paise"),
        ({"refund:7:1": -20}, {}, "refunded, and the vendor gave nothing back: refund:7:1, off by 20 paise"),
        (
            {"refund:7:1": -21},
            {"refund:7:1": 20},
            "refunded another amount than given back: refund:7:1, off by 1 paise",
        ),
        ({"gift:7": 3}, {}, "entry has no business with due:vendor: gift:7, off by 3 paise"),
        ({}, {"gift:7": 3}, "entry has no business with due:consumer: gift:7, off by 3 paise"),
    ],
)
def test_each_disagreement_is_told_with_its_paise(
    consumer: dict[str, int], vendor: dict[str, int], problem: str
) -> None:
    assert lines(Side(vendor), Side(consumer)) == [problem]


def test_what_moves_between_the_looks_is_no_alarm() -> None:
    """Delivered, captured and settled between the first look and the last; given back and refunded likewise."""
    captured = Side({"capture:7": 500})
    assert lines(Side({}, CARRIED), captured, Side({"settle:7": -500})) == []
    assert lines(NOTHING, captured, Side({}, CARRIED)) == []
    settled = Side({"settle:7": -500})
    both = Side({"capture:7": 500, "refund:7:1": -20})
    assert lines(settled, both, Side({"settle:7": -500, "refund:7:1": 20})) == []
    assert lines(settled, captured, Side({"settle:7": -500, "refund:7:1": 20}, CARRIED)) == []
