"""Reading shops and items for the residents of one society; each function is one query, whatever it finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.sql.roles import ExpressionElementRole

from habrio_shared.contracts.places import place_key
from habrio_shared.database import reading
from habrio_shared.identity import Caller
from habrio_vendor.items.models import Item
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.models import Shop
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


def shops(
    place: Place, page: Page, *, is_open: bool | None = None, type_part: str = "", tags: Sequence[str] = ()
) -> list[Shop]:
    """The shops of a place that meet every filter given; each of `tags` must be one of the shop's."""
    conditions = [place.holds()]
    if is_open is not None:
        conditions.append(Shop.is_open == is_open)
    if type_part:
        conditions.append(Shop.shop_type.icontains(type_part, autoescape=True))
    for tag in tags:
        conditions += [Shop.tag_keys.contains(f",{part},", autoescape=True) for part in tags_of(tag)]
    return _page_of_shops(conditions, page)


def search(place: Place, page: Page, text: str) -> list[Shop]:
    """The open shops of a place of which the name, the type or the title of an item on sale has `text` in it."""
    sells = (
        select(Item.id)
        .where(Item.shop_id == Shop.id, Item.is_active, Item.is_available, Item.title.icontains(text, autoescape=True))
        .exists()
    )
    found = or_(Shop.shop_name.icontains(text, autoescape=True), Shop.shop_type.icontains(text, autoescape=True), sells)
    return _page_of_shops([place.holds(), Shop.is_open, found], page)


def _page_of_shops(conditions: Sequence[ExpressionElementRole[bool]], page: Page) -> list[Shop]:
    query = select(Shop).where(*conditions).order_by(Shop.id.desc()).limit(page.limit)
    if page.before_id is not None:
        query = query.where(Shop.id < page.before_id)
    with reading() as session:
        return list(session.scalars(query))


def shop_in(place: Place, shop_id: int) -> Shop:
    """The shop, if it stands in this place; else ShopNotFound."""
    with reading() as session:
        shop = session.scalars(select(Shop).where(Shop.id == shop_id, place.holds())).one_or_none()
    if shop is None:
        raise ShopNotFound
    return shop


def items_on_sale(shop_id: int, page: Page, *, text: str = "", category: str = "") -> list[Item]:
    """The shop's items on sale, narrowed to a part of title, brand or tags, and to a category, in any case."""
    query = select(Item).where(Item.shop_id == shop_id, Item.is_active, Item.is_available)
    if text:
        columns = (Item.title, Item.brand, Item.tags)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if category:
        query = query.where(func.lower(Item.category) == func.lower(category))
    if page.before_id is not None:
        query = query.where(Item.id < page.before_id)
    with reading() as session:
        return list(session.scalars(query.order_by(Item.id.desc()).limit(page.limit)))


def quoted(place: Place, item_ids: Sequence[int]) -> list[tuple[Item, Shop]]:
    """Those of the items that have not been deleted and whose shop stands in this place, each with its shop, by id."""
    query = (
        select(Item, Shop)
        .join(Shop, Shop.id == Item.shop_id)
        .where(Item.id.in_(item_ids), Item.is_active, place.holds())
        .order_by(Item.id)
    )
    with reading() as session:
        return [(item, shop) for item, shop in session.execute(query)]
