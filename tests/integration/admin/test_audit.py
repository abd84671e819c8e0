"""The audit log: every act leaves its entries, none can be changed, and a chain that was touched is found out."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from habrio_shared.append_only import append_only_ddl, changeable_ddl
from habrio_shared.contracts.chat import SAID_BY_CONSUMER, Said
from habrio_shared.database import after, db_now, transaction
from habrio_shared.outbox.tables import outbox
from tests.integration.admin.town import Town

DOCUMENT = Path(__file__).resolve().parents[3] / "services/admin/openapi.json"
WHY = {"reason": "Complaints of three residents"}


def acting_routes() -> list[str]:
    """Every POST under /admin, of the committed OpenAPI document."""
    paths = json.loads(DOCUMENT.read_text(encoding="utf-8"))["paths"]
    return sorted(path.removeprefix("/api/v1") for path, item in paths.items() if "post" in item)


def waiting_event(app: Flask) -> int:
    """A message that is not delivered yet and not due soon."""
    said = Said.model_validate({"message_id": "said:x", "order_id": 1, "text": "Hello", "at": "2026-01-02T03:04:05Z"})
    row = {
        "key": f"said:{secrets.token_hex(8)}",
        "kind": SAID_BY_CONSUMER.kind,
        "target": "vendor",
        "body": said.model_dump(mode="json"),
        "request_id": "r",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "created_at": db_now(),
        "next_try_at": after(3600),
        "attempts": 20,
        "last_error": "vendor: ConnectionError",
    }
    with app.app_context(), transaction() as session:
        return int(session.execute(outbox.insert().values(**row).returning(outbox.c.id)).scalar_one())


def delivered_issue(town: Town) -> int:
    resident, shop = town.resident(), town.shopkeeper()
    order_id = town.order(resident, shop, "cash")
    shop.post(f"/vendor/orders/{order_id}/status", {"status": "delivered"})
    issue = {"issue_type": "damaged", "description": "The bag was torn"}
    return int(resident.post(f"/consumer/orders/{order_id}/issue", issue)["issue_id"])


def paper(town: Town) -> int:
    given = {"document_type": "pan_card", "file_url": "https://files.example.com/pan.pdf"}
    return int(town.shopkeeper().post("/vendor/upload-document", given)["document_id"])


MAKE: dict[str, Callable[[Town], Any]] = {
    "user_id": lambda town: town.new_caller("consumer").user_id,
    "shop_id": lambda town: town.shopkeeper().shop_id,
    "vendor_id": lambda town: town.shopkeeper().caller.user_id,
    "document_id": paper,
    "issue_id": delivered_issue,
    "service": lambda _town: "consumer",
    "event_id": lambda town: waiting_event(town.apps["consumer"]),
}
"""What stands for each name in a path: something new that may be acted on."""

EVERY_FIELD = {
    **WHY,
    "role": "vendor",
    "decision": "approve",
    "value": True,
    "answer": "Sorry",
    "owner": "consumer",
    "amount": 5,
}
"""A body that every acting route takes: what it does not know it ignores."""


def test_there_are_acting_routes() -> None:
    assert len(acting_routes()) >= 11


@pytest.mark.parametrize("route", acting_routes())
def test_every_acting_route_leaves_its_entry(town: Town, route: str) -> None:
    names = re.findall(r"{(\w+)}", route)
    assert set(names) <= MAKE.keys(), "say above what stands for the new name"
    made = {name: MAKE[name](town) for name in names}
    body = EVERY_FIELD | ({} if names else {"user_id": town.resident().caller.user_id})
    before = town.entries(limit=1, steps="all")
    done = town.admin.post(route.format(**made), body)
    newest, *_ = town.entries(limit=1)
    assert (newest["act_id"], newest["step"]) == (done["act_id"], "done")
    assert newest["id"] > (before[0]["id"] if before else 0)
    assert newest["admin_id"] == town.admin.caller.user_id
    assert newest["before"].keys() == newest["after"].keys()
    assert newest["after"]
    if route != "/admin/events/{service}/{event_id}/replay":
        assert newest["reason"] in (WHY["reason"], "Sorry")


def test_entries_are_found_by_whom_what_and_when(town: Town) -> None:
    first, second = (town.new_caller("consumer").user_id for _ in range(2))
    for user_id in (first, second):
        town.admin.post(f"/admin/users/{user_id}/suspend", WHY)
    town.admin.post(f"/admin/users/{first}/restore", WHY)
    mine = {"admin_id": town.admin.caller.user_id}
    assert [entry["target"] for entry in town.entries(**mine)] == [f"user:{first}", f"user:{second}", f"user:{first}"]
    assert [entry["target"] for entry in town.entries(action="suspend_user", **mine)] == [
        f"user:{second}",
        f"user:{first}",
    ]
    page = town.admin.get("/admin/audit", limit=2, **mine)
    assert page["next_cursor"] == page["entries"][-1]["id"]
    assert len(town.entries(limit=2, cursor=page["next_cursor"], **mine)) == 1
    today = town.entries(**mine)[0]["at"][:10]
    assert len(town.entries(since="2026-01-01", until="2999-12-31", **mine)) == 3
    assert town.entries(since="2999-01-01", **mine) == town.entries(until="2020-01-01", **mine) == []
    assert today >= "2026"


@pytest.mark.parametrize(
    "query", ["steps=x", "admin_id=0", "since=x", "since=2026-02-02&until=2026-02-01", "until=9999-12-31", "target=%00"]
)
def test_a_filter_that_means_nothing_is_a_400(town: Town, query: str) -> None:
    assert town.admin.request("GET", f"/api/v1/admin/audit?{query}").status_code == 400


def statement(app: Flask, sql: str) -> None:
    with app.app_context(), transaction() as session:
        session.execute(text(sql))


@pytest.mark.parametrize("sql", ["UPDATE audit_log SET reason = 'x'", "DELETE FROM audit_log"])
def test_entries_can_neither_be_changed_nor_deleted(town: Town, sql: str) -> None:
    town.admin.post(f"/admin/users/{town.new_caller('consumer').user_id}/suspend", WHY)
    with pytest.raises(DatabaseError, match="append-only"):
        statement(town.apps["admin"], sql)


@contextmanager
def unguarded(app: Flask) -> Iterator[None]:
    """Without the triggers, as somebody may have it who owns the database; all is as before afterwards."""
    with app.app_context():
        dialect = app.extensions["sqlalchemy"].engine.dialect.name
    for sql in changeable_ddl("audit_log", dialect):
        statement(app, sql)
    statement(app, "CREATE TABLE kept AS SELECT * FROM audit_log")
    statement(app, "CREATE TABLE kept_head AS SELECT * FROM audit_head")
    try:
        yield
    finally:
        for table, kept in (("audit_log", "kept"), ("audit_head", "kept_head")):
            statement(app, f"DELETE FROM {table}")
            statement(app, f"INSERT INTO {table} SELECT * FROM {kept}")
            statement(app, f"DROP TABLE {kept}")
        for sql in append_only_ddl("audit_log", dialect):
            statement(app, sql)


TAMPERINGS = {
    "reason": ("UPDATE audit_log SET reason = 'Because' WHERE number = {n}", 0, "hash of its content"),
    "after": ('UPDATE audit_log SET after = \'{{"status": "active"}}\' WHERE number = {n}', 0, "hash of its content"),
    "who": ("UPDATE audit_log SET admin_id = admin_id + 1 WHERE number = {n}", 0, "hash of its content"),
    "link": ("UPDATE audit_log SET previous_hash = '{zeros}' WHERE number = {n}", 0, "does not follow"),
    "middle is gone": ("DELETE FROM audit_log WHERE number = {n}", 0, "is missing"),
    "end is gone": ("DELETE FROM audit_log WHERE number >= {n}", 0, "is missing"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_first_broken_link_is_named(town: Town, name: str) -> None:
    for _ in range(2):
        town.admin.post(f"/admin/users/{town.new_caller('consumer').user_id}/suspend", WHY)
    touched = town.entries(limit=1)[0]["id"] - 2  # the end of the first of the two
    sql, _, words = TAMPERINGS[name]
    app = town.apps["admin"]
    with unguarded(app):
        statement(app, sql.format(n=touched, zeros="0" * 64))
        result = app.test_cli_runner().invoke(args=["verify-audit"])
        assert result.exit_code == 1
        assert f"entry {touched} " in result.output
        assert words in result.output
    assert town.proof().startswith("The audit log is whole")


def test_a_chain_that_was_cut_and_mended_is_found_out_by_who_has_seen_it(town: Town) -> None:
    town.admin.post(f"/admin/users/{town.new_caller('consumer').user_id}/suspend", WHY)
    app = town.apps["admin"]
    runner = app.test_cli_runner()
    seen = town.proof().splitlines()[1].rpartition(" ")[2]
    assert runner.invoke(args=["verify-audit", "--witness", seen]).exit_code == 0
    number = int(seen.partition(":")[0])
    before = town.entries(limit=1, steps="all", cursor=number)[0]
    with unguarded(app):
        statement(app, f"DELETE FROM audit_log WHERE number >= {number}")
        statement(app, f"UPDATE audit_head SET number = {number - 1}, hash = '{before['hash']}'")
        assert runner.invoke(args=["verify-audit"]).exit_code == 0
        result = runner.invoke(args=["verify-audit", "--witness", seen])
        assert (result.exit_code, "has been seen" in result.output) == (1, True)
    forged = f"{number}:{'0' * 64}"
    result = runner.invoke(args=["verify-audit", "--witness", forged])
    assert (result.exit_code, f"entry {number} is not the one that was seen" in result.output) == (1, True)
    assert runner.invoke(args=["verify-audit", "--witness", "x"]).exit_code == 2
