"""What acts leave in the chat, in words that both sides derive alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

import pytest

from habrio_shared.contracts.chat import message_of_issue, message_of_move
from habrio_shared.contracts.issues import RaiseIssue
from habrio_shared.contracts.orders import Actor, VendorOrderState, VendorOrderStatus

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SPEAKING = {"awaiting_consumer_confirmation", "confirmed", "cancelled"}


def state(status: VendorOrderStatus, *, by: Actor = "vendor", reason: str = "") -> VendorOrderState:
    return VendorOrderState(order_id=7, status=status, version=3, by=by, at=NOW, reason=reason)


@pytest.mark.parametrize("status", get_args(VendorOrderStatus))
def test_changes_their_confirmation_and_cancels_leave_a_message_and_nothing_else_does(
    status: VendorOrderStatus,
) -> None:
    said = message_of_move(state(status))
    assert (said is not None) == (status in SPEAKING)
    if said is not None:
        assert (said.message_id, said.order_id, said.at) == ("move:7:3", 7, NOW)


@pytest.mark.parametrize(
    ("by", "reason", "text"),
    [
        ("consumer", "", "The order was cancelled"),
        ("vendor", "Sold out", "The order was cancelled: Sold out"),
        ("timer", "", "The order was cancelled because nobody answered in time"),
    ],
)
def test_a_cancel_says_why(by: Actor, reason: str, text: str) -> None:
    said = message_of_move(state("cancelled", by=by, reason=reason))
    assert said is not None and said.text == text


def test_an_issues_message_holds_its_type() -> None:
    issue = RaiseIssue(issue_id=5, order_id=7, issue_type="damaged item", description="The bag was torn", at=NOW)
    said = message_of_issue(issue)
    assert (said.message_id, said.order_id, said.at) == ("issue:5", 7, NOW)
    assert said.text == "An issue was raised: damaged item. The bag was torn"
