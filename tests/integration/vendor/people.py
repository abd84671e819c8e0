"""Vendors and residents as the gateway passes them on to the vendor service, and the consumer service itself."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from flask import Flask
from werkzeug.test import TestResponse

from habrio_shared import outbox
from habrio_shared.contracts.acts import ADJUST_VENDOR
from habrio_shared.contracts.orders import CancelOrder, ConfirmChange, MoveApplied, OrderLine, PlaceOrder
from habrio_shared.identity import Caller
from habrio_shared.identity.caller import Role
from tests.support import acts
from tests.support.signed import Signed, service

CITY = "Pune"

_ids = itertools.count(1000)


def new_id() -> int:
    """A number that no other test has: a user's, an order's."""
    return next(_ids)


class Person(Signed):
    """Somebody signed in, of the society given; nobody else has the same id and phone."""

    def __init__(self, app: Flask, role: Role, society: str, *, name: str = "Asha Rao") -> None:
        self.user_id = new_id()
        self.society = society
        self.name = name
        self.phone = f"+9198{self.user_id:08d}"
        super().__init__(app, Caller("gateway", role, self.user_id, "s1", self.phone, name, CITY, society))

    def raw(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request below /api/v1, whatever its answer."""
        return self.request(method, "/api/v1" + path, **options)

    def get(self, path: str, *, expect: int = 200, **query: Any) -> dict[str, Any]:
        if "?" not in path:
            return super().get(path, expect=expect, **query)
        assert not query
        return self._checked(self.raw("GET", path), expect)


class Vendor(Person):
    """A vendor; `open_shop` makes the profile and the shop."""

    def open_shop(self, **fields: Any) -> int:
        self.post("/vendor/profile", {"business_type": "grocery", "business_name": "Asha Traders", "address": "Gate 2"})
        body = {"shop_name": "Asha General Store", "shop_type": "grocery", **fields}
        return int(self.post("/vendor/shop", body)["shop_id"])

    def add_item(self, title: str = "Rice", price: float = 10.5, stock: int = 10, **fields: Any) -> int:
        body = {"title": title, "price": price, "quantity_in_stock": stock, **fields}
        return int(self.post("/vendor/item/add", body)["item_id"])

    def item(self, item_id: int) -> dict[str, Any]:
        return next(item for item in self.get("/vendor/item/my")["data"] if item["id"] == item_id)

    def in_stock(self, item_id: int) -> int:
        return int(self.item(item_id)["quantity_in_stock"])

    def orders(self, **query: Any) -> list[dict[str, Any]]:
        orders: list[dict[str, Any]] = self.get("/vendor/orders", **query)["orders"]
        return orders

    def messages(self, order_id: int) -> list[tuple[str, str]]:
        """(sender's phone, text) of what was said about the order, newest first."""
        found = self.get(f"/vendor/orders/{order_id}/messages")["messages"]
        return [(said["sender_phone"], said["message"]) for said in found]

    def set_bank(self, account_number: str = "001234567890") -> None:
        """The bank account to which withdrawals go from now on."""
        bank = {"bank_name": "State Bank", "account_number": account_number, "ifsc_code": "SBIN0001234"}
        self.post("/vendor/payout/setup", bank)

    def balance(self) -> float:
        return float(self.get("/vendor/wallet")["balance"])

    def withdraw(self, amount: float, *, expect: int = 200, key: str = "") -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else None
        return self.post("/vendor/wallet/withdraw", {"amount": amount}, expect=expect, headers=headers)

    def payouts(self) -> list[dict[str, Any]]:
        payouts: list[dict[str, Any]] = self.get("/vendor/payouts")["payouts"]
        return payouts

    def transactions(self) -> list[tuple[str, float, str]]:
        """(type, amount, status) of every movement of the wallet, newest first."""
        history = self.get("/vendor/wallet/history")["transactions"]
        return [(entry["type"], entry["amount"], entry["status"]) for entry in history]

    def set_status(self, order_id: int, status: str, *, expect: int = 200) -> dict[str, Any]:
        return self.post(f"/vendor/orders/{order_id}/status", {"status": status}, expect=expect)

    def modify(self, order_id: int, quantities: Mapping[int, object], *, expect: int = 200) -> dict[str, Any]:
        """Propose so many pieces of each item."""
        wanted = [{"item_id": item_id, "quantity": quantity} for item_id, quantity in quantities.items()]
        return self.post(f"/vendor/orders/{order_id}/modify", {"modifications": wanted}, expect=expect)


