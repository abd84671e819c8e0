"""The main journey through the one URL: from log-in to a delivered order and back out (API.md, every JSON checked).

Used by the end-to-end tests and by `make smoke`, which may be run again and again on the same stack.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.support.client import Phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.waiting import until

Step = Callable[[str], None]

TOKEN_FIELDS = {
    "access_token",
    "refresh_token",
    "token_type",
    "expires_in",
    "basic_onboarding_done",
    "role_onboarding_done",
    "role",
}
SHOP_FIELDS = {
    *("id", "shop_name", "shop_type", "description", "society", "is_open", "delivers", "appointment_only"),
    *("category_tags", "logo_url", "rating", "verified", "featured"),
}
ITEM_FIELDS = {
    *("id", "title", "brand", "price", "mrp", "discount", "description", "unit", "pack_size", "category"),
    *("tags", "sku", "expiry_date", "image_url"),
}
CART_FIELDS = {
    *("id", "item_id", "item_name", "title", "name", "brand", "image_url", "available", "price", "mrp", "savings"),
    *("quantity", "unit", "pack_size", "subtotal", "shop_id", "shop_name"),
}
HISTORY_FIELDS = {
    *("order_id", "shop_id", "shop_name", "shop_type", "payment_mode", "payment_status", "status", "total_amount"),
    *("final_amount", "delivery_notes", "created_at", "item_count", "items"),
}
VENDOR_ORDER_FIELDS = {
    *("order_id", "customer", "customer_name", "flat_number", "society", "payment_mode", "payment_status", "status"),
    *("total_amount", "final_amount", "delivery_notes", "created_at", "items"),
}


def has(found: dict[str, object], fields: set[str]) -> None:
    missing = fields - found.keys()
    assert not missing, f"missing {sorted(missing)} in {found}"


def run(url: str, say: Step = lambda _line: None, *, patience_seconds: float = 0) -> None:
    """Walk the whole journey against the stack at `url`; an AssertionError says where it went wrong.

    With patience it ends right even if a process dies on the way: what must be so at once otherwise may take so long.
    """
    society = Society(url, patience_seconds=patience_seconds)
    say("a vendor signs in, opens a shop and lists two items")
    shop = society.open_shop(Rice=50, Tea=20)
    assert shop.owner.get("/me")["data"]["role"] == "vendor"
    say("a resident signs in and loads the wallet")
    resident = society.resident()
    has(resident.sign_in(), TOKEN_FIELDS)
    loaded = resident.post("/consumer/wallet/load", {"amount": 500.5})
    assert loaded["balance"] == 500.5
    say("the resident finds the shop and its items")
    browse(resident, shop)
    say("an order by wallet and one by cash")
    by_wallet = buy(resident, shop, "wallet", Rice=2, Tea=1)  # 2 × 10.50 + 21.00 = 42.00
    by_cash = buy(resident, shop, "cash", Tea=3)  # 3 × 21.00 = 63.00
    assert resident.get("/consumer/wallet")["balance"] == 458.5
    say("the vendor sees both, accepts and delivers")
    deliver(shop, by_wallet, by_cash)
    assert shop.balance() == 42.0
    assert (shop.stock("Rice"), shop.stock("Tea")) == (48, 16)
    say("both sides agree on how it ended")
    agree(resident, shop, by_wallet, by_cash)
    say("an order is cancelled: money and stock come back")
    cancelled = buy(resident, shop, "wallet", Rice=5)
    assert resident.get("/consumer/wallet")["balance"] == 406.0
    give_back(resident, cancelled)
    assert resident.get("/consumer/wallet")["balance"] == 458.5
    assert shop.stock("Rice") == 48
    say("refresh, log out: the old token is refused at once")
    leave(resident)


def browse(resident: Phone, shop: Shop) -> None:
    shops = resident.get("/consumer/shops")["shops"]
    assert [found["id"] for found in shops] == [shop.shop_id]
    has(shops[0], SHOP_FIELDS)
    assert [found["id"] for found in resident.get("/consumer/shops/search", q="rice")["shops"]] == [shop.shop_id]
    for path in (f"/consumer/shop/{shop.shop_id}/items", f"/shop/{shop.shop_id}/items"):
        items = resident.get(path)["items"]
        assert {item["title"]: item["price"] for item in items} == {"Rice": 10.5, "Tea": 21}
        has(items[0], ITEM_FIELDS)


def buy(resident: Phone, shop: Shop, payment_mode: str, **quantities: int) -> int:
    fill_cart(resident, shop, **quantities)
    view = resident.get("/consumer/cart/view")
    assert {line["title"]: line["quantity"] for line in view["cart"]} == quantities
    has(view["cart"][0], CART_FIELDS)
    order = {"payment_mode": payment_mode, "delivery_notes": "Ring twice"}
    expect = (200, 202) if resident.patience_seconds else (200,)
    order_id = int(resident.post("/consumer/order/confirm", order, expect=expect)["order_id"])
    until(
        lambda: len(resident.get(f"/consumer/orders/{order_id}")["order"]["timeline"]) == 1,
        seconds=resident.patience_seconds,
        what=f"order {order_id} is placed",
    )
    assert resident.get("/consumer/cart/view")["cart"] == []
    return order_id


def deliver(shop: Shop, by_wallet: int, by_cash: int) -> None:
    orders = shop.orders()
    has(orders[by_wallet], VENDOR_ORDER_FIELDS)
    assert {order_id: order["status"] for order_id, order in orders.items()} == {
        by_wallet: "pending",
        by_cash: "pending",
    }
    assert orders[by_wallet]["flat_number"] == "B-402"
    shop.set_status(by_wallet, "accepted")
    shop.set_status(by_wallet, "delivered")
    paid = "a wallet order's money reaches the vendor on delivery"
    until(lambda: shop.balance() == 42.0, seconds=shop.owner.patience_seconds, what=paid)
    shop.set_status(by_cash, "delivered")
    again = shop.set_status(by_wallet, "delivered", expect=400)
    assert "delivered" in again["message"]


def agree(resident: Phone, shop: Shop, by_wallet: int, by_cash: int) -> None:
    until(
        lambda: {order["status"] for order in resident.get("/consumer/order/history")["orders"]} == {"delivered"},
        seconds=resident.patience_seconds,
        what="the consumer's side has heard of both deliveries",
    )
    history = {order["order_id"]: order for order in resident.get("/consumer/order/history")["orders"]}
    has(history[by_wallet], HISTORY_FIELDS)
    vendor_side = shop.orders()
    for order_id, total in ((by_wallet, 42.0), (by_cash, 63.0)):
        for order in (history[order_id], vendor_side[order_id]):
            assert (order["status"], order["payment_status"]) == ("delivered", "paid")
            assert order["total_amount"] == order["final_amount"] == total
    one = resident.get(f"/consumer/orders/{by_wallet}")["order"]
    assert [(step["status"], step["by"]) for step in one["timeline"]] == [
        ("pending", "consumer"),
        ("accepted", "vendor"),
        ("delivered", "vendor"),
    ]
    moves = resident.get("/consumer/wallet/history")["transactions"]
    assert [(move["type"], move["amount"]) for move in moves] == [("debit", 42), ("recharge", 500.5)]
    assert [move["amount"] for move in shop.owner.get("/vendor/wallet/history")["transactions"]] == [42]
    resident.post(f"/consumer/orders/{by_wallet}/cancel", expect=400)


def give_back(resident: Phone, order_id: int) -> None:
    expect = (200, 202) if resident.patience_seconds else (200,)
    assert resident.post(f"/consumer/orders/{order_id}/cancel", expect=expect)["refund"] in (52.5, None)
    until(
        lambda: resident.get(f"/consumer/orders/{order_id}")["order"]["status"] == "cancelled",
        seconds=resident.patience_seconds,
        what=f"order {order_id} is cancelled",
    )


def leave(resident: Phone) -> None:
    before = resident.refresh_token
    resident.refresh()
    resident.get("/me")
    resident.post("/logout")
    resident.get("/me", expect=401)
    resident.post("/auth/refresh", {"refresh_token": resident.refresh_token}, expect=401)
    resident.post("/auth/refresh", {"refresh_token": before}, expect=401)
