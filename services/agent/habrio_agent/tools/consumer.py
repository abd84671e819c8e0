"""What a consumer's question may look at: the society's shops and what they sell; their own cart, orders, wallet."""

from __future__ import annotations

from typing import Any

from habrio_agent.clients.platform import Unread
from habrio_agent.tools.rules import CART_LINE, ITEM, ORDER, SHOP, chosen
from habrio_agent.tools.schemas import ItemsWanted, Nothing, OrdersWanted, OrderWanted, ShopItemsWanted, ShopsWanted
from habrio_agent.tools.tool import Read, Tool

SHOPS_LISTED_MAX = 20
SHOPS_SEARCHED_MAX = 5
ITEMS_OF_EACH_MAX = 10
ITEMS_LISTED_MAX = 30


def shops(read: Read, wanted: ShopsWanted) -> dict[str, Any]:
    found = read(
        "/api/v1/consumer/shops",
        query={"status": wanted.status, "type": wanted.type, "limit": SHOPS_LISTED_MAX},
    )
    return {"shops": [chosen(shop, SHOP) for shop in found["shops"]], "more": found["next_cursor"] is not None}


def search_items(read: Read, wanted: ItemsWanted) -> dict[str, Any]:
    """Of the open shops that match, what they sell of it; a shop that matches by its name alone sells nothing of it."""
    found = read("/api/v1/consumer/shops/search", query={"q": wanted.words, "limit": SHOPS_SEARCHED_MAX})
    items: list[dict[str, Any]] = []
    for shop in found["shops"]:
        query: dict[str, str | int | list[str] | None] = {"q": wanted.words, "limit": ITEMS_OF_EACH_MAX}
        try:
            sold = read("/api/v1/consumer/shop/{shop_id}/items", ids={"shop_id": shop["id"]}, query=query)
        except Unread:  # closed since, most likely: the others may still have it
            continue
        where = {"shop_id": shop["id"], "shop_name": shop["shop_name"]}
        items += [chosen(item, ITEM) | chosen(where, ("shop_id", "shop_name")) for item in sold["items"]]
    return {"items": items, "shops": [chosen(shop, SHOP) for shop in found["shops"]]}


def shop_items(read: Read, wanted: ShopItemsWanted) -> dict[str, Any]:
    found = read(
        "/api/v1/consumer/shop/{shop_id}/items",
        ids={"shop_id": wanted.shop_id},
        query={"q": wanted.words, "limit": ITEMS_LISTED_MAX},
    )
    items = [chosen(item, ITEM) for item in found["items"]]
    return {"shop": chosen(found["shop"], SHOP), "items": items, "more": found["next_cursor"] is not None}


def cart(read: Read, _wanted: Nothing) -> dict[str, Any]:
    """`peek`: a price that only a model has seen was not shown to the person, who would else confirm it unseen."""
    found = read("/api/v1/consumer/cart/view", query={"peek": "true"})
    lines = [chosen(line, CART_LINE) for line in found["cart"]]
    return {"cart": lines, "total_price": found["total_price"], "total_savings": found["total_savings"]}


def orders(read: Read, wanted: OrdersWanted) -> dict[str, Any]:
    found = read("/api/v1/consumer/order/history", query={"limit": wanted.limit})
    return {"orders": [chosen(order, ORDER) for order in found["orders"]], "more": found["next_cursor"] is not None}


def order(read: Read, wanted: OrderWanted) -> dict[str, Any]:
    found = read("/api/v1/consumer/orders/{order_id}", ids={"order_id": wanted.order_id})
    return {"order": chosen(found["order"], ORDER)}


def wallet(read: Read, _wanted: Nothing) -> dict[str, Any]:
    return {"balance": read("/api/v1/consumer/wallet")["balance"]}


TOOLS = (
    Tool("shops", "The shops of the person's housing society.", ShopsWanted, shops),
    Tool("search_items", "What the society's open shops sell, by words, with prices.", ItemsWanted, search_items),
    Tool("shop_items", "What one open shop sells, with prices.", ShopItemsWanted, shop_items),
    Tool("cart", "The person's cart, with prices as they are now.", Nothing, cart),
    Tool("orders", "The person's orders, newest first, with their state.", OrdersWanted, orders),
    Tool("order", "One of the person's orders, with its timeline, returns and issues.", OrderWanted, order),
    Tool("wallet", "The balance of the person's wallet, in rupees.", Nothing, wallet),
)
