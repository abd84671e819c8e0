"""The front door as the agent sees it: a local HTTP server that answers what it is told to and notes who asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.serving import QuietHandler, serving

Answer = tuple[int, Any]


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


@dataclass
class PlatformDouble:
    """`pages` are the answers by path; what has none is 404. A page may be bytes, which are sent as they are."""

    url: str = ""
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def show(self, path: str, body: Any, status: int = 200) -> None:
        self.pages[f"/api/v1{path}"] = (status, body)

    @property
    def paths(self) -> list[str]:
        return [asked.path.removeprefix("/api/v1") for asked in self.asked]


@contextmanager
def running_platform_double() -> Iterator[PlatformDouble]:
    double = PlatformDouble()

    class Handler(QuietHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            double.asked.append(Asked(self.command, parts.path, parse_qs(parts.query), dict(self.headers)))
            status, body = double.pages.get(parts.path, (404, {"status": "error", "message": "Not found"}))
            if not status:
                self.close_connection = True
                return
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    with serving(Handler) as url:
        double.url = url
        yield double


SHOP = {
    "id": 3,
    "shop_name": "Asha General Store",
    "shop_type": "grocery",
    "description": "",
    "society": "Green Park",
    "is_open": True,
    "delivers": True,
    "appointment_only": False,
    "category_tags": "",
    "logo_url": "https://pictures.example/1.png",
    "rating": None,
    "verified": False,
    "featured": False,
}
RICE = {
    "id": 7,
    "title": "Basmati rice",
    "brand": "",
    "price": 84.5,
    "mrp": None,
    "discount": None,
    "description": "Long grain",
    "unit": "kg",
    "pack_size": "1",
    "category": "grains",
    "tags": "",
    "sku": "",
    "expiry_date": None,
    "image_url": "https://pictures.example/2.png",
    "in_stock": True,
}
LINE = {"item_id": 7, "name": "Basmati rice", "unit": "kg", "quantity": 2, "unit_price": 84.5, "subtotal": 169}
SHOP_ORDER = {
    "order_id": 11,
    "customer": "+919876543210",
    "customer_name": "Meera Joshi",
    "flat_number": "C-1203",
    "society": "Green Park",
    "payment_mode": "cash",
    "payment_status": "unpaid",
    "status": "pending",
    "total_amount": 169,
    "final_amount": 169,
    "delivery_notes": "Ring at Mrs Joshi's",
    "created_at": "2026-11-23T10:00:00.000Z",
    "items": [LINE],
    "returns": [],
}


def fill(double: PlatformDouble) -> None:
    """A society with a shop that sells rice, and a resident with 250 rupees."""
    double.pages.clear()
    double.asked.clear()
    double.show("/consumer/shops", {"status": "success", "shops": [SHOP], "next_cursor": None})
    double.show("/consumer/shops/search", {"status": "success", "shops": [SHOP], "next_cursor": None})
    items = {"status": "success", "shop": SHOP, "items": [RICE], "next_cursor": None}
    double.show("/consumer/shop/3/items", items)
    cart = {"status": "success", "cart": [], "total_price": 0, "total_savings": 0, "stale": False}
    double.show("/consumer/cart/view", cart)
    double.show("/consumer/order/history", {"status": "success", "orders": [], "next_cursor": None})
    double.show("/consumer/wallet", {"status": "success", "balance": 250})
    double.show("/vendor/shop/my", {"status": "success", "data": SHOP})
    double.show("/vendor/item/my", {"status": "success", "data": [RICE], "next_cursor": None})
    double.show("/vendor/orders", {"status": "success", "orders": [SHOP_ORDER], "next_cursor": None})
