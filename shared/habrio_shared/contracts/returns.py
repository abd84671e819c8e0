"""Returns: what a consumer asks of the vendor, and the rule by which both services say what may come back.

The consumer service refuses by it what it knows to be wrong; the vendor's row decides (DESIGN.md §6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, Field

from habrio_shared.contracts.message import Message
from habrio_shared.contracts.orders import DELIVERED, ReturnLine, ReturnState, ReturnStatus, VendorOrderState

OPEN: frozenset[ReturnStatus] = frozenset({"raised", "accepted"})
"""Not at its end yet; an order has one such return at most."""

REJECTED_MAX = 20
"""So many rejected returns an order may have: pieces bound all others, nothing bounds those."""

ReturnFault = Literal[
    "illegal_move",
    "return_open",
    "too_often_rejected",
    "unknown_item",
    "repeated_item",
    "more_than_delivered",
]

SENTENCES: Mapping[ReturnFault, str] = {
    "illegal_move": "An order that is {status} cannot become return_accepted",
    "return_open": "An order that is {status} and has an open return cannot have another one raised",
    "too_often_rejected": "Returns of this order were rejected too often",
    "unknown_item": "An item of the return is not in this order",
    "repeated_item": "An item is named twice in the return",
    "more_than_delivered": "An item has more pieces in the return than were delivered and not yet returned",
}


def sentence(fault: ReturnFault, status: str) -> str:
    """The fault for a person, of an order that is shown as `status`."""
    return SENTENCES[fault].format(status=status)


def left_to_return(delivered: Mapping[int, int], returns: Sequence[ReturnState]) -> dict[int, int]:
    """Pieces by item id that were delivered and that no return has, but for rejected ones."""
    taken: Counter[int] = Counter()
    for known in returns:
        if known.status != "rejected":
            taken.update({line.item_id: line.quantity for line in known.lines})
    return {item_id: quantity - taken[item_id] for item_id, quantity in delivered.items()}


def fault_of_return(
    status: str, delivered: Mapping[int, int], returns: Sequence[ReturnState], wanted: Sequence[ReturnLine]
) -> ReturnFault | None:
    """Why `wanted` may not come back of an order in `status` of which so many pieces by item id were delivered.

    None if it may. What the order's state forbids comes before what is wrong with the lines.
    """
    if status not in DELIVERED:
        return "illegal_move"
    if any(known.status in OPEN for known in returns):
        return "return_open"
    if sum(known.status == "rejected" for known in returns) >= REJECTED_MAX:
        return "too_often_rejected"
    return _fault_of_lines(delivered, left_to_return(delivered, returns), wanted)


def _fault_of_lines(
    delivered: Mapping[int, int], left: Mapping[int, int], wanted: Sequence[ReturnLine]
) -> ReturnFault | None:
    pieces = {line.item_id: line.quantity for line in wanted}
    if not pieces.keys() <= delivered.keys():
        return "unknown_item"
    if len(pieces) < len(wanted):
        return "repeated_item"
    if any(quantity > left[item_id] for item_id, quantity in pieces.items()):
        return "more_than_delivered"
    return None


class RaiseReturn(BaseModel):
    """A consumer wants these pieces to go back; `wish_id` is the consumer service's id of that wish."""

    order_id: int
    wish_id: int
    reason: str
    lines: list[ReturnLine] = Field(min_length=1)


class ReturnDecided(BaseModel):
    """How the order stands once the wish was looked at; `fault` says why it is refused (None: it is a return now)."""

    state: VendorOrderState
    fault: ReturnFault | None = None


RAISE_RETURN = Message("orders.raise_return", sender="consumer", target="vendor", body=RaiseReturn, reply=ReturnDecided)
