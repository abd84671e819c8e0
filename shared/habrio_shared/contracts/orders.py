"""The order protocol between consumer and vendor (DESIGN.md §6).

The vendor's row for an order decides every race. Its state travels whole, with a version that grows by one with each
move, so that the consumer can apply it late, twice, or out of order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from habrio_shared.contracts.message import Message

PaymentMode = Literal["cash", "wallet"]

VendorOrderStatus = Literal[
    "refused",
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
"""`refused`: never placed, for `refusal` says why; it stays for ever so that a late double of the order finds it."""

DELIVERED: frozenset[VendorOrderStatus] = frozenset({"delivered", "return_accepted", "return_completed"})
"""The goods are at the consumer's: the order's money is the vendor's, and what comes back comes as a return."""

Actor = Literal["consumer", "vendor", "timer", "admin"]

RefusalWord = Literal[
    "shop_not_found",
    "shop_closed",
    "item_unavailable",
    "not_enough_stock",
    "price_changed",
    "order_cancelled",
]


class OrderLine(BaseModel):
    """One line as the consumer saw it. Price in paise for one unit."""

    item_id: int
    title: str
    unit: str
    quantity: int = Field(ge=1)
    unit_price_paise: int = Field(ge=1)


class PlaceOrder(BaseModel):
    """Place this order, at these prices, or refuse it whole."""

    order_id: int
    shop_id: int
    consumer_id: int
    phone: str
    name: str
    flat_number: str = ""
    city: str
    society: str
    payment_mode: PaymentMode
    delivery_notes: str = ""
    lines: list[OrderLine] = Field(min_length=1)
    placed_at: datetime


class CancelOrder(BaseModel):
    """The consumer wants this order cancelled; the vendor's row decides whether that is still possible."""

    order_id: int
    shop_id: int
    reason: str = ""


class ConfirmChange(BaseModel):
    """The consumer agrees to the vendor's proposal number `change`, the one they were shown, and to no other."""

    order_id: int
    change: int = Field(ge=1)


class RefusedLine(BaseModel):
    """What stands in the way of one line: the price and the quantity that can be had now."""

    item_id: int
    title: str = ""
    price_paise: int | None = None
    available: int = 0


class Refusal(BaseModel):
    """Why an order was not placed, in a word for programs and a sentence for people."""

    word: RefusalWord
    message: str
    lines: list[RefusedLine] = Field(default_factory=list)


class LineState(BaseModel):
    """So many pieces of an item as they are charged, and as the vendor proposes (None: as they are). 0: none of it."""

    item_id: int
    quantity: int = Field(ge=0)
    proposed_quantity: int | None = Field(default=None, ge=0)


ReturnStatus = Literal["raised", "accepted", "rejected", "completed"]


class ReturnLine(BaseModel):
    """So many pieces of an item come back."""

    item_id: int
    quantity: int = Field(ge=1)


class ReturnState(BaseModel):
    """A return as the vendor's row has it; `number` counts an order's returns from 1, whatever becomes of them.

    `by` is who asked for it, at `raised_at`; `wish_id` is the consumer service's id of a return that a consumer raised.
    `refund_paise` is what comes back to the consumer's wallet: 0 until it is completed, and for a cash order.
    """

    number: int = Field(ge=1)
    status: ReturnStatus
    by: Actor
    wish_id: int | None = None
    reason: str = ""
    raised_at: datetime
    lines: list[ReturnLine] = Field(min_length=1)
    refund_paise: int = Field(default=0, ge=0)


class VendorOrderState(BaseModel):
    """An order as the vendor's row has it: the whole truth at `version`; `by` and `at` are of the last move.

    `changes` counts the proposals that were confirmed. `total_paise` is what is charged by then, `final_paise` what is
    to be paid if the open proposal is confirmed (without one: the same). With lines and total, who missed the versions
    between catches up with them.
    `vendor_phone`: under which number its messages stand in the chat.

    `returns` are all of them, at `returns_version`, which grows by one with each change of any; a return may change
    while the order stays where it is, and so at the same `version`.
    """

    order_id: int
    status: VendorOrderStatus
    version: int = Field(ge=1)
    by: Actor
    at: datetime
    reason: str = ""
    refusal: Refusal | None = None
    changes: int = Field(default=0, ge=0)
    total_paise: int = Field(default=0, ge=0)
    final_paise: int = Field(default=0, ge=0)
    lines: list[LineState] = Field(default_factory=list)
    vendor_phone: str = ""
    returns_version: int = Field(default=0, ge=0)
    returns: list[ReturnState] = Field(default_factory=list)


class MoveApplied(BaseModel):
    """The consumer's receipt for a move: how much of the customer's money is due to the vendor for it (paise)."""

    captured_paise: int = Field(default=0, ge=0)


PLACE = Message("orders.place", sender="consumer", target="vendor", body=PlaceOrder, reply=VendorOrderState)
CANCEL = Message("orders.cancel", sender="consumer", target="vendor", body=CancelOrder, reply=VendorOrderState)
CONFIRM_CHANGE = Message(
    "orders.confirm_change", sender="consumer", target="vendor", body=ConfirmChange, reply=VendorOrderState
)
MOVED = Message("orders.moved", sender="vendor", target="consumer", body=VendorOrderState, reply=MoveApplied)
