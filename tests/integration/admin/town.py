"""People, shops and orders in the services around the admin service, and the administrator who looks at them."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from habrio_auth.users.models import User
from habrio_shared.database import db_now, reading, transaction
from habrio_shared.http_client import TargetRefused, TargetUnavailable
from habrio_shared.identity import Caller
from habrio_shared.outbox import deliver
from habrio_shared.outbox.put import RowId
from habrio_shared.outbox.tables import outbox
from tests.integration.mechanisms.transports import DirectTransport, in_own_thread
from tests.support.client import new_phone
from tests.support.signed import Signed, service

_shops = itertools.count(1)
CITY = "Pune"


class Neighbour:
    """Another service as a client of it sees it, without a network; `is_away`: nothing gets through to it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.is_away = False
        self.asked: list[str] = []

    def asked_by(self, name: str) -> Line:
        return Line(self, name)


@dataclass
class Line:
    """One service's way to a neighbour, in the place of its client."""

    neighbour: Neighbour
    name: str

    def request(
        self,
        method: str,
        path: str,
        *,
        json: object = None,
        params: dict[str, Any] | None = None,
        timeout_seconds: float = 3,
    ) -> dict[str, Any]:
        assert timeout_seconds > 0
        self.neighbour.asked.append(path)
        if self.neighbour.is_away:
            raise TargetUnavailable
        signed = service(self.neighbour.app, self.name)
        body, status = in_own_thread(lambda: _asked(signed, method, path, json, params)).values()
        if status >= 500:
            raise TargetUnavailable
        if status >= 400:
            raise TargetRefused(self.neighbour.app.name, status, body)
        return dict(body)


def _asked(signed: Signed, method: str, path: str, json: object, params: dict[str, Any] | None) -> dict[str, Any]:
    response = signed.request(method, path, json=json, query_string=params)
    return {"body": response.get_json(), "status": response.status_code}


@dataclass
class Town:
    """The services, the wires between them, and an administrator."""

    apps: dict[str, Flask]
    wire: DirectTransport
    neighbours: dict[str, Neighbour]
    society: str = field(default_factory=lambda: f"Green Park {secrets.token_hex(4)}")

    def __post_init__(self) -> None:
        self.admin = Signed(self.apps["admin"], self.new_caller("admin"))

    # ---- people

    def new_caller(self, role: str | None, name: str = "Ravi Kulkarni") -> Caller:
        """Somebody whom auth knows, as the gateway vouches for them."""
        phone = f"+91{new_phone()}"
        facts = {"phone": phone, "name": name, "city": CITY, "society": self.society, "role": role, "status": "active"}
        with self.apps["auth"].app_context(), transaction() as session:
            user = User(**facts, onboarded_at=db_now())
            session.add(user)
            session.flush()
            user_id = user.id
        known: Any = role or "none"
        return Caller("gateway", known, user_id, "s1", phone, name, CITY, self.society)

    def resident(self, rupees: float = 0) -> Signed:
        """A consumer with so much in the wallet."""
        person = Signed(self.apps["consumer"], self.new_caller("consumer"))
        if rupees:
            person.post("/consumer/wallet/load", {"amount": rupees})
        return person

    def shopkeeper(self) -> Shopkeeper:
        """A vendor with an open shop that sells rice at 10.50."""
        person = Shopkeeper(self.apps["vendor"], self.new_caller("vendor", "Asha Rao"))
        business = {"business_type": "grocery", "business_name": f"Asha Traders {next(_shops)}", "address": "Gate 2"}
        person.post("/vendor/profile", business)
        person.business = business["business_name"]
        person.post("/vendor/shop", {"shop_name": "Asha General Store", "shop_type": "grocery"})
        person.shop_id = person.get("/vendor/shop/my")["data"]["id"]
        person.item_id = person.post("/vendor/item/add", {"title": "Rice", "price": 10.5})["item_id"]
        return person

    def order(self, resident: Signed, shopkeeper: Shopkeeper, mode: str = "wallet", quantity: int = 2) -> int:
        """The id of an order that was placed."""
        resident.post("/consumer/cart/add", {"item_id": shopkeeper.item_id, "quantity": quantity})
        return int(resident.post("/consumer/order/confirm", {"payment_mode": mode})["order_id"])

    # ---- the wires

    def relay(self, name: str) -> None:
        """Deliver whatever the service has still to say, once, as its relay would."""
        app = self.apps[name]
        with app.app_context():
            with reading() as session:
                waiting = list(
                    session.scalars(select(outbox.c.id).where(outbox.c.done_at.is_(None)).order_by(outbox.c.id))
                )
            for row_id in waiting:
                deliver(RowId(row_id))

    # ---- the audit log

    def entries(self, **query: Any) -> list[dict[str, Any]]:
        """The audit log, newest first."""
        found: list[dict[str, Any]] = self.admin.get("/admin/audit", **query)["entries"]
        return found

    def proof(self) -> str:
        """What `flask verify-audit` says."""
        return str(self.apps["admin"].test_cli_runner().invoke(args=["verify-audit"]).output)


class Shopkeeper(Signed):
    business = ""
    shop_id = 0
    item_id = 0
