"""Issues with delivered orders: raised here, answered by the shop."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.consumer.people import World

TORN = {"issue_type": "damaged item", "description": "The bag was torn"}
NOT_TYPES: list[object] = [None, "", "  ", "x" * 201, "bell\u0000", 5, True, ["x"]]
NOT_DESCRIPTIONS: list[object] = [None, "", "\n", "x" * 2001, "\u001b[2J", 5, {}]


def complain(world: World, order_id: int, **options: Any) -> dict[str, Any]:
    return world.resident.post(f"/consumer/orders/{order_id}/issue", TORN, **options)


def resolved(issue_id: int, answer: str) -> dict[str, Any]:
    return {"issue_id": issue_id, "answer": answer, "at": "2026-01-02T03:04:05Z"}


def test_an_issue_is_shown_with_the_order_and_told_to_the_shop(world: World) -> None:
    order_id = world.delivered()
    made = complain(world, order_id)
    assert made.keys() == {"status", "message", "issue_id"}
    (issue,) = world.resident.order(order_id)["issues"]
    assert issue.pop("created_at").endswith("Z")
    assert issue == {"id": made["issue_id"], **TORN, "status": "raised", "answer": "", "resolved_at": None}
    ((kind, told),) = world.vendor.noted
    assert told.pop("at")
    assert (kind, told) == ("issues.raised", {"issue_id": made["issue_id"], "order_id": order_id, **TORN})


def test_an_issue_leaves_one_message_from_the_consumer_that_holds_its_type(world: World) -> None:
    order_id = world.delivered()
    complain(world, order_id)
    ((phone, text),) = world.resident.messages(order_id)
    assert phone == world.resident.phone
    assert "damaged item" in text and "The bag was torn" in text
    assert [kind for kind, _ in world.vendor.noted] == ["issues.raised"], "the vendor writes the same from the issue"


def test_the_shops_answer_resolves_it_once(world: World) -> None:
    order_id = world.delivered()
    first, second = (complain(world, order_id)["issue_id"] for _ in range(2))
    world.vendor.say("issues.resolved", resolved(first, "A new one comes today"))
    world.vendor.say("issues.resolved", resolved(first, "Never"))
    issues = {issue["id"]: issue for issue in world.resident.order(order_id)["issues"]}
    assert list(issues) == [second, first], "newest first"
    assert (issues[first]["status"], issues[first]["answer"]) == ("resolved", "A new one comes today")
    assert issues[first]["resolved_at"] == "2026-01-02T03:04:05.000Z"
    assert (issues[second]["status"], issues[second]["answer"]) == ("raised", "")


@pytest.mark.parametrize("status", ["pending", "accepted", "rejected", "cancelled"])
def test_what_was_not_delivered_has_no_issue(world: World, status: Any) -> None:
    order_id = world.placed("cash")
    if status != "pending":
        world.vendor.move_and_tell(order_id, status)
    before = world.resident.messages(order_id)
    assert complain(world, order_id, expect=400)["error"] == "not_delivered"
    assert (world.resident.order(order_id)["issues"], world.vendor.noted) == ([], [])
    assert world.resident.messages(order_id) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("issue_type", value) for value in NOT_TYPES] + [("description", value) for value in NOT_DESCRIPTIONS],
)
def test_what_is_no_issue_is_400(world: World, field: str, value: object) -> None:
    order_id = world.delivered()
    for body in ({**TORN, field: value}, {name: text for name, text in TORN.items() if name != field}):
        world.resident.post(f"/consumer/orders/{order_id}/issue", body, expect=400)
    assert (world.resident.order(order_id)["issues"], world.resident.messages(order_id)) == ([], [])


def test_somebody_elses_order_is_403_and_an_unknown_one_404(world: World) -> None:
    order_id = world.delivered()
    world.neighbour().post(f"/consumer/orders/{order_id}/issue", TORN, expect=403)
    complain(world, 2**53 - 1, expect=404)
    assert world.resident.order(order_id)["issues"] == []


def test_an_order_has_at_most_twenty_issues(world: World) -> None:
    order_id = world.delivered()
    for _ in range(20):
        complain(world, order_id)
    assert complain(world, order_id, expect=400)["error"] == "too_many_issues"
    assert len(world.resident.order(order_id)["issues"]) == len(world.resident.messages(order_id)) == 20


def test_the_same_key_raises_it_once(world: World) -> None:
    order_id = world.delivered()
    key = {"Idempotency-Key": "issue-1"}
    assert complain(world, order_id, headers=key) == complain(world, order_id, headers=key)
    assert len(world.resident.order(order_id)["issues"]) == 1


def test_with_the_shop_away_the_issue_is_told_later(world: World) -> None:
    order_id = world.delivered()
    world.vendor.is_away = True
    issue_id = complain(world, order_id)["issue_id"]
    world.vendor.is_away = False
    world.relay_until(lambda: bool(world.vendor.noted), "the relay tells the shop")
    assert [told["issue_id"] for _, told in world.vendor.noted] == [issue_id]
