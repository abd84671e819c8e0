"""How stock moves: reserve, release, take out, bring back, set. Each is a part of some verb's transaction.

Whoever touches several items does so in the order of their ids, so that two orders never wait for each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CursorResult,
    Integer,
    Row,
    Update,
    and_,
    bindparam,
    case,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.roles import ExpressionElementRole

from habrio_shared.database import table_of
from habrio_vendor.items.models import Item, StockMove, StockMoveKind

Quantities = Mapping[int, int]
"""Pieces by item id, each at least 1."""


_ITEMS = table_of(Item)
_ITEM = _ITEMS.c
LOCK: Final = (
    select(
        *(_ITEM.id, _ITEM.shop_id, _ITEM.title, _ITEM.price_paise),
        (_ITEM.on_hand - _ITEM.reserved).label("in_stock"),
        and_(_ITEM.is_active, _ITEM.is_available).label("on_sale"),
    )
    .where(_ITEM.id.in_(bindparam("item_ids", expanding=True)))
    .order_by(_ITEM.id)
    .with_for_update()
)


def lock(session: Session, item_ids: list[int]) -> Sequence[Row[Any]]:
    """What can be sold of the items that exist among these, and at what price; locked until the transaction ends."""
    return session.execute(LOCK, {"item_ids": item_ids}).all()


@cache
def _reserving(lines: int) -> Update:
    """One statement for so many items, made once: to put it together anew would cost more than to send it."""
    wanted = [(_ITEM.id == bindparam(f"item_{n}"), n) for n in range(lines)]
    quantity = case(*((is_it, bindparam(f"quantity_{n}", type_=Integer)) for is_it, n in wanted))
    shown_paise = case(*((is_it, bindparam(f"paise_{n}", type_=BigInteger)) for is_it, n in wanted))
    return (
        update(_ITEMS)
        .where(
            or_(*(is_it for is_it, _ in wanted)),
            _ITEM.is_active,
            _ITEM.is_available,
            _ITEM.price_paise == shown_paise,
            _ITEM.on_hand - _ITEM.reserved >= quantity,
        )
        .values(reserved=_ITEM.reserved + quantity, stock_version=_ITEM.stock_version + 1)
    )


def reserve(session: Session, quantities: Quantities, *, shown_paise: Mapping[int, int]) -> None:
    """Hold so many pieces of each item, which the caller has locked and found on sale at the price shown.

    RuntimeError, which rolls everything back, if an item turns out not to be so after all.
    """
    given: dict[str, int] = {}
    for n, (item_id, quantity) in enumerate(quantities.items()):
        given |= {f"item_{n}": item_id, f"quantity_{n}": quantity, f"paise_{n}": shown_paise[item_id]}
    result = session.execute(_reserving(len(quantities)), given)
    if not isinstance(result, CursorResult) or result.rowcount != len(quantities):
        raise RuntimeError(f"the stock of the items {sorted(quantities)} is not as it was found")


def release(session: Session, quantities: Quantities) -> None:
    """Give back what was reserved."""
    for item_id, quantity in sorted(quantities.items()):
        _change(session, item_id, {Item.reserved: Item.reserved - quantity}, Item.reserved >= quantity)


def take_out(session: Session, quantities: Quantities, *, order_id: int) -> None:
    """What was reserved for the order leaves the shop."""
    for item_id, quantity in sorted(quantities.items()):
        change = {Item.reserved: Item.reserved - quantity, Item.on_hand: Item.on_hand - quantity}
        _change(session, item_id, change, Item.reserved >= quantity)
        session.add(StockMove(item_id=item_id, quantity=-quantity, kind="sold", order_id=order_id))
    session.flush()


def bring_back(session: Session, quantities: Quantities, *, order_id: int) -> None:
    """What was returned of the order can be sold again."""
    for item_id, quantity in sorted(quantities.items()):
        _change(session, item_id, {Item.on_hand: Item.on_hand + quantity})
        session.add(StockMove(item_id=item_id, quantity=quantity, kind="returned", order_id=order_id))
    session.flush()


def add(session: Session, item: Item, quantity: int) -> None:
    """The first stock of a new item; `item.on_hand` says so already."""
    if quantity:
        session.add(StockMove(item_id=item.id, quantity=quantity, kind="added"))
        session.flush()


def set_sellable(session: Session, item: Item, quantity: int) -> None:
    """Make `quantity` what can be sold of a locked item; what is reserved stays beside it."""
    came = quantity - item.in_stock
    if came:
        _change(session, item.id, {Item.on_hand: Item.on_hand + came})
        session.add(StockMove(item_id=item.id, quantity=came, kind="set"))
        session.flush()


def add_many(session: Session, quantities: Mapping[int, int]) -> None:
    """`add` for many new items, by id; each item's `on_hand` says so already."""
    _insert_moves(session, "added", quantities)


def set_many_sellable(session: Session, wanted: Sequence[tuple[Item, int]]) -> None:
    """`set_sellable` for many items, each locked and read in this transaction."""
    came = {item.id: quantity - item.in_stock for item, quantity in wanted}
    for item, _ in wanted:
        if came[item.id]:
            item.on_hand += came[item.id]
            item.stock_version += 1
    session.flush()
    _insert_moves(session, "set", came)


def _insert_moves(session: Session, kind: StockMoveKind, quantities: Mapping[int, int]) -> None:
    moves = [{"item_id": item_id, "quantity": number, "kind": kind} for item_id, number in quantities.items() if number]
    if moves:
        session.execute(insert(StockMove), moves)


def _change(
    session: Session,
    item_id: int,
    values: Mapping[InstrumentedAttribute[int], Any],
    *guards: ExpressionElementRole[bool],
) -> None:
    change = (
        update(Item)
        .where(Item.id == item_id, *guards)
        .values({**values, Item.stock_version: Item.stock_version + 1})
        .execution_options(synchronize_session=False)
    )
    result = session.execute(change)
    if not isinstance(result, CursorResult) or result.rowcount != 1:
        raise RuntimeError(f"the stock of item {item_id} is not what its orders say")
