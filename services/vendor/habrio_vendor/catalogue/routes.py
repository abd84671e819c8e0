"""What residents see of the shops around them, and what the consumer service asks about items."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.catalogue import QUOTE_PATH, Quote, QuotedItem, QuoteRequest
from habrio_shared.identity import Caller, internal_only, role_required
from habrio_shared.schemas import ID_MAX, next_cursor
from habrio_vendor.catalogue import queries
from habrio_vendor.catalogue.errors import ShopClosed
from habrio_vendor.catalogue.queries import Found, Page, Place
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
from habrio_vendor.shops.errors import ShopNotFound
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
    page = Page(query.size + 1, query.cursor)
    shop, found = queries.items_on_sale(
        Place.of(caller), shop_id, page, text=query.q or "", category=query.category or ""
    )
    return ShopItemsOut(
        shop=ShopHead(**shop),
        items=[ItemListed(**item) for item in found[: query.size]],
        next_cursor=next_cursor([item["id"] for item in found], query.size),
    )


@bp.post(QUOTE_PATH)
@internal_only("consumer")
def quote(body: QuoteRequest) -> Quote:
    """Items as they are now, for a cart."""
    known = [item_id for item_id in body.item_ids if 0 < item_id <= ID_MAX]
    return Quote(items=[QuotedItem(**item) for item in queries.quoted(Place.named(body.city, body.society), known)])


def _page_of_shops(found: Found, size: int) -> ShopsOut:
    return ShopsOut(
        shops=[
            ShopListed(rating=average_rating(shop["rating_sum"], shop["rating_count"]), **shop) for shop in found[:size]
        ],
        next_cursor=next_cursor([shop["id"] for shop in found], size),
    )
