"""Reading shops and items for the residents of one society; each function is one query, whatever it finds, and where
shops' hours are enforced a look at the clock before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from habrio_shared.contracts.places import place_key
from habrio_shared.database import reading
from habrio_shared.identity import Caller
from habrio_shared.paging import newest_of
from habrio_vendor.items.models import Item
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.queries import hours_time, takes_orders
from habrio_vendor.shops.rules import tags_of


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

    def holds(self) -> ColumnElement[bool]:
        """The condition that a shop stands here."""
        return and_(Shop.city_key == self.city_key, Shop.society_key == self.society_key)


@dataclass(frozen=True, slots=True)
class Page:
    """Up to `limit` rows, newest first; of those older than `before_id`, if given."""

    limit: int
    before_id: int | None = None


@dataclass(frozen=True, slots=True)
class ShopNow:
    """A shop, and whether it takes orders now."""

    shop: Shop
    is_open: bool


def shops(
    place: Place, page: Page, *, is_open: bool | None = None, type_part: str = "", tags: Sequence[str] = ()
) -> list[ShopNow]:
    """The shops of a place that meet every filter given; each of `tags` must be one of the shop's."""
    conditions: list[ColumnElement[bool]] = []
    if type_part:
        conditions.append(Shop.shop_type.icontains(type_part, autoescape=True))
    for tag in tags:
        conditions += [Shop.tag_keys.contains(f",{part},", autoescape=True) for part in tags_of(tag)]
    with reading() as session:
        opening = takes_orders(hours_time(session))
        if is_open is not None:
            conditions.append(opening if is_open else ~opening)
        return _page_of_shops(session, place, conditions, opening, page)


def search(place: Place, page: Page, text: str) -> list[ShopNow]:
    """The open shops of a place of which the name, the type or the title of an item on sale has `text` in it."""
    # Not an equality: PostgreSQL would make one pass over the items of all societies of it.
    of_shop = Item.shop_id.between(Shop.id, Shop.id)
    matches = Item.title.icontains(text, autoescape=True)
    sells = select(Item.id).where(of_shop, Item.is_active, Item.is_available, matches).exists()
    found = or_(Shop.shop_name.icontains(text, autoescape=True), Shop.shop_type.icontains(text, autoescape=True), sells)
    with reading() as session:
        opening = takes_orders(hours_time(session))
        return _page_of_shops(session, place, [opening, found], opening, page)


def _page_of_shops(
    session: Session,
    place: Place,
    conditions: Sequence[ColumnElement[bool]],
    opening: ColumnElement[bool],
    page: Page,
) -> list[ShopNow]:
    here = {Shop.city_key: place.city_key, Shop.society_key: place.society_key}
    wanted = select(Shop, opening).where(*conditions)
    query = newest_of(wanted, here, Shop.id, limit=page.limit, before_id=page.before_id)
    return [ShopNow(shop, is_open) for shop, is_open in session.execute(query)]


def shop_in(place: Place, shop_id: int) -> ShopNow:
    """The shop, if it stands in this place; else ShopNotFound."""
    with reading() as session:
        opening = takes_orders(hours_time(session))
        found = session.execute(select(Shop, opening).where(Shop.id == shop_id, place.holds())).one_or_none()
    if found is None:
        raise ShopNotFound
    return ShopNow(*found)


def items_on_sale(shop_id: int, page: Page, *, text: str = "", category: str = "") -> list[Item]:
    """The shop's items on sale, narrowed to a part of title, brand or tags, and to a category, in any case."""
    on_sale = select(Item).where(Item.is_active, Item.is_available)
    query = newest_of(on_sale, {Item.shop_id: shop_id}, Item.id, limit=page.limit, before_id=page.before_id)
    if text:
        columns = (Item.title, Item.brand, Item.tags)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if category:
        query = query.where(func.lower(Item.category) == func.lower(category))
    with reading() as session:
        return list(session.scalars(query))


def quoted(place: Place, item_ids: Sequence[int]) -> list[tuple[Item, ShopNow]]:
    """Those of the items that have not been deleted and whose shop stands in this place, each with its shop, by id."""
    with reading() as session:
        query = (
            select(Item, Shop, takes_orders(hours_time(session)))
            .join(Shop, Shop.id == Item.shop_id)
            .where(Item.id.in_(item_ids), Item.is_active, place.holds())
            .order_by(Item.id)
        )
        return [(item, ShopNow(shop, is_open)) for item, shop, is_open in session.execute(query)]
