"""What a vendor's question may look at: their own shop, its items and its orders."""

from __future__ import annotations

from typing import Any

from habrio_agent.tools.rules import MY_ITEM, MY_SHOP, ORDER, chosen
from habrio_agent.tools.schemas import MyItemsWanted, Nothing, ShopOrdersWanted
from habrio_agent.tools.tool import Read, Tool


def my_shop(read: Read, _wanted: Nothing) -> dict[str, Any]:
    return {"shop": chosen(read("/api/v1/vendor/shop/my")["data"], MY_SHOP)}


def my_items(read: Read, wanted: MyItemsWanted) -> dict[str, Any]:
    found = read("/api/v1/vendor/item/my", query={"q": wanted.words, "limit": wanted.limit})
    return {"items": [chosen(item, MY_ITEM) for item in found["data"]], "more": found["next_cursor"] is not None}


def my_orders(read: Read, wanted: ShopOrdersWanted) -> dict[str, Any]:
    found = read("/api/v1/vendor/orders", query={"status": wanted.status, "limit": wanted.limit})
    return {"orders": [chosen(order, ORDER) for order in found["orders"]], "more": found["next_cursor"] is not None}


TOOLS = (
    Tool("my_shop", "The vendor's own shop and its hours.", Nothing, my_shop),
    Tool("my_items", "The shop's items with prices and stock, newest first.", MyItemsWanted, my_items),
    Tool("my_orders", "The shop's orders, newest first, with their state and lines.", ShopOrdersWanted, my_orders),
)
