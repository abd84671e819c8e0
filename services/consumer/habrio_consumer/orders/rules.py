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
PaymentStatus = Literal["unpaid", "paid", "refunded"]

STATUSES: tuple[OrderStatus, ...] = get_args(OrderStatus)
"""`placing`: the vendor has not said yet whether it can be had; `failed`: it could not, and the order never was."""

CANCELLABLE: frozenset[OrderStatus] = frozenset(
    {"placing", "pending", "accepted", "awaiting_consumer_confirmation", "confirmed"}
)
"""From these a consumer may ask for a cancellation; the vendor's row decides whether it comes in time."""


def status_shown(status: OrderStatus) -> OrderStatus:
    """An order that is still being placed is shown as pending."""
    return "pending" if status == "placing" else status


def payment_status(mode: PaymentMode, status: OrderStatus) -> PaymentStatus:
    """Wallet orders are paid from placing and refunded by cancel or reject; cash ones are unpaid until delivered."""
    if status in DELIVERED:
        return "paid"
    if mode == "cash":
        return "unpaid"
    return "refunded" if status in ("cancelled", "rejected", "failed") else "paid"
