"""Failing messages and their replay, the ledgers' verdict, and the figures of each day."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, text, update

from habrio_admin.ledger.verify import compare_nightly
from habrio_auth.users.models import User
from habrio_shared import ledger
from habrio_shared.database import db_now, reading, transaction
from habrio_shared.ledger.tables import verdicts
from habrio_shared.outbox.tables import outbox
from tests.integration.admin.town import Town

ZONE = ZoneInfo("Asia/Kolkata")


def failing(town: Town, **query: Any) -> list[tuple[str, int]]:
    return [(event["service"], event["id"]) for event in town.admin.get("/admin/events/failing", **query)["events"]]


def test_failing_messages_of_all_services_are_one_list_newest_first(town: Town, stuck: list[tuple[str, int]]) -> None:
    assert failing(town) == stuck
    assert failing(town, tries=4) == [stuck[0], stuck[2]]
    assert failing(town, service="vendor") == [stuck[2]]
    page = town.admin.get("/admin/events/failing", limit=2)
    assert [event["service"] for event in page["events"]] == ["admin", "consumer"]
    assert failing(town, limit=2, cursor=page["next_cursor"]) == [stuck[2]]
    assert town.admin.get("/admin/events/failing", limit=3)["next_cursor"] is None
    (event,) = town.admin.get("/admin/events/failing", service="vendor")["events"]
    assert (event["kind"], event["target"], event["attempts"], event["is_alarming"]) == (
        "orders.moved",
        "consumer",
        25,
        True,
    )
    town.wire.is_cut = False
    for service in ("consumer", "vendor", "admin"):
        town.relay(service)
    assert failing(town) == []


def test_a_replayed_message_is_due_at_once_and_a_delivered_one_is_not_replayed(
    town: Town, stuck: list[tuple[str, int]]
) -> None:
    town.wire.is_cut = False
    for service, event_id in stuck:
        with town.apps[service].app_context(), transaction() as session:
            later = datetime.now(UTC) + timedelta(hours=1)
            session.execute(update(outbox).where(outbox.c.id == event_id).values(next_try_at=later))
        done = town.admin.post(f"/admin/events/{service}/{event_id}/replay")
        assert (done["before"]["is_due"], done["after"]["is_due"]) == (False, True)
        (event,) = town.admin.get("/admin/events/failing", service=service)["events"]
        assert event["next_try_at"] <= datetime.now(UTC).isoformat()
        town.relay(service)
        refused = town.admin.post(f"/admin/events/{service}/{event_id}/replay", expect=400)
        assert refused["error"] == "event_delivered"
    actions = [entry["action"] for entry in town.entries(admin_id=town.admin.caller.user_id) if entry["after"]]
    assert {"replay_of_consumer", "replay_of_vendor", "replay_of_admin"} <= set(actions)


def test_the_ledgers_are_right_and_say_what_is_in_flight(town: Town) -> None:
    resident, shop = town.resident(100), town.shopkeeper()
    order_id = town.order(resident, shop)
    town.wire.loses_replies = 1
    shop.post(f"/vendor/orders/{order_id}/status", {"status": "delivered"})
    verdict = town.admin.get("/admin/ledger/verify")
    assert (verdict["is_right"], verdict["off_by"], verdict["clearing"]["in_flight"]) == (True, 0, 21)
    town.relay("vendor")
    verdict = town.admin.get("/admin/ledger/verify")
    assert (verdict["is_right"], verdict["clearing"]) == (True, {"in_flight": 0, "problems": []})
    assert verdict["consumer"]["entries"] >= 3
    assert verdict["checked_at"].endswith("Z")


def test_each_night_what_the_ledgers_owe_each_other_is_compared_and_the_verdict_kept(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    resident, shop = town.resident(100), town.shopkeeper()
    order_id = town.order(resident, shop)
    town.wire.loses_replies = 1
    shop.post(f"/vendor/orders/{order_id}/status", {"status": "delivered"})

    def tonight() -> int:
        with town.apps["admin"].app_context(), transaction() as session:
            session.execute(delete(verdicts))
        with town.apps["admin"].app_context():
            return compare_nightly() + compare_nightly()

    def kept() -> tuple[int, int]:
        with town.apps["admin"].app_context(), reading() as session:
            verdict = ledger.latest_verdict(session)
        assert verdict is not None
        return verdict.problems, verdict.paise_off

    assert (tonight(), kept()) == (1, (0, 0))
    with town.apps["vendor"].app_context(), transaction() as session:
        lost = session.scalars(text("SELECT id FROM outbox WHERE done_at IS NULL")).all()
        session.execute(update(outbox).where(outbox.c.id.in_(lost)).values(done_at=db_now()))
    try:
        assert (tonight(), kept()) == (1, (1, 2100))
    finally:
        with town.apps["vendor"].app_context(), transaction() as session:
            session.execute(update(outbox).where(outbox.c.id.in_(lost)).values(done_at=None))
    assert "ledger: WRONG, 1 problems, 2100 paise" in caplog.text
    town.relay("vendor")
    assert (tonight(), kept()) == (1, (0, 0))


def test_a_ledger_that_is_wrong_is_named_with_the_amount(town: Town) -> None:
    resident = town.resident(100)
    wallet = f"wallet:{resident.caller.user_id}"
    change = "UPDATE ledger_accounts SET balance_paise = balance_paise + {by} WHERE name = :name"
    app = town.apps["consumer"]
    with app.app_context(), transaction() as session:
        session.execute(text(change.format(by=50)), {"name": wallet})
    try:
        verdict = town.admin.get("/admin/ledger/verify")
    finally:
        with app.app_context(), transaction() as session:
            session.execute(text(change.format(by=-50)), {"name": wallet})
    assert verdict["is_right"] is False
    found = {"check": "balance differs from its postings", "where": wallet, "off_by": 0.5}
    assert found in verdict["consumer"]["problems"]
    assert verdict["vendor"]["problems"] == []


def figures(town: Town, **query: Any) -> dict[str, dict[str, Any]]:
    return {day["day"]: day for day in town.admin.get("/admin/stats/daily", **query)["days"]}


def test_a_day_counts_orders_their_value_cancellations_and_new_users(town: Town) -> None:
    today = datetime.now(ZONE).date()
    before = figures(town)
    resident, shop = town.resident(100), town.shopkeeper()
    town.order(resident, shop)
    order_id = town.order(resident, shop, "cash", quantity=1)
    resident.post(f"/consumer/orders/{order_id}/cancel", {})
    after = figures(town)
    assert len(after) == 30
    assert list(after) == sorted(after, reverse=True)
    was, now = before[today.isoformat()], after[today.isoformat()]
    grown = {name: now[name] - was[name] for name in ("orders", "value", "cancellations", "new_users")}
    assert grown == {"orders": 2, "value": 31.5, "cancellations": 1, "new_users": 2}


def test_days_are_those_of_the_time_zone(town: Town) -> None:
    """Asia/Kolkata is 5:30 h ahead: half past six in the evening, UTC, is midnight there."""
    days = ("2005-03-01", "2005-03-02")
    was = figures(town, since=days[0], until=days[1])
    for moment in (datetime(2005, 3, 1, 18, 29, 59, tzinfo=UTC), datetime(2005, 3, 1, 18, 30, tzinfo=UTC)):
        user_id = town.new_caller("consumer").user_id
        with town.apps["auth"].app_context(), transaction() as session:
            session.execute(update(User).where(User.id == user_id).values(created_at=moment))
    now = figures(town, since=days[0], until=days[1])
    assert {day: now[day]["new_users"] - was[day]["new_users"] for day in days} == {days[0]: 1, days[1]: 1}


def test_the_figures_are_a_spreadsheet_too(town: Town) -> None:
    json_days = town.admin.get("/admin/stats/daily", since="2026-01-01", until="2026-01-03")["days"]
    path = "/api/v1/admin/stats/daily?since=2026-01-01&until=2026-01-03"
    asked = [
        town.admin.request("GET", path + "&format=csv"),
        town.admin.request("GET", path, headers={"Accept": "text/csv"}),
    ]
    for answer in asked:
        assert answer.content_type == "text/csv; charset=utf-8"
        assert "habrio-daily.csv" in answer.headers["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
        assert [row["day"] for row in rows] == [day["day"] for day in json_days]
        assert list(rows[0]) == ["day", "orders", "value", "cancellations", "new_users"]
    for accept in ("application/json", "*/*", "text/csv;q=0.5, application/json", "nonsense"):
        assert town.admin.request("GET", path, headers={"Accept": accept}).content_type == "application/json"
    forced = town.admin.request("GET", path + "&format=json", headers={"Accept": "text/csv"})
    assert forced.content_type == "application/json"
