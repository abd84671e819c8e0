"""An order's life as the vendor's row decides it, and when an order is refused (API.md, "The order's life")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from habrio_shared.contracts.orders import (
    DELIVERED,
    Actor,
    OrderLine,
    PaymentMode,
    Refusal,
    RefusalWord,
    RefusedLine,
    VendorOrderStatus,
)

PaymentStatus = Literal["unpaid", "paid", "partially_refunded", "refunded"]

STATUSES: tuple[VendorOrderStatus, ...] = get_args(VendorOrderStatus)
TOMBSTONES: tuple[VendorOrderStatus, ...] = ("refused", "cancelled")
"""How an order that was never placed may stand."""
WAITING: tuple[VendorOrderStatus, ...] = ("pending", "awaiting_consumer_confirmation")
"""Somebody has to answer, and may be given only so much time for it."""

MOVES: Mapping[VendorOrderStatus, Mapping[Actor, frozenset[VendorOrderStatus]]] = {
    "pending": {
        "vendor": frozenset({"accepted", "rejected", "delivered", "awaiting_consumer_confirmation", "cancelled"}),
        "consumer": frozenset({"cancelled"}),
        "timer": frozenset({"cancelled"}),
    },
    "accepted": {
        "vendor": frozenset({"delivered", "awaiting_consumer_confirmation", "cancelled"}),
        "consumer": frozenset({"cancelled"}),
    },
    "awaiting_consumer_confirmation": {
        "vendor": frozenset({"cancelled"}),
        "consumer": frozenset({"confirmed", "cancelled"}),
        "timer": frozenset({"cancelled"}),
    },
    "confirmed": {
        "vendor": frozenset({"delivered", "awaiting_consumer_confirmation", "cancelled"}),
        "consumer": frozenset({"cancelled"}),
    },
    "delivered": {"vendor": frozenset({"return_accepted"})},
    "return_completed": {"vendor": frozenset({"return_accepted"})},
    "return_accepted": {"vendor": frozenset({"return_completed"})},
}
"""From which status who may move an order where; whatever is not here is refused."""


def may_move(status: VendorOrderStatus, by: Actor, to: VendorOrderStatus) -> bool:
    """Whether `by` may move an order from `status` to `to`."""
    return to in MOVES.get(status, {}).get(by, frozenset())


def payment_status(
    mode: PaymentMode, status: VendorOrderStatus, *, charged_paise: int = 0, refunded_paise: int = 0
) -> PaymentStatus:
    """Wallet orders are paid from placing and refunded by cancel or reject; cash ones are unpaid until delivered.

    Completed returns refund a wallet order in part, or whole once all that was charged went back; a cash order stays
    paid, for its money goes back from hand to hand.
    """
    if status in DELIVERED:
        if not refunded_paise:
            return "paid"
        return "refunded" if refunded_paise >= charged_paise else "partially_refunded"
    if mode == "cash":
        return "unpaid"
    return "refunded" if status in ("cancelled", "rejected", "refused") else "paid"


ChangeFault = Literal["unknown_item", "repeated_item", "more_than_ordered", "nothing_left", "nothing_changed"]

CHANGE_FAULTS: Mapping[ChangeFault, str] = {
    "unknown_item": "An item of the change is not in this order",
    "repeated_item": "An item is named twice in the change",
    "more_than_ordered": "An order can only become smaller: an item has more pieces than were ordered",
    "nothing_left": "Nothing would be left of the order; cancel it instead",
    "nothing_changed": "The order would stay as it is",
}


def fault_of_change(ordered: Mapping[int, int], wanted: Sequence[tuple[int, int]]) -> ChangeFault | None:
    """Why a vendor may not propose these (item id, pieces) of an order that stands at `ordered`; None if they may.

    Items that are not named stay as they are.
    """
    proposed = dict(wanted)
    if not proposed.keys() <= ordered.keys():
        return "unknown_item"
    if len(proposed) < len(wanted):
        return "repeated_item"
    if any(quantity > ordered[item_id] for item_id, quantity in wanted):
        return "more_than_ordered"
    after = {**ordered, **proposed}
    if not any(after.values()):
        return "nothing_left"
    return "nothing_changed" if after == ordered else None


def total_paise(lines: Sequence[OrderLine]) -> int:
    """What the lines cost together."""
    return sum(line.quantity * line.unit_price_paise for line in lines)


@dataclass(frozen=True, slots=True)
class Offer:
    """What the shop has of an item now: price in paise, pieces that can be sold, whether it is on sale at all."""

    title: str
    price_paise: int
    in_stock: int
    on_sale: bool


SENTENCES: Mapping[RefusalWord, str] = {
    "shop_not_found": "This shop is not in your society",
    "shop_closed": "This shop is closed just now",
    "item_unavailable": "An item of this order is no longer available",
    "price_changed": "A price has changed since you last saw it",
    "not_enough_stock": "There is not enough stock for this order",
    "order_cancelled": "This order was cancelled before it was placed",
}


def refusal(word: RefusalWord, lines: Sequence[RefusedLine] = ()) -> Refusal:
    """A refusal in its usual sentence."""
    return Refusal(word=word, message=SENTENCES[word], lines=list(lines))


def refusal_of_lines(lines: Sequence[OrderLine], offers: Mapping[int, Offer]) -> Refusal | None:
    """Why these lines cannot be had, with every line of which that is true; None if they can.

    An item that is not on sale weighs more than a price that differs, and that more than stock that is short: the
    first is for good, the second wants a decision, the third may pass.
    """
    missing = [line for line in lines if line.item_id not in offers or not offers[line.item_id].on_sale]
    if missing:
        return refusal("item_unavailable", [_refused(line, None) for line in missing])
    dearer = [line for line in lines if offers[line.item_id].price_paise != line.unit_price_paise]
    if dearer:
        return refusal("price_changed", [_refused(line, offers[line.item_id]) for line in dearer])
    short = [line for line in lines if offers[line.item_id].in_stock < line.quantity]
    if short:
        return refusal("not_enough_stock", [_refused(line, offers[line.item_id]) for line in short])
    return None


def _refused(line: OrderLine, offer: Offer | None) -> RefusedLine:
    if offer is None:
        return RefusedLine(item_id=line.item_id, title=line.title)
    return RefusedLine(item_id=line.item_id, title=offer.title, price_paise=offer.price_paise, available=offer.in_stock)
