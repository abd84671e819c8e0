"""What the admin service reads of consumers' orders, and what it does to their wallets."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from habrio_shared.contracts.orders import Actor, PaymentMode
from habrio_shared.money import RUPEES_MAX, to_paise
from habrio_shared.schemas import Body, Id, Required

ORDERS_PATH = "/internal/admin/orders"
"""GET, for the admin service: a page of orders, newest first (`limit`, `cursor`, `status`, `user_id`, `shop_id`,
`since` and `until`: instants of `created_at`, the second excluded) → OrderPage. Orders that failed are listed when
asked for by that status alone."""

ORDER_PATH = "/internal/admin/orders/{order_id}"
"""GET, for the admin service: everything about one order, a failed one too → OrderOut."""

ADJUST_PATH = "/internal/admin/wallets/adjust"
"""POST AdjustWallet, for the admin service → WalletOut. A balance never goes below 0: 400; may be repeated."""


class OrderSummary(BaseModel):
    """An order as lists show it, by the consumer service's own word for its state (`placing`, `failed` included).

    `total_paise` is what is charged, `final_paise` what is to be paid if the vendor's open proposal is confirmed.
    """

    id: int
    status: str
    user_id: int
    shop_id: int
    shop_name: str
    payment_mode: PaymentMode
    payment_status: str
    total_paise: int
    final_paise: int
    created_at: datetime


class OrderLineData(BaseModel):
    """One line, at the price (paise for one unit) at which it was ordered; `proposed_quantity`: what the vendor asks
    the consumer to take instead."""

    item_id: int
    title: str
    unit: str
    quantity: int
    proposed_quantity: int | None
    unit_price_paise: int


class OrderStep(BaseModel):
    """The order came to `status`."""

    version: int
    status: str
    by: Actor
    at: datetime
    reason: str


class MoneyMove(BaseModel):
    """One posting of the consumer service's ledger for the order."""

    entry_id: str
    kind: str
    src: str
    dst: str
    amount_paise: int
    created_at: datetime


class OrderDetail(OrderSummary):
    """`refusal`: why it failed, in a word and a sentence; "" otherwise."""

    delivery_notes: str
    refusal: str
    lines: list[OrderLineData]
    timeline: list[OrderStep]
    money: list[MoneyMove]


class OrderOut(BaseModel):
    order: OrderDetail


class OrderPage(BaseModel):
    """Orders, newest first; `next_cursor` is null at the end."""

    orders: list[OrderSummary]
    next_cursor: int | None


def _not_nothing(paise: int) -> int:
    if paise == 0:
        raise ValueError("must not be 0")
    return paise


PaiseToMove = Annotated[int, Field(ge=-to_paise(RUPEES_MAX), le=to_paise(RUPEES_MAX)), AfterValidator(_not_nothing)]
"""A signed amount in paise, of at most 1,000,000 rupees; not 0."""


class AdjustWallet(Body):
    """Give to the wallet (or take from it, with a negative amount); `id` makes a repeat harmless."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]
    user_id: Id
    amount_paise: PaiseToMove
    reason: Required


class WalletOut(BaseModel):
    """The wallet after it."""

    user_id: int
    balance_paise: int
