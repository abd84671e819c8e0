"""Residents as the gateway passes them on, and the services around the consumer service: vendor and auth."""

from __future__ import annotations

import itertools
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from habrio_shared import outbox
from habrio_shared.contracts.catalogue import Quote, QuotedItem
from habrio_shared.database import transaction
from habrio_shared.http_client import TargetRefused, TargetUnavailable
from habrio_shared.identity import Caller
from habrio_shared.outbox.tables import outbox as outbox_rows
from tests.integration.consumer.vendor_double import VendorDouble, item
from tests.support.signed import Signed
from tests.support.waiting import until

CITY = "Pune"

_ids = itertools.count(1000)


def new_id() -> int:
    """A number that no other test has: a user's, an item's."""
    return next(_ids)


class Resident(Signed):
    """A consumer of the society given."""

    def __init__(self, app: Flask, society: str, *, name: str = "Ravi Kulkarni") -> None:
        self.user_id = new_id()
        self.phone = f"+9198{self.user_id:08d}"
        super().__init__(app, Caller("gateway", "consumer", self.user_id, "s1", self.phone, name, CITY, society))

    def raw(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request below /api/v1, whatever its answer."""
        return self.request(method, "/api/v1" + path, **options)

    def load(self, rupees: float) -> None:
        self.post("/consumer/wallet/load", {"amount": rupees})

    def balance(self) -> float:
        return float(self.get("/consumer/wallet")["balance"])

    def fill(self, *item_ids: int, quantity: int = 1) -> None:
        for item_id in item_ids:
            self.post("/consumer/cart/add", {"item_id": item_id, "quantity": quantity})

    def cart(self) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self.get("/consumer/cart/view")["cart"]
        return lines

    def confirm(self, mode: str = "wallet", *, expect: int = 200, key: str = "") -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else None
        return self.post("/consumer/order/confirm", {"payment_mode": mode}, expect=expect, headers=headers)

    def order(self, order_id: int) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/consumer/orders/{order_id}")["order"]
        return found

    def status(self, order_id: int) -> str:
        return str(self.order(order_id)["status"])

    def orders(self) -> list[int]:
        return [order["order_id"] for order in self.get("/consumer/order/history")["orders"]]

    def cancel(self, order_id: int, *, expect: int = 200, key: str = "", reason: str = "") -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else None
        body = {"reason": reason}
        return self.post(f"/consumer/orders/{order_id}/cancel", body, expect=expect, headers=headers)

    def confirm_change(self, order_id: int, *, expect: int = 200, key: str = "") -> dict[str, Any]:
        headers = {"Idempotency-Key": key} if key else None
        return self.post(f"/consumer/orders/{order_id}/confirm-modified", expect=expect, headers=headers)

    def messages(self, order_id: int) -> list[tuple[str, str]]:
        """(sender's phone, text) of what was said about the order, newest first."""
        found = self.get(f"/consumer/orders/{order_id}/messages")["messages"]
        return [(said["sender_phone"], said["message"]) for said in found]

    def movements(self) -> list[tuple[str, float]]:
        """(type, amount) of the wallet's history, newest first."""
        found = self.get("/consumer/wallet/history")["transactions"]
        return [(move["type"], move["amount"]) for move in found]


class Catalogue:
    """The vendor service's answers to quotes, in the place of the client for it. `asked` counts the questions."""

    def __init__(self, vendor: VendorDouble, society: str) -> None:
        self.asked: list[list[int]] = []
        self.before_answer: Callable[[], None] | None = None
        self._vendor = vendor
        self._society = society

    def request(self, method: str, path: str, *, json: dict[str, Any], timeout_seconds: float = 3) -> dict[str, Any]:
        assert (method, path) == ("POST", "/internal/catalogue/quote")
        assert timeout_seconds <= 3
        if self._vendor.is_away:
            raise TargetUnavailable
        self.asked.append(json["item_ids"])
        found = [self._vendor.items[item_id] for item_id in json["item_ids"] if item_id in self._vendor.items]
        here = [offer for offer in found if (json["city"], json["society"]) == (CITY, self._society)]
        answer = Quote(items=here).model_dump(mode="json")
        if self.before_answer:
            self.before_answer()
        return {"status": "success", **answer}


class Auth:
    """The auth service's answers to changes of names."""

    def __init__(self) -> None:
        self.named: list[tuple[str, str]] = []
        self.is_away = False
        self.refuses = False

    def request(self, method: str, path: str, *, json: dict[str, Any]) -> dict[str, Any]:
        assert method == "POST"
        if self.is_away:
            raise TargetUnavailable
        if self.refuses:
            raise TargetRefused("auth", 404, {"error": "user_not_found", "message": "User not found"})
        self.named.append((path, json["name"]))
        return {"status": "success"}


class Wire:
    """The outbox's transport: carries each message to the double it is for, or loses it or its reply.

    `sent` counts the tries by message id; `loses_replies` so many messages arrive whose reply does not.
    """

    def __init__(self, vendor: VendorDouble) -> None:
        self.sent: Counter[str] = Counter()
        self.onboarded: list[int] = []
        self.loses_replies = 0
        self.before_send: Callable[[str], None] | None = None
        self.after_send: Callable[[str], None] | None = None
        self._vendor = vendor
        self._lock = threading.Lock()

    def send(
        self, target: str, kind: str, key: str, body: dict[str, Any], timeout_seconds: float, headers: dict[str, str]
    ) -> dict[str, Any]:
        """What the outbox calls to deliver a message."""
        assert timeout_seconds > 0 and headers["X-Request-ID"]
        with self._lock:
            self.sent[key] += 1
        if (target, kind) == ("auth", "users.consumer_onboarded"):
            self.onboarded.append(body["user_id"])
            return {}
        assert target == "vendor"
        if self.before_send:
            self.before_send(key)
        if self._vendor.is_away:
            raise outbox.Undelivered("away", is_away=True)
        reply = self._vendor.receive(kind, key, body)
        if self.after_send:
            self.after_send(key)
        with self._lock:
            if self.loses_replies:
                self.loses_replies -= 1
                raise outbox.Undelivered("the reply was lost", is_away=False)
        return reply


@dataclass
class World:
    """A society with one open shop of two items (Rice 10.50, mrp 12; Tea 21) and a resident; and the other services."""

    app: Flask
    society: str
    vendor: VendorDouble
    catalogue: Catalogue
    auth: Auth
    wire: Wire
    resident: Resident
    rice: int
    tea: int

    def neighbour(self) -> Resident:
        return Resident(self.app, self.society, name="Meera Joshi")

    def sell(self, title: str, **facts: Any) -> QuotedItem:
        """Another item; of the same shop unless `shop_id` is given."""
        return self.vendor.offer(item(new_id(), title, **{"shop_id": self.vendor.items[self.rice].shop_id, **facts}))

    def delivered(self, mode: str = "cash") -> int:
        """The id of an order of the resident that was delivered."""
        order_id = self.placed(mode)
        self.vendor.move_and_tell(order_id, "delivered")
        return order_id

    def placed(self, mode: str = "wallet", *, quantity: int = 2) -> int:
        """The id of an order of so much rice (10.50 each) by the resident."""
        self.resident.fill(self.rice, quantity=quantity)
        return int(self.resident.confirm(mode)["order_id"])

    @contextmanager
    def relaying(self) -> Iterator[None]:
        """The worker's relay runs; what waits for its next try is due at once."""
        self.due_now()
        stop = threading.Event()
        thread = threading.Thread(target=outbox.Relay(self.app).run, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(10)

    def due_now(self) -> None:
        with self.app.app_context(), transaction() as session:
            for row_id in session.scalars(select(outbox_rows.c.id).where(outbox_rows.c.done_at.is_(None))).all():
                outbox.retry_now(session, row_id)

    def relay_until(self, condition: Callable[[], bool], what: str) -> None:
        with self.relaying():
            until(condition, seconds=10, what=what)


def make_world(app: Flask) -> World:
    """A new society, so that no test meets another's."""
    society = f"Green Park {secrets.token_hex(4)}"
    vendor = VendorDouble(app)
    shop_id = new_id()
    rice = vendor.offer(item(new_id(), "Rice", shop_id=shop_id, price_paise=1050, mrp_paise=1200))
    tea = vendor.offer(item(new_id(), "Tea", shop_id=shop_id, price_paise=2100))
    catalogue, auth, wire = Catalogue(vendor, society), Auth(), Wire(vendor)
    app.extensions["habrio_clients"].update(vendor=catalogue, auth=auth)
    app.extensions["habrio_transport"] = wire
    return World(
        app, society, vendor, catalogue, auth, wire, Resident(app, society), rice=rice.item_id, tea=tea.item_id
    )
