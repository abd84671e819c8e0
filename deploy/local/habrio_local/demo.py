"""`python -m habrio_local.demo <url>`: make the demo society through the public API, as its people would.

Run again it makes what is missing and leaves the rest alone. Development only: it reads the codes from test support.
"""

from __future__ import annotations

import http.client
import json
import sys
from typing import Any
from urllib.parse import urlsplit

from habrio_local import demo_data
from habrio_local.demo_data import Item, Shop
from habrio_local.problem import Problem

TIMEOUT_SECONDS = 15.0


class Client:
    """One person's connection to the gateway. `call` gives (status, body)."""

    def __init__(self, url: str) -> None:
        where = urlsplit(url)
        self._connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=TIMEOUT_SECONDS)
        self._token = ""

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, key: str = ""
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if key:
            headers["Idempotency-Key"] = key
        self._connection.request(method, path, json.dumps(body or {}) if method == "POST" else None, headers)
        answer = self._connection.getresponse()
        content: dict[str, Any] = json.loads(answer.read())
        return answer.status, content

    def post(self, path: str, body: dict[str, Any] | None = None, key: str = "") -> dict[str, Any]:
        """A call that must succeed. Raises Problem."""
        return self._expect(path, self.call("POST", f"/api/v1{path}", body, key))

    def get(self, path: str) -> dict[str, Any]:
        """A call that must succeed. Raises Problem."""
        return self._expect(path, self.call("GET", f"/api/v1{path}"))

    def has(self, path: str) -> bool:
        """Whether there is such a thing: 200 or 404, nothing else. Raises Problem."""
        status, body = self.call("GET", f"/api/v1{path}")
        if status == 404:
            return False
        self._expect(path, (status, body))
        return True

    def sign_in(self, phone: str, name: str, role: str) -> None:
        """Sign in by OTP and do the basic onboarding when it was not done. Raises Problem."""
        self.post("/send-otp", {"phone": phone})
        otp = self._expect("/test_support/otp", self.call("GET", f"/test_support/otp/{phone}"))["data"]["otp"]
        tokens = self.post("/verify-otp", {"phone": phone, "otp": otp})
        self._token = tokens["access_token"]
        if not tokens["basic_onboarding_done"]:
            person = {"name": name, "city": demo_data.CITY, "society": demo_data.SOCIETY, "role": role}
            self.post("/onboarding/basic", person)

    @staticmethod
    def _expect(path: str, answered: tuple[int, dict[str, Any]]) -> dict[str, Any]:
        status, body = answered
        if status not in (200, 201):
            raise Problem(f"{path} answers {status}: {body.get('message', body)}")
        return body


def seed(url: str) -> None:
    """Make the demo society, or what is missing of it. Raises Problem."""
    consumer = Client(url)
    consumer.sign_in(demo_data.CONSUMER_PHONE, demo_data.CONSUMER_NAME, "consumer")
    for shop in demo_data.SHOPS:
        _open_shop(Client(url), shop)
    if not consumer.has("/consumer/profile/me"):
        consumer.post("/consumer/onboarding", {"flat_number": demo_data.CONSUMER_FLAT, "preferred_language": "en"})
    if not consumer.get("/consumer/wallet/history")["transactions"]:
        consumer.post(
            "/consumer/wallet/load", {"amount": demo_data.WALLET_RUPEES, "reference": "demo"}, key="demo-wallet"
        )


def _open_shop(vendor: Client, shop: Shop) -> None:
    vendor.sign_in(shop.phone, shop.owner, "vendor")
    if not vendor.has("/vendor/profile"):
        business = {"business_type": shop.shop_type, "business_name": shop.shop_name, "address": shop.address}
        vendor.post("/vendor/profile", business)
    if not vendor.has("/vendor/shop/my"):
        about = {
            "shop_name": shop.shop_name,
            "shop_type": shop.shop_type,
            "description": shop.description,
            "delivers": True,
            "category_tags": shop.tags,
        }
        vendor.post("/vendor/shop", about)
    there = {item["title"] for item in vendor.get("/vendor/item/my?limit=100")["data"]}
    for item in shop.items:
        if item.title not in there:
            vendor.post("/vendor/item/add", _item_body(item), key=f"demo-{shop.phone}-{item.title}")


def _item_body(item: Item) -> dict[str, Any]:
    return {
        "title": item.title,
        "brand": item.brand,
        "price": item.price,
        "mrp": item.mrp,
        "unit": item.unit,
        "pack_size": item.pack_size,
        "category": item.category,
        "quantity_in_stock": item.stock,
    }


def main() -> int:
    try:
        seed(sys.argv[1])
    except (Problem, OSError, http.client.HTTPException, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
