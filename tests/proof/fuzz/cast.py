"""Who asks: an anonymous, a consumer, a vendor and an administrator, and what of the platform is theirs.

What is generated would hardly ever name something that exists; `Person.real` puts ids of real things in their places.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from habrio_gateway.spec import Document, merged, openapi_folder
from tests.security.realm import Person as User
from tests.security.realm import Realm, Session
from tests.support.client import Phone, new_phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack

RUPEES = 500_000
NOBODIES = 10
"""Users for administrators to suspend and to give roles to; made first, so that small numbers are theirs."""

ROLES = ("anonymous", "consumer", "vendor", "admin")

Ids = dict[str, list[Any]]
"""What exists, by the name that addresses and bodies have for it."""


def document() -> Document:
    """What /apispec.json says, from the committed documents."""
    folder = openapi_folder("")
    assert folder is not None
    found = sorted(folder.glob("*/openapi.json"))
    return merged({path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in found})


def rightful(operation: Document) -> str:
    """The role that an operation is for; a consumer where any will do."""
    if not operation["security"]:
        return "anonymous"
    return str(operation.get("x-habrio-requires", "consumer")).partition(":")[0]


@dataclass
class Person:
    """Somebody who asks, signed in unless `user` is None."""

    role: str
    realm: Realm
    user: User | None
    ids: Ids
    _session: Session | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The Authorization of the present session."""
        return {"Authorization": f"Bearer {self.token}"} if self.user else {}

    @property
    def token(self) -> str:
        """An access token of the present session."""
        assert self.user is not None
        if self._session is None:
            self._session = self.realm.new_session(self.user)
        return self._session.token

    def signed_out(self) -> None:
        """The session may have ended: the next request begins another."""
        self._session = None

    def real(self, name: str, given: Any, turn: int) -> Any:
        """`given`, or two times of three something real of this name, where there is such a thing of that kind."""
        if name == "session_id" and self.user:
            return self.realm.new_session(self.user).row_id
        known = [one for one in self.ids.get(name, ()) if type(one) is type(given)]
        return given if turn % 3 == 2 or not known else known[turn % len(known)]

    def with_real_ids(self, node: Any, turn: int) -> Any:
        """A body with real ids within."""
        if isinstance(node, dict):
            return {
                name: self.with_real_ids(value, turn)
                if isinstance(value, dict | list)
                else self.real(name, value, turn)
                for name, value in node.items()
            }
        return [self.with_real_ids(item, turn) for item in node] if isinstance(node, list) else node


@dataclass
class Cast:
    """A society with a shop and a resident; `people` by role, who know of the same `ids`."""

    realm: Realm
    shop: Shop
    resident: Phone
    ids: Ids = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    @classmethod
    def of(cls, stack: Stack, realm: Realm) -> Cast:
        """Everybody, on a platform that runs."""
        society = Society(stack.url)
        nobodies = [realm.new_person("consumer", f"+91{new_phone()}") for _ in range(NOBODIES)]
        made = cls(realm, society.open_shop(Rice=100_000), society.resident(money=RUPEES))
        users: dict[str, Any] = {
            "anonymous": None,
            "consumer": realm.person(f"+91{made.resident.phone}"),
            "vendor": realm.person(f"+91{made.shop.owner.phone}"),
            "admin": realm.new_person("admin", f"+91{new_phone()}"),
        }
        made.people = {role: Person(role, realm, users[role], made.ids) for role in ROLES}
        made.refresh()
        paper = {"document_type": "pan_card", "file_url": "https://files.example.com/pan.pdf"}
        sheet = {"file": ("items.csv", b"title,price\nRice,10\n")}
        made.ids |= {
            "shop_id": [made.shop.shop_id],
            "document_id": [made.shop.owner.post("/vendor/upload-document", paper)["document_id"]],
            "task_id": [made.shop.owner.raw("POST", "/vendor/item/bulk-upload", files=sheet).json()["task_id"]],
            "phone": [new_phone(), made.resident.phone],
            "user_id": [nobody.user_id for nobody in nobodies],
            "vendor_id": [users["vendor"].user_id],
        }
        return made

    def refresh(self) -> None:
        """New items and new orders in every state, whatever has become of those before; the shop is open."""
        for phone, role in ((self.shop.owner, "vendor"), (self.resident, "consumer")):
            phone.token = self.people[role].token
        self.shop.owner.post("/vendor/shop/toggle-status", {"is_open": True})
        self.resident.post("/consumer/cart/clear")
        item = {"title": "Rice", "price": 10.5, "quantity_in_stock": 100_000}
        made = [self.shop.owner.post("/vendor/item/add", item)["item_id"] for _ in range(4)]
        self.shop.items["Rice"] = made[0]
        changed, returned = self._order(), self._order("delivered")
        change = {"modifications": [{"item_id": made[0], "quantity": 1}]}
        self.shop.owner.post(f"/vendor/orders/{changed}/modify", change)
        goods = {"reason": "broken", "items": [{"item_id": made[0], "quantity": 1}]}
        self.resident.post(f"/consumer/orders/{returned}/return/raise", goods)
        orders = [changed, returned, self._order(), self._order("accepted"), self._order("delivered")]
        issue = {"issue_type": "damaged", "description": "The bag was torn"}
        issue_id = self.resident.post(f"/consumer/orders/{orders[-1]}/issue", issue)["issue_id"]
        self.ids |= {"item_id": made, "order_id": orders, "issue_id": [issue_id]}
        fill_cart(self.resident, self.shop, Rice=1)

    def _order(self, *statuses: str) -> int:
        fill_cart(self.resident, self.shop, Rice=2)
        order_id = int(self.resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"])
        for status in statuses:
            self.shop.set_status(order_id, status)
        return order_id
