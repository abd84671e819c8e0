"""Reading shops and items for the residents of one society: one query a list, whatever it finds, one for the shop whose
items are listed, and where shops' hours are enforced a look at the clock before.

The queries are made once, of named parameters: to make one anew costs about as much as to ask it (tests/bench)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Integer, RowMapping, Select, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from habrio_shared.contracts.places import place_key
from habrio_shared.database import BigId, reading_columns
from habrio_shared.identity import Caller
from habrio_shared.paging import newest_of
from habrio_shared.schemas import ID_MAX
from habrio_vendor.catalogue.errors import ShopClosed
from habrio_vendor.items.models import Item
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import hours_time, takes_orders
from habrio_vendor.shops.rules import WeekTime, tags_of

SHOP: Final = (
    *(Shop.id, Shop.shop_name, Shop.shop_type, Shop.description, Shop.society, Shop.delivers, Shop.appointment_only),
    *(Shop.category_tags, Shop.logo_url, Shop.verified, Shop.featured, Shop.rating_sum, Shop.rating_count),
)
ITEM: Final = (
    *(Item.id, Item.title, Item.brand, Item.description, Item.unit, Item.pack_size, Item.category, Item.tags, Item.sku),
    *(Item.expiry_date, Item.image_url, (Item.on_hand > Item.reserved).label("in_stock")),
    *(Item.price_paise.label("price"), Item.mrp_paise.label("mrp"), Item.discount_hundredths.label("discount")),
)
QUOTED: Final = (
    *(Item.id.label("item_id"), Item.title, Item.brand, Item.image_url, Item.unit, Item.pack_size, Item.price_paise),
    *(Item.mrp_paise, (Item.on_hand - Item.reserved).label("in_stock"), Item.is_available.label("available")),
    *(Shop.id.label("shop_id"), Shop.shop_name, Shop.shop_type),
)
"""What residents and carts see, by the names of the answers' fields: rows, not objects that hold all the rest."""

Found = Sequence[RowMapping]


@dataclass(frozen=True, slots=True)
class Place:
    """A society of a city, in the form in which places are compared."""

    city_key: str
    society_key: str

    @classmethod
    def of(cls, caller: Caller) -> Place:
        return cls.named(caller.city, caller.society)

    @classmethod
    def named(cls, city: str, society: str) -> Place:
        return cls(place_key(city), place_key(society))

    @property
    def bound(self) -> dict[str, Any]:
        """The parameters of `HERE`."""
        return {"city_key": self.city_key, "society_key": self.society_key}


HERE: Final[Mapping[InstrumentedAttribute[Any], BindParameter[Any]]] = {
    Shop.city_key: bindparam("city_key"),
    Shop.society_key: bindparam("society_key"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `limit` rows, newest first; of those older than `before_id`, if given."""

    limit: int
    before_id: int | None = None

    @property
    def bound(self) -> dict[str, Any]:
        """The parameters of `PAGE`."""
        return {"limit": self.limit, "before_id": self.before_id or ID_MAX + 1}


PAGE: Final[Mapping[str, BindParameter[int]]] = {
    "limit": bindparam("limit", type_=Integer),
    "before_id": bindparam("before_id", type_=BigId),
}
ITEMS_ON_SALE: Final = newest_of(
    select(*ITEM).where(Item.is_active, Item.is_available), {Item.shop_id: bindparam("shop_id")}, Item.id, **PAGE
)


@lru_cache(maxsize=4)  # hours change it once a minute
def _shops(at: WeekTime | None) -> Select[*tuple[Any, ...]]:
    return newest_of(select(*SHOP, takes_orders(at).label("is_open")), HERE, Shop.id, **PAGE)


@lru_cache(maxsize=4)
def _shop(at: WeekTime | None) -> Select[*tuple[Any, ...]]:
    is_it = (Shop.id == bindparam("shop_id"), *(column == value for column, value in HERE.items()))
    return select(*SHOP, takes_orders(at).label("is_open")).where(*is_it)


@lru_cache(maxsize=4)
def _quoted(at: WeekTime | None) -> Select[*tuple[Any, ...]]:
    return (
        select(*QUOTED, takes_orders(at).label("shop_is_open"))
        .join(Shop, Shop.id == Item.shop_id)
        .where(Item.id.in_(bindparam("item_ids", expanding=True)), Item.is_active)
        .where(*(column == value for column, value in HERE.items()))
        .order_by(Item.id)
    )


def shops(
    place: Place, page: Page, *, is_open: bool | None = None, type_part: str = "", tags: Sequence[str] = ()
) -> Found:
    """The shops of a place that meet every filter given; each of `tags` must be one of the shop's."""
    conditions: list[ColumnElement[bool]] = []
    if type_part:
        conditions.append(Shop.shop_type.icontains(type_part, autoescape=True))
    for tag in tags:
        conditions += [Shop.tag_keys.contains(f",{part},", autoescape=True) for part in tags_of(tag)]
    with reading_columns() as connection:
        at = hours_time(connection)
        if is_open is not None:
            conditions.append(takes_orders(at) if is_open else ~takes_orders(at))
        query = _shops(at).where(*conditions) if conditions else _shops(at)
        return connection.execute(query, place.bound | page.bound).mappings().all()


def search(place: Place, page: Page, text: str) -> Found:
    """The open shops of a place of which the name, the type or the title of an item on sale has `text` in it."""
    # Not an equality: PostgreSQL would make one pass over the items of all societies of it.
    of_shop = Item.shop_id.between(Shop.id, Shop.id)
    matches = Item.title.icontains(text, autoescape=True)
    sells = select(Item.id).where(of_shop, Item.is_active, Item.is_available, matches).exists()
    found = or_(Shop.shop_name.icontains(text, autoescape=True), Shop.shop_type.icontains(text, autoescape=True), sells)
    with reading_columns() as connection:
        at = hours_time(connection)
        query = _shops(at).where(takes_orders(at), found)
        return connection.execute(query, place.bound | page.bound).mappings().all()


def items_on_sale(
    place: Place, shop_id: int, page: Page, *, text: str = "", category: str = ""
) -> tuple[RowMapping, Found]:
    """A shop of this place and its items on sale, narrowed to a part of title, brand or tags, and to a category, in any
    case. ShopNotFound, ShopClosed."""
    query = ITEMS_ON_SALE
    if text:
        columns = (Item.title, Item.brand, Item.tags)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if category:
        query = query.where(func.lower(Item.category) == func.lower(category))
    which = {"shop_id": shop_id}
    with reading_columns() as connection:
        shop = connection.execute(_shop(hours_time(connection)), which | place.bound).mappings().one_or_none()
        if shop is None:
            raise ShopNotFound
        if not shop["is_open"]:
            raise ShopClosed
        return shop, connection.execute(query, which | page.bound).mappings().all()


def quoted(place: Place, item_ids: Sequence[int]) -> Found:
    """Those of the items that have not been deleted and whose shop stands in this place, each with its shop, by id."""
    with reading_columns() as connection:
        query = _quoted(hours_time(connection))
        return connection.execute(query, {"item_ids": item_ids} | place.bound).mappings().all()
