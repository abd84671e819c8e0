"""The cart is shown as it is now, and what was shown is remembered: that is what an order will be placed at."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from habrio_consumer.cart.models import CartLine
from habrio_consumer.cart.queries import lines_of, lines_to_show, lock_cart
from habrio_consumer.clients import vendor
from habrio_shared.contracts.catalogue import QuotedItem
from habrio_shared.database import transaction
from habrio_shared.http_client import TargetUnavailable
from habrio_shared.identity import Caller


def show(caller: Caller, *, is_peek: bool = False) -> tuple[list[CartLine], bool]:
    """The cart's lines, and whether they are stale: as last shown, because the vendor service is away.

    A peek is no showing: nothing is remembered.
    """
    lines = lines_to_show(caller.user_id)
    if not lines:
        return [], False
    try:
        items = vendor.quote(caller, [line.item_id for line in lines])
    except TargetUnavailable:
        return lines, True
    if all(_is_as_shown(line, items.get(line.item_id)) for line in lines):
        return lines, False
    if is_peek:
        _renew(lines, items)
        return lines, False
    with transaction() as session:
        return _remember(session, caller.user_id, items, asked={line.item_id for line in lines}), False


def shown(item: QuotedItem) -> dict[str, Any]:
    """What a line keeps of an item."""
    return {
        "price_paise": item.price_paise,
        "mrp_paise": item.mrp_paise,
        "available": item.available and item.shop_is_open and item.in_stock > 0,
        "title": item.title,
        "brand": item.brand,
        "image_url": item.image_url,
        "unit": item.unit,
        "pack_size": item.pack_size,
        "shop_id": item.shop_id,
        "shop_name": item.shop_name,
        "shop_type": item.shop_type,
    }


def _now(item: QuotedItem | None) -> dict[str, Any]:
    """What there is to show now: an item that is gone keeps its last face and cannot be had."""
    return {"available": False} if item is None else shown(item)


def _is_as_shown(line: CartLine, item: QuotedItem | None) -> bool:
    return all(getattr(line, field) == value for field, value in _now(item).items())


def _remember(session: Session, user_id: int, items: dict[int, QuotedItem], asked: set[int]) -> list[CartLine]:
    """The cart as it is under its lock; of a line that came after the question there is no news."""
    lock_cart(session, user_id)
    lines = lines_of(session, user_id)
    _renew([line for line in lines if line.item_id in asked], items)
    return lines


def _renew(lines: list[CartLine], items: dict[int, QuotedItem]) -> None:
    for line in lines:
        for field, value in _now(items.get(line.item_id)).items():
            setattr(line, field, value)
