"""An order's life as its consumer sees it (API.md, "The order's life")."""

from __future__ import annotations

from typing import Literal, get_args

from habrio_shared.contracts.orders import DELIVERED, PaymentMode

OrderStatus = Literal[
    "placing",
    "failed",
    "pending",
    "accepted",
    "rejected",
    "awaiting_consumer_confirmation",
    "confirmed",
    "delivered",
    "cancelled",
    "return_accepted",
    "return_completed",
]
PaymentStatus = Literal["unpaid", "paid", "partially_refunded", "refunded"]

STATUSES: tuple[OrderStatus, ...] = get_args(OrderStatus)
"""`placing`: the vendor has not said yet whether it can be had; `failed`: it could not, and the order never was."""

CANCELLABLE: frozenset[OrderStatus] = frozenset(
    {"placing", "pending", "accepted", "awaiting_consumer_confirmation", "confirmed"}
)
"""From these a consumer may ask for a cancellation; the vendor's row decides whether it comes in time."""


def status_shown(status: OrderStatus) -> OrderStatus:
    """An order that is still being placed is shown as pending."""
    return "pending" if status == "placing" else status


def payment_status(
    mode: PaymentMode, status: OrderStatus, *, charged_paise: int = 0, refunded_paise: int = 0
) -> PaymentStatus:
    """Wallet orders are paid from placing and refunded by cancel or reject; cash ones are unpaid until delivered.

    Completed returns refund a wallet order in part, or whole once all that was charged came back; a cash order stays
    paid, for its money comes back from hand to hand.
    """
    if status in DELIVERED:
        if not refunded_paise:
            return "paid"
        return "refunded" if refunded_paise >= charged_paise else "partially_refunded"
    if mode == "cash":
        return "unpaid"
    return "refunded" if status in ("cancelled", "rejected", "failed") else "paid"
