"""Every operation of every service, asked through the gateway as every kind of caller."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pytest
import requests

from tests.security.matrix import MATRIX, PUBLIC, SIGNED_IN, Row
from tests.security.realm import Person, Realm
from tests.support.client import Phone, new_phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(ROOT.glob("services/*/openapi.json"))
DATABASE_ROLES = ("consumer", "vendor", "admin")

Kind = Literal["anonymous", "good", "suspended", "expired"]


@dataclass(frozen=True)
class Caller:
    """Somebody who asks. `owns`: the resources in the matrix are theirs, as far as their role has such."""

    name: str
    role: str
    person: Person | None
    kind: Kind = "good"
    owns: bool = False


@dataclass(frozen=True)
class Town:
    """All callers, and the ids that stand for `{order_id}` and the like."""

    realm: Realm
    callers: tuple[Caller, ...]
    ids: Mapping[str, int]


def documented() -> dict[str, str]:
    """Every committed operation and who may call it, as its service's document says."""
    found: dict[str, str] = {}
    for path in DOCUMENTS:
        for address, item in json.loads(path.read_text(encoding="utf-8"))["paths"].items():
            for method, operation in item.items():
                access = operation.get("x-habrio-requires", SIGNED_IN) if operation["security"] else PUBLIC
                found[f"{method.upper()} {address.replace('{phone}', '{new_phone}')}"] = access
    return found


def delivered_with_issue(resident: Phone, shop: Shop) -> int:
    """The id of an issue with another order of theirs, which is delivered."""
    fill_cart(resident, shop, Rice=1)
    order_id = resident.post("/consumer/order/confirm")["order_id"]
    shop.set_status(order_id, "delivered")
    issue = {"issue_type": "damaged", "description": "The bag was torn"}
    return int(resident.post(f"/consumer/orders/{order_id}/issue", issue)["issue_id"])


@pytest.fixture(scope="module")
def town(stack: Stack, realm: Realm) -> Town:
    """Two societies, an order in the first, and everybody who could ask for it."""
    home, elsewhere = Society(stack.url), Society(stack.url)
    shop, resident = home.open_shop(Rice=50), home.resident(money=500)
    fill_cart(resident, shop, Rice=1)
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"]
    issue_id = delivered_with_issue(resident, shop)
    sheet = {"file": ("items.csv", b"title,price\nRice,10\n")}
    task_id = shop.owner.raw("POST", "/vendor/item/bulk-upload", files=sheet).json()["task_id"]
    other_vendor, other_resident = elsewhere.open_shop(Tea=5).owner, elsewhere.resident()

    def who(phone: Phone) -> Person:
        return realm.person(f"+91{phone.phone}")

    def newcomer(role: str | None) -> Person:
        return realm.new_person(role, f"+91{new_phone()}")

    consumer = who(resident)
    suspended = [newcomer(role) for role in DATABASE_ROLES]
    for person in suspended:
        realm.act(person, "suspend")
    callers = (
        Caller("anonymous", "", None, "anonymous"),
        Caller("consumer", "consumer", consumer, owns=True),
        Caller("other consumer", "consumer", who(other_resident)),
        Caller("vendor", "vendor", who(shop.owner), owns=True),
        Caller("other vendor", "vendor", who(other_vendor)),
        Caller("admin", "admin", newcomer("admin")),
        Caller("no role yet", "none", newcomer(None)),
        *(
            Caller(f"suspended {role}", role, person, "suspended")
            for role, person in zip(DATABASE_ROLES, suspended, strict=True)
        ),
        Caller("expired", "consumer", consumer, "expired", owns=True),
        Caller("expired vendor", "vendor", who(shop.owner), "expired", owns=True),
    )
    paper = {"document_type": "pan_card", "file_url": "https://files.example.com/pan.pdf"}
    document_id = shop.owner.post("/vendor/upload-document", paper)["document_id"]
    ids = {
        "order_id": order_id,
        "issue_id": issue_id,
        "shop_id": shop.shop_id,
        "item_id": shop.items["Rice"],
        "document_id": document_id,
        "task_id": task_id,
        "user_id": consumer.user_id,
        "vendor_id": who(shop.owner).user_id,
        "service": "vendor",
        "event_id": 2**53 - 1,
    }
    return Town(realm, callers, ids)


