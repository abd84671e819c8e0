"""What is said of a new order, and what can become of saying it."""

from __future__ import annotations

from typing import Literal, get_args

from habrio_shared.contracts.orders import PaymentMode
from habrio_shared.money import to_rupees

Outcome = Literal["sent", "answered before", "given up"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

LEASE_SECONDS = 60
"""Longer than four providers take who do not answer (habrio_shared/notify)."""


def text_of(order_id: int, pieces: int, total_paise: int, mode: PaymentMode) -> str:
    """One SMS in letters that every phone shows; who and where stands in the app, not in a message that others see."""
    goods = "1 piece" if pieces == 1 else f"{pieces} pieces"
    paid = "paid by wallet" if mode == "wallet" else "cash on delivery"
    return f"Habrio: new order {order_id}, {goods}, Rs {to_rupees(total_paise)}, {paid}. Please answer it in the app."
