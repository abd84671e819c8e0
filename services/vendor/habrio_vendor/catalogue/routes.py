"""What residents see of the shops around them, and what the consumer service asks about items."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.catalogue import QUOTE_PATH, Quote, QuotedItem, QuoteRequest
from habrio_shared.identity import Caller, internal_only, role_required
from habrio_shared.schemas import ID_MAX, next_cursor
from habrio_vendor.catalogue import queries
from habrio_vendor.catalogue.errors import ShopClosed
from habrio_vendor.catalogue.queries import Page, Place, ShopNow
from habrio_vendor.catalogue.schemas import (
    ItemListed,
    ItemsQuery,
    SearchQuery,
    ShopHead,
    ShopItemsOut,
    ShopListed,
    ShopsOut,
    ShopsQuery,
)
from habrio_vendor.items.models import Item
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.models import Shop
from habrio_vendor.shops.rules import average_rating

bp = ApiBlueprint("catalogue")


@bp.get("/consumer/shops", has_etag=True)
@role_required("consumer")
def list_shops(query: ShopsQuery, caller: Caller) -> ShopsOut:
    """The shops of your society, newest first."""
    found = queries.shops(
        Place.of(caller),
        Page(query.size + 1, query.cursor),
        is_open=None if query.status is None else query.status == "open",
        type_part=query.type or "",
        tags=query.tag,
    )
    return _page_of_shops(found, query.size)


@bp.get("/consumer/shops/search", has_etag=True)
@role_required("consumer")
def search_shops(query: SearchQuery, caller: Caller) -> ShopsOut:
    """Open shops of your society by name, type, or what they sell."""
    return _page_of_shops(queries.search(Place.of(caller), Page(query.size + 1, query.cursor), query.q), query.size)


@bp.get("/consumer/shop/<id:shop_id>/items", errors=(ShopNotFound, ShopClosed), has_etag=True)
@bp.get("/shop/<id:shop_id>/items", errors=(ShopNotFound, ShopClosed), has_etag=True)
@role_required("consumer")
def list_items(shop_id: int, query: ItemsQuery, caller: Caller) -> ShopItemsOut:
    """What an open shop of your society sells, newest first."""
    found_shop = queries.shop_in(Place.of(caller), shop_id)
    if not found_shop.is_open:
        raise ShopClosed
    shop = found_shop.shop
    page = Page(query.size + 1, query.cursor)
    found = queries.items_on_sale(shop.id, page, text=query.q or "", category=query.category or "")
    return ShopItemsOut(
        shop=ShopHead(
            id=shop.id,
            shop_name=shop.shop_name,
            shop_type=shop.shop_type,
            description=shop.description,
            is_open=found_shop.is_open,
        ),
        items=[_item(item) for item in found[: query.size]],
        next_cursor=next_cursor([item.id for item in found], query.size),
    )


@bp.post(QUOTE_PATH)
@internal_only("consumer")
def quote(body: QuoteRequest) -> Quote:
    """Items as they are now, for a cart."""
    known = [item_id for item_id in body.item_ids if 0 < item_id <= ID_MAX]
    return Quote(items=[_quoted(*found) for found in queries.quoted(Place.named(body.city, body.society), known)])


def _page_of_shops(found: list[ShopNow], size: int) -> ShopsOut:
    return ShopsOut(
        shops=[_shop(listed.shop, is_open=listed.is_open) for listed in found[:size]],
        next_cursor=next_cursor([listed.shop.id for listed in found], size),
    )


def _shop(shop: Shop, *, is_open: bool) -> ShopListed:
    return ShopListed(
        id=shop.id,
        shop_name=shop.shop_name,
        shop_type=shop.shop_type,
        description=shop.description,
        society=shop.society,
        is_open=is_open,
        delivers=shop.delivers,
        appointment_only=shop.appointment_only,
        category_tags=shop.category_tags,
        logo_url=shop.logo_url,
        rating=average_rating(shop.rating_sum, shop.rating_count),
        verified=shop.verified,
        featured=shop.featured,
    )


def _item(item: Item) -> ItemListed:
    return ItemListed(
        id=item.id,
        title=item.title,
        brand=item.brand,
        price=item.price_paise,
        mrp=item.mrp_paise,
        discount=item.discount_hundredths,
        description=item.description,
        unit=item.unit,
        pack_size=item.pack_size,
        category=item.category,
        tags=item.tags,
        sku=item.sku,
        expiry_date=item.expiry_date,
        image_url=item.image_url,
        in_stock=item.in_stock > 0,
    )


def _quoted(item: Item, seller: ShopNow) -> QuotedItem:
    shop = seller.shop
    return QuotedItem(
        item_id=item.id,
        title=item.title,
        brand=item.brand,
        image_url=item.image_url,
        unit=item.unit,
        pack_size=item.pack_size,
        price_paise=item.price_paise,
        mrp_paise=item.mrp_paise,
        in_stock=item.in_stock,
        available=item.is_available,
        shop_id=shop.id,
        shop_name=shop.shop_name,
        shop_type=shop.shop_type,
        shop_is_open=seller.is_open,
    )