def is_for_another_role(row: Row, caller: Caller) -> bool:
    return row.access not in (PUBLIC, SIGNED_IN) and row.access.partition(":")[0] != caller.role


def expected(row: Row, caller: Caller) -> int | None:
    """The status that identity decides; None where it lets the request pass to what the service makes of it."""
    if row.access == PUBLIC:
        return row.answer
    if caller.kind != "good":
        return {"anonymous": 401, "suspended": 403, "expired": 401}[caller.kind]
    if is_for_another_role(row, caller):
        return 403
    if row.stranger is not None and not caller.owns:
        return row.stranger
    return row.answer


WORDS: dict[str, str] = {"anonymous": "missing_token", "suspended": "account_suspended", "expired": "token_expired"}


def ask(town: Town, operation: str, row: Row, caller: Caller) -> requests.Response:
    """The request of one cell, in a session of its own: a log-out of one must not be the denial of the next."""
    token = ""
    session_id = 0
    if caller.person is not None:
        session = town.realm.new_session(caller.person)
        token = town.realm.expired_token(session) if caller.kind == "expired" else session.token
    owner = next(other.person for other in town.callers if other.owns)
    assert owner is not None
    if "{session_id}" in operation:
        session_id = town.realm.new_session(owner).row_id
    ids: dict[str, Any] = {**town.ids, "session_id": session_id, "new_phone": new_phone()}
    method, _, path = operation.partition(" ")
    body = {name: _filled(value, ids) for name, value in (row.body or {}).items()}
    options: dict[str, Any] = {"json": body} if method == "POST" else {"params": row.query}
    return town.realm.call(method, path.format(**ids), token, **options)


def _filled(value: Any, ids: Mapping[str, Any]) -> Any:
    return ids[value.strip("{}")] if isinstance(value, str) and value.startswith("{") else value


def test_every_operation_has_its_row_and_every_row_its_operation() -> None:
    assert {name: row.access for name, row in MATRIX.items()} == documented(), "write the new route into matrix.py"


def test_routes_with_a_resource_say_what_strangers_get() -> None:
    for operation, row in MATRIX.items():
        if "_id}" in operation and row.access not in (PUBLIC, "admin"):  # an administrator is no stranger anywhere
            is_of_an_order = "{order_id}" in operation or "{issue_id}" in operation
            assert row.stranger == (403 if is_of_an_order else 404), operation


@pytest.mark.parametrize("operation", MATRIX)
def test_everybody_gets_what_the_matrix_says(town: Town, operation: str) -> None:
    row = MATRIX[operation]
    wrong = []
    for caller in town.callers:
        answer = ask(town, operation, row, caller)
        # A session belongs to one person, whatever their role: the vendor owns none of the consumer's.
        owns = caller.owns and not ("{session_id}" in operation and caller.role == "vendor")
        status = expected(row, replace(caller, owns=owns))
        good = answer.status_code == status if status else answer.status_code not in (401, 403)
        if row.answer != 500:
            good = good and answer.status_code < 500
        if row.access != PUBLIC and caller.kind != "good":
            good = good and answer.json()["error"] == WORDS[caller.kind]
        elif is_for_another_role(row, caller):
            good = good and answer.json()["error"] == "forbidden"
        if not good:
            wrong.append(f"{caller.name}: {answer.status_code}, not {status or 'let in'}: {answer.text[:200]}")
    assert not wrong, f"{operation}\n" + "\n".join(wrong)


def test_after_a_suspension_the_old_token_is_refused_and_the_phone_cannot_log_in(stack: Stack, realm: Realm) -> None:
    phone = Phone(stack.url)
    phone.sign_in()
    realm.act(realm.person(f"+91{phone.phone}"), "suspend")
    assert phone.get("/me", expect=(401, 403))["error"] in ("session_ended", "account_suspended")
    assert phone.post("/auth/refresh", {"refresh_token": phone.refresh_token}, expect=403)["error"] == (
        "account_suspended"
    )
    phone.post("/send-otp", {"phone": phone.phone})
    otp = phone.get(f"/test_support/otp/{phone.phone}")["data"]["otp"]
    refused = phone.post("/verify-otp", {"phone": phone.phone, "otp": otp}, expect=403)
    assert refused["error"] == "account_suspended"