class ConsumerService:
    """The consumer service as the vendor service meets it: it places and cancels, and hears of every move.

    `heard` are the moves told, in order; a delivered wallet order is answered with its total as captured. `is_away`
    makes every message to it fail; `noted` are those that it only takes down. It also hears what is meant for auth:
    `onboarded` are the vendors told of, `reviewed` (vendor, status, version) of each review.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.heard: list[dict[str, Any]] = []
        self.is_away = False
        self.onboarded: list[int] = []
        self.reviewed: list[tuple[int, str, int]] = []
        self.by_wallet: set[int] = set()
        self.noted: list[tuple[str, dict[str, Any]]] = []
        self._signed = service(app, "consumer")

    def send(
        self, target: str, kind: str, key: str, body: dict[str, Any], timeout_seconds: float, headers: dict[str, str]
    ) -> dict[str, Any]:
        """What the outbox calls to deliver a message."""
        assert timeout_seconds > 0 and headers["X-Request-ID"]
        if (target, kind) == ("auth", "users.vendor_onboarded"):
            self.onboarded.append(body["user_id"])
            return {}
        if (target, kind) == ("auth", "users.vendor_reviewed"):
            assert key == f"vendor_reviewed:{body['user_id']}:{body['version']}"
            self.reviewed.append((body["user_id"], body["kyc_status"], body["version"]))
            return {}
        assert target == "consumer"
        if kind != "orders.moved":
            if self.is_away:
                raise outbox.Undelivered("away", is_away=True)
            self.noted.append((kind, body))
            return {}
        of_returns = f":{body['returns_version']}" if body["returns_version"] else ""
        assert key == f"moved:{body['order_id']}:{body['version']}{of_returns}"
        if self.is_away:
            raise outbox.Undelivered("away", is_away=True)
        self.heard.append(body)
        is_paid = body["status"] == "delivered" and body["order_id"] in self.by_wallet
        captured = body["total_paise"] if is_paid else 0
        return MoveApplied(captured_paise=captured).model_dump()

    def heard_of(self, order_id: int) -> list[tuple[str, int, str]]:
        """(status, version, by) of each move of the order that was told."""
        return [(said["status"], said["version"], said["by"]) for said in self.heard if said["order_id"] == order_id]

    def ask(self, path: str, body: dict[str, Any], *, expect: int = 200, message_id: str = "") -> dict[str, Any]:
        response = self._signed.request("POST", path, json=body, headers={"X-Message-Id": message_id})
        assert response.status_code == expect, response.text
        answer: dict[str, Any] = response.get_json()
        return answer

    def tell(self, kind: str, message_id: str, body: dict[str, Any]) -> dict[str, Any]:
        reply: dict[str, Any] = self.ask(f"/internal/messages/{kind}", body, message_id=message_id)["reply"]
        return reply

    def place(self, order: PlaceOrder, *, message_id: str = "") -> dict[str, Any]:
        if order.payment_mode == "wallet":
            self.by_wallet.add(order.order_id)
        return self.tell("orders.place", message_id or f"place:{order.order_id}", order.model_dump(mode="json"))

    def cancel(self, order_id: int, *, shop_id: int = 1, reason: str = "") -> dict[str, Any]:
        body = CancelOrder(order_id=order_id, shop_id=shop_id, reason=reason)
        return self.tell("orders.cancel", f"cancel:{order_id}:{secrets.token_hex(4)}", body.model_dump(mode="json"))

    def confirm(self, order_id: int, change: int = 1) -> dict[str, Any]:
        body = ConfirmChange(order_id=order_id, change=change).model_dump(mode="json")
        return self.tell("orders.confirm_change", f"confirm:{order_id}:{change}:{secrets.token_hex(4)}", body)


@dataclass
class World:
    """A society with one open shop, one resident, and the consumer service."""

    app: Flask
    society: str
    consumer: ConsumerService
    vendor: Vendor
    shop_id: int
    resident: Person

    def order(
        self,
        lines: Mapping[int, int],
        *,
        price: float = 10.5,
        mode: Literal["cash", "wallet"] = "wallet",
        **fields: Any,
    ) -> PlaceOrder:
        """An order for so many pieces of each item, each shown at `price`."""
        given = {
            "order_id": new_id(),
            "shop_id": self.shop_id,
            "consumer_id": self.resident.user_id,
            "phone": self.resident.phone,
            "name": self.resident.name,
            "flat_number": "B-402",
            "city": CITY,
            "society": self.society,
            "payment_mode": mode,
            "delivery_notes": "Ring twice",
            "lines": [
                OrderLine(
                    item_id=item_id,
                    title=f"Item {item_id}",
                    unit="pcs",
                    quantity=quantity,
                    unit_price_paise=round(price * 100),
                )
                for item_id, quantity in lines.items()
            ],
            "placed_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        }
        return PlaceOrder.model_validate({**given, **fields})

    @property
    def admin(self) -> Signed:
        """The admin service."""
        return service(self.app, "admin")

    def give(self, vendor: Vendor, rupees: float) -> None:
        """Money in the vendor's wallet, from an administrator."""
        given = {"user_id": vendor.user_id, "amount_paise": round(rupees * 100), "reason": "Opening"}
        acts.done(self.admin, ADJUST_VENDOR, **given)

    def place(self, lines: Mapping[int, int], **fields: Any) -> int:
        """The id of an order that was placed."""
        order = self.order(lines, **fields)
        assert self.consumer.place(order)["status"] == "pending"
        return order.order_id

    def delivered(self) -> int:
        """The id of an order that was placed and delivered."""
        order_id = self.place({self.vendor.add_item(): 1})
        self.vendor.set_status(order_id, "delivered")
        return order_id


def make_world(app: Flask) -> World:
    """A new society, so that no test meets another's shops."""
    society = f"Green Park {secrets.token_hex(4)}"
    consumer = ConsumerService(app)
    app.extensions["habrio_transport"] = consumer
    vendor = Vendor(app, "vendor", society)
    resident = Person(app, "consumer", society, name="Ravi Kulkarni")
    return World(app, society, consumer, vendor, vendor.open_shop(), resident)
