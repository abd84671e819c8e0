"""/vendor/item: the items of the caller's own shop."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message, next_cursor
from habrio_vendor.items import queries
from habrio_vendor.items.add import add
from habrio_vendor.items.delete import delete
from habrio_vendor.items.errors import ItemNotFound, SkuTaken, StockChanged
from habrio_vendor.items.models import Item
from habrio_vendor.items.schemas import ItemAdded, ItemData, ItemEdit, ItemIn, ItemsOut, MyItemsQuery, Toggled
from habrio_vendor.items.toggle import toggle
from habrio_vendor.items.update import update
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.queries import has_shop

bp = ApiBlueprint("items")


@bp.post("/vendor/item/add", errors=(ShopNotFound, SkuTaken), idempotent=True, first=has_shop)
@role_required("vendor")
def add_item(body: ItemIn, caller: Caller) -> ItemAdded:
    """Add an item to your shop."""
    return add(caller.user_id, body)


@bp.post(
    "/vendor/item/update/<id:item_id>",
    errors=(ShopNotFound, ItemNotFound, StockChanged, SkuTaken),
    idempotent=True,
    first=has_shop,
)
@role_required("vendor")
def update_item(item_id: int, body: ItemEdit, caller: Caller) -> Message:
    """Change an item; fields that are not given stay."""
    return update(caller.user_id, item_id, body)


@bp.post("/vendor/item/<id:item_id>/toggle", errors=(ShopNotFound, ItemNotFound), idempotent=True, first=has_shop)
@role_required("vendor")
def toggle_item(item_id: int, caller: Caller) -> Toggled:
    """Take an item off sale, or put it back."""
    return toggle(caller.user_id, item_id)


@bp.post("/vendor/item/<id:item_id>/delete", errors=(ShopNotFound, ItemNotFound), idempotent=True, first=has_shop)
@role_required("vendor")
def delete_item(item_id: int, caller: Caller) -> Message:
    """Delete an item; orders keep their lines of it."""
    return delete(caller.user_id, item_id)


@bp.get("/vendor/item/my", errors=(ShopNotFound,), first=has_shop)
@role_required("vendor")
def mine(query: MyItemsQuery, caller: Caller) -> ItemsOut:
    """Your shop's items, newest first."""
    found = queries.my_items(
        caller.user_id,
        limit=query.size + 1,
        before_id=query.cursor,
        part=query.q or "",
        category=query.category or "",
        is_available=None if query.is_available is None else query.is_available == "true",
    )
    return ItemsOut(
        data=[_render(item) for item in found[: query.size]],
        next_cursor=next_cursor([item.id for item in found], query.size),
    )


def _render(item: Item) -> ItemData:
    return ItemData(
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
        quantity_in_stock=item.in_stock,
        reserved=item.reserved,
        stock_version=item.stock_version,
        is_available=item.is_available,
        is_active=item.is_active,
        created_at=item.created_at,
    )
