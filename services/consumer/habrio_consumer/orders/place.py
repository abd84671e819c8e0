"""An order is placed, in three transactions (DESIGN.md §6).

T1, here: the cart is taken, the money held, the order promised to the vendor. T2, in the vendor service: every line is
reserved, or the whole refused; that row is the commit point of the order. T3, in `follow`: the vendor's word is
applied. Whatever dies in between, the outbox's relay goes on from there.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from habrio_consumer.cart.models import CartLine
from habrio_consumer.cart.queries import lines_of, lock_cart
from habrio_consumer.cart.take import give_lines, take
from habrio_consumer.orders.errors import CartEmpty, InsufficientBalance, Refused
from habrio_consumer.orders.models import Order, OrderLine
from habrio_consumer.orders.money import hold
from habrio_consumer.orders.queries import Seen, order_by_id, order_of_cart, seen_by
from habrio_consumer.orders.schemas import ConfirmIn, Placed
from habrio_consumer.settings import current_settings
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.orders import PLACE, PlaceOrder, Refusal, VendorOrderState
from habrio_shared.contracts.orders import OrderLine as PlacedLine
from habrio_shared.database import table_of, transaction
from habrio_shared.identity import Caller
from habrio_shared.ledger import InsufficientFunds
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.series import ORDER_MOVES

ACCEPTED = 202

# Made once, and of rows: every order comes through here (tests/bench).
_ORDERS = table_of(Order)
ORDER: Final = insert(_ORDERS).returning(_ORDERS.c.id, _ORDERS.c.created_at)
LINES: Final = insert(table_of(OrderLine))
PROMISED: Final = update(_ORDERS).where(_ORDERS.c.id == bindparam("placed_id")).values(place_row_id=bindparam("row_id"))

Promise = outbox.RowId[VendorOrderState]


def place(caller: Caller, given: ConfirmIn) -> tuple[Placed, int]:
    """The order of the caller's cart, and 200; or 202 when the vendor's word is not known within 3 s.

    CartEmpty, InsufficientBalance, Refused: the cart is as it was. Two calls that saw the same cart are one order: the
    second finds the first's by the cart's version and gets its answer.
    """
    seen = seen_by(caller.user_id)
    try:
        with transaction() as session:
            idempotency.claim(session)
            order_id, row_id = _take(session, caller, seen, given) or _taken_before(session, caller, seen)
            being_placed = Placed(message="Your order is being placed", order_id=order_id)
            idempotency.remember(session, being_placed, ACCEPTED, subject=f"order:{order_id}")
    except idempotency.Replayed as first:
        order_id = int(first.answer["order_id"])
        row_id = _promise_of(order_by_id(order_id))
    return _outcome(order_id, row_id)


def _outcome(order_id: int, row_id: Promise) -> tuple[Placed, int]:
    """What the vendor said to it, asked now if nobody has yet: a double is answered as the first was."""
    said = outbox.deliver(row_id, current_settings().order_timeout_seconds)
    if said is None:
        return Placed(message="Your order is being placed", order_id=order_id), ACCEPTED
    # Not by the refusal alone: what was cancelled before it arrived has one too, and is an order that was.
    if said.status == "refused" and said.refusal is not None:
        raise Refused(said.refusal)
    return Placed(message="Your order has been placed", order_id=order_id), 200


def _take(session: Session, caller: Caller, seen: Seen, given: ConfirmIn) -> tuple[int, Promise] | None:
    """The order of the cart that the caller saw, promised to its vendor; None if that cart was taken before."""
    if not take(session, caller.user_id, seen.cart_version):
        return None
    lines = lines_of(session, caller.user_id)
    if not lines:
        raise CartEmpty
    order = _insert(session, caller, seen, given, lines)
    give_lines(session, caller.user_id, order.id)
    if order.payment_mode == "wallet":
        try:
            hold(session, order)
        except InsufficientFunds as error:
            raise InsufficientBalance from error
    row_id = outbox.put(session, PLACE, f"place:{order.id}", _command(caller, seen, order))
    session.execute(PROMISED, {"placed_id": order.id, "row_id": row_id})
    count_when_committed(session, ORDER_MOVES.labels(order.status, "consumer"))
    return order.id, row_id


def _insert(session: Session, caller: Caller, seen: Seen, given: ConfirmIn, lines: list[CartLine]) -> Order:
    """The order with its lines, as it is written now; of no session, for nothing more is to be written from it."""
    row = {
        "user_id": caller.user_id,
        "cart_version": seen.cart_version,
        "shop_id": lines[0].shop_id,
        "shop_name": lines[0].shop_name,
        "shop_type": lines[0].shop_type,
        "payment_mode": given.payment_mode,
        "delivery_notes": given.delivery_notes,
        "total_paise": sum(line.price_paise * line.quantity for line in lines),
        "status": "placing",
    }
    written = session.execute(ORDER, row).one()
    ordered = [_line(written.id, line, position) for position, line in enumerate(lines, start=1)]
    session.execute(LINES, ordered)
    return Order(**row, id=written.id, created_at=written.created_at, lines=[OrderLine(**line) for line in ordered])


def _line(order_id: int, line: CartLine, position: int) -> dict[str, Any]:
    return {
        "order_id": order_id,
        "item_id": line.item_id,
        "position": position,
        "title": line.title,
        "unit": line.unit,
        "quantity": line.quantity,
        "unit_price_paise": line.price_paise,
    }


def _taken_before(session: Session, caller: Caller, seen: Seen) -> tuple[int, Promise]:
    """The order that took the cart which the caller saw. Under the cart's lock, as whoever fails an order holds it."""
    lock_cart(session, caller.user_id)
    order = order_of_cart(session, caller.user_id, seen.cart_version)
    if order is None:
        raise CartEmpty
    if order.refusal is not None:
        # The first of two clicks has been refused already: nothing of the second may be kept, nor its key.
        raise Refused(Refusal.model_validate(order.refusal))
    return order.id, _promise_of(order)


def _promise_of(order: Order) -> Promise:
    if order.place_row_id is None:
        raise RuntimeError(f"order {order.id} was never promised to its vendor")
    return outbox.RowId(order.place_row_id)


def _command(caller: Caller, seen: Seen, order: Order) -> PlaceOrder:
    return PlaceOrder(
        order_id=order.id,
        shop_id=order.shop_id,
        consumer_id=caller.user_id,
        phone=caller.phone,
        name=caller.name,
        flat_number=seen.flat_number,
        city=caller.city,
        society=caller.society,
        payment_mode=order.payment_mode,
        delivery_notes=order.delivery_notes,
        lines=[
            PlacedLine(
                item_id=line.item_id,
                title=line.title,
                unit=line.unit,
                quantity=line.quantity,
                unit_price_paise=line.unit_price_paise,
            )
            for line in order.lines
        ],
        placed_at=order.created_at,
    )
