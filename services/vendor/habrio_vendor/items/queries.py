"""Reading a vendor's items, and proving their stock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from habrio_shared.database import reading
from habrio_shared.paging import newest_of
from habrio_vendor.items.errors import ItemNotFound, SkuTaken
from habrio_vendor.items.models import Item, StockMove
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import locked_shop


def locked_item(session: Session, vendor_id: int, item_id: int) -> Item:
    """The item, if it is in the vendor's shop, locked until the transaction ends; else ItemNotFound."""
    query = (
        select(Item)
        .join(Shop, Shop.id == Item.shop_id)
        .where(Item.id == item_id, Item.is_active, Shop.vendor_id == vendor_id)
        .with_for_update(of=Item)
    )
    item = session.scalars(query).one_or_none()
    if item is None:
        raise ItemNotFound
    return item


def hold_sku(session: Session, shop_id: int, sku: str, *, but: int | None = None) -> None:
    """Keep the SKU for an item of the shop until the transaction ends; SkuTaken if an item other than `but` has it.

    The shop's row is the lock, taken before any item's: of two that want one SKU the second finds it taken.
    """
    locked_shop(session, shop_id)
    other = session.scalar(select(Item.id).where(Item.shop_id == shop_id, Item.is_active, Item.sku == sku))
    if other not in (None, but):
        raise SkuTaken(other)


def my_items(
    vendor_id: int,
    *,
    limit: int,
    before_id: int | None,
    part: str = "",
    category: str = "",
    is_available: bool | None = None,
) -> list[Item]:
    """Up to `limit` items of the vendor's shop, newest first, older than `before_id` if given; narrowed to a part of
    title, brand, SKU or tags, to a category, both in any case, and to what is on sale or not."""
    shop_id = select(Shop.id).where(Shop.vendor_id == vendor_id).scalar_subquery()
    active = select(Item).where(Item.is_active)
    query = newest_of(active, {Item.shop_id: shop_id}, Item.id, limit=limit, before_id=before_id)
    if part:
        columns = (Item.title, Item.brand, Item.sku, Item.tags)
        query = query.where(or_(*(column.icontains(part, autoescape=True) for column in columns)))
    if category:
        query = query.where(func.lower(Item.category) == func.lower(category))
    if is_available is not None:
        query = query.where(Item.is_available == is_available)
    with reading() as session:
        return list(session.scalars(query))


@dataclass(frozen=True, slots=True)
class StockProblem:
    """An item of which `on_hand` is not the sum of its moves."""

    item_id: int
    on_hand: int
    moved: int


def stock_problems() -> list[StockProblem]:
    """The proof of the stock: every item, deleted ones too, has what its moves say. Empty when all is right.

    One statement, hence one instant; it reads all items and all moves.
    """
    moves = select(StockMove.item_id, func.sum(StockMove.quantity).label("moved")).group_by(StockMove.item_id)
    sums = moves.subquery()
    moved = func.coalesce(sums.c.moved, 0)
    query = (
        select(Item.id, Item.on_hand, moved)
        .outerjoin(sums, sums.c.item_id == Item.id)
        .where(Item.on_hand != moved)
        .order_by(Item.id)
    )
    with reading() as session:
        return [StockProblem(item_id, on_hand, int(total)) for item_id, on_hand, total in session.execute(query)]


def next_ids(session: Session, count: int) -> Sequence[int]:
    """Ids for so many new items, so that they and their stock moves can be inserted without asking for each."""
    if session.get_bind().dialect.name == "sqlite":  # it has one writer at a time, which this transaction is
        last = session.scalar(select(func.max(Item.id))) or 0
        return range(last + 1, last + 1 + count)
    next_id = func.nextval(func.pg_get_serial_sequence(Item.__tablename__, "id"))
    return session.scalars(select(next_id).select_from(func.generate_series(1, count))).all()
