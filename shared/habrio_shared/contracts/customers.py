"""What the admin service reads of consumers' orders."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from habrio_shared.contracts.events import EventSummary
from habrio_shared.contracts.issues import IssueStatus
from habrio_shared.contracts.orders import Actor, PaymentMode, ReturnLine

ORDERS_PATH = "/internal/admin/orders"
"""GET, for the admin service: a page of orders, newest first (`limit`, `cursor`, `status`, `user_id`, `shop_id`,
`since` and `until`: instants of `created_at`, the second excluded; `q`: part of the shop's name, or the order's number,
or any order of `user_ids`, at most 100 of them) → OrderPage. Orders that failed are listed when
asked for by that status alone."""

ORDER_PATH = "/internal/admin/orders/{order_id}"
"""GET, for the admin service: everything about one order, a failed one too → OrderOut."""


CUSTOMER_PATH = "/internal/admin/customers/{user_id}"
"""GET, for the admin service: a user as a customer; one that has done nothing here has an empty wallet and no orders →
CustomerOut."""


class CustomerSummary(BaseModel):
    """`flat_number` is "" where it is not told."""

    user_id: int
    flat_number: str
    balance_paise: int
    orders: int


class CustomerOut(BaseModel):
    customer: CustomerSummary


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
    """One posting of a service's ledger for the order."""

    entry_id: str
    kind: str
    src: str
    dst: str
    amount_paise: int
    created_at: datetime


class SaidAboutOrder(BaseModel):
    """A message of the conversation, of a person or left by an act."""

    id: int
    author: Actor
    text: str
    at: datetime


class IssueOfOrder(BaseModel):
    """`answer` is "" as long as the issue is raised."""

    id: int
    issue_type: str
    description: str
    status: IssueStatus
    answer: str
    created_at: datetime


class ReturnOfOrder(BaseModel):
    """`number` is null until the vendor knows of it."""

    number: int | None
    status: str
    by: Actor
    reason: str
    lines: list[ReturnLine]
    refund_paise: int
    created_at: datetime


class RatingOfOrder(BaseModel):
    rating: int
    review: str


class OrderDetail(OrderSummary):
    """`refusal`: why it failed, in a word and a sentence; "" otherwise. `messages` are the newest 100, newest first;
    `events` are messages to other services about the order that are not delivered yet."""

    delivery_notes: str
    refusal: str
    lines: list[OrderLineData]
    timeline: list[OrderStep]
    money: list[MoneyMove]
    messages: list[SaidAboutOrder]
    issues: list[IssueOfOrder]
    returns: list[ReturnOfOrder]
    rating: RatingOfOrder | None
    events: list[EventSummary]


class OrderOut(BaseModel):
    order: OrderDetail


class OrderPage(BaseModel):
    """Orders, newest first; `next_cursor` is null at the end."""

    orders: list[OrderSummary]
    next_cursor: int | None
