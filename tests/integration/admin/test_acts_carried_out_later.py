"""An act whose owner is away, dies or loses its reply is carried out later, once, or not at all; never half."""

from __future__ import annotations

import itertools
import secrets
from collections import Counter
from functools import partial
from typing import Any

import pytest

from habrio_shared import faults
from habrio_shared.faults import parse
from tests.integration.admin.town import Town
from tests.support.at_once import at_once

WHY = {"reason": "Complaints of three residents"}


def status_of(town: Town, user_id: int) -> str:
    """As auth has it."""
    found = town.admin.get("/admin/users", limit=100)["users"]
    return str(next(user["status"] for user in found if user["id"] == user_id))


def active_administrators(town: Town) -> list[int]:
    """The newest hundred at the most: those of other tests are among them."""
    return [user["id"] for user in town.admin.get("/admin/users", role="admin", status="active", limit=100)["users"]]


def steps(town: Town, target: str) -> list[tuple[str, str]]:
    """(action, step) of everything on the target, oldest first."""
    return [(entry["action"], entry["step"]) for entry in town.entries(target=target, steps="all")][::-1]


def test_an_act_on_a_service_that_is_away_is_written_down_and_carried_out_when_it_is_back(town: Town) -> None:
    user_id = town.new_caller("consumer").user_id
    town.wire.is_cut = True
    asked = town.admin.post(f"/admin/users/{user_id}/suspend", WHY, expect=202)
    assert asked["after"] == {}
    assert status_of(town, user_id) == "active"
    (entry,) = town.entries(target=f"user:{user_id}")
    assert (entry["act_id"], entry["step"], entry["after"]) == (asked["act_id"], "asked", None)
    town.wire.is_cut = False
    town.relay("admin")
    assert status_of(town, user_id) == "suspended"
    assert steps(town, f"user:{user_id}") == [("suspend_user", "asked"), ("suspend_user", "done")]


def test_while_an_act_is_unfinished_another_one_on_the_same_is_refused_and_nothing_is_written(town: Town) -> None:
    user_id, other_id = town.new_caller("consumer").user_id, town.new_caller("consumer").user_id
    town.wire.is_cut = True
    town.admin.post(f"/admin/users/{user_id}/suspend", WHY, expect=202)
    answer = town.admin.request("POST", f"/api/v1/admin/users/{user_id}/restore", json=WHY)
    assert (answer.status_code, answer.get_json()["error"]) == (503, "act_unfinished")
    assert int(answer.headers["Retry-After"]) >= 1
    assert steps(town, f"user:{user_id}") == [("suspend_user", "asked")]
    town.admin.post(f"/admin/users/{other_id}/suspend", WHY, expect=202)
    town.wire.is_cut = False
    town.admin.post(f"/admin/users/{user_id}/restore", WHY)
    assert [action for action, step in steps(town, f"user:{user_id}") if step == "done"] == [
        "suspend_user",
        "restore_user",
    ]
    assert status_of(town, user_id) == "active"
    town.relay("admin")
    assert (status_of(town, user_id), status_of(town, other_id)) == ("active", "suspended")


def test_an_act_whose_reply_was_lost_is_done_once_and_does_not_undo_what_came_after_it(town: Town) -> None:
    resident = town.resident(10)
    target = f"wallet:consumer:{resident.caller.user_id}"
    body = {"owner": "consumer", "user_id": resident.caller.user_id, "amount": 5, "reason": "Goodwill"}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    town.wire.loses_replies = 1
    first = town.admin.post("/admin/wallets/adjust", body, expect=202, headers=key)
    assert resident.get("/consumer/wallet")["balance"] == 15
    again = town.admin.post("/admin/wallets/adjust", body, headers=key)
    assert (again["act_id"], again["after"]) == (first["act_id"], {"balance": 15})
    assert town.wire.sent[f"act:{first['act_id']}"] == 2
    town.relay("admin")
    assert resident.get("/consumer/wallet")["balance"] == 15
    assert steps(town, target) == [("adjust_consumer", "asked"), ("adjust_consumer", "done")]


def test_a_refusal_that_comes_late_is_written_down_too(town: Town) -> None:
    resident = town.resident(1)
    body = {"owner": "consumer", "user_id": resident.caller.user_id, "amount": -5, "reason": "Counted twice"}
    key = {"Idempotency-Key": secrets.token_hex(8)}
    town.wire.is_cut = True
    town.admin.post("/admin/wallets/adjust", body, expect=202, headers=key)
    town.wire.is_cut = False
    town.relay("admin")
    target = f"wallet:consumer:{resident.caller.user_id}"
    assert steps(town, target) == [("adjust_consumer", "asked"), ("adjust_consumer", "refused")]
    assert resident.get("/consumer/wallet")["balance"] == 1
    assert town.admin.post("/admin/wallets/adjust", body, expect=400, headers=key)["error"] == "insufficient_balance"


POINTS = (
    *("admin.acts.act.before_commit", "admin.acts.act.after_commit", "outbox.before_send", "outbox.after_send"),
    *("shared.outbox.deliver.before_commit", "shared.outbox.deliver.after_commit", "inbox.after_insert"),
    *("shared.inbox.receive.before_commit", "shared.inbox.receive.after_commit"),
)


@pytest.mark.parametrize("point", POINTS)
def test_wherever_it_fails_the_act_is_done_with_its_entries_or_not_at_all(town: Town, point: str) -> None:
    resident = town.resident(10)
    body = {"owner": "consumer", "user_id": resident.caller.user_id, "amount": 5, "reason": "Goodwill"}
    faults.arm(parse(f"{point}:raise"))
    try:
        status = town.admin.request("POST", "/api/v1/admin/wallets/adjust", json=body).status_code
    finally:
        faults.arm(parse(""))
    town.relay("admin")
    ended = steps(town, f"wallet:consumer:{resident.caller.user_id}")
    balance = resident.get("/consumer/wallet")["balance"]
    if point == "admin.acts.act.before_commit":
        assert (status, ended, balance) == (500, [], 10)
    else:
        assert (ended, balance) == ([("adjust_consumer", "asked"), ("adjust_consumer", "done")], 15)
    assert town.proof().startswith("The audit log is whole")


def test_a_service_that_is_asked_before_the_act_refuses_it_by_being_away(town: Town) -> None:
    resident = town.resident()
    town.neighbours["auth"].is_away = True
    body = {"owner": "consumer", "user_id": resident.caller.user_id, "amount": 5, "reason": "Goodwill"}
    assert town.admin.post("/admin/wallets/adjust", body, expect=503)["error"] == "service_unavailable"
    assert steps(town, f"wallet:consumer:{resident.caller.user_id}") == []
    assert resident.get("/consumer/wallet")["balance"] == 0


def test_acts_at_once_stand_in_one_chain_without_a_gap(town: Town) -> None:
    users = [town.new_caller("consumer").user_id for _ in range(8)]

    def suspend(number: int) -> int:
        path = f"/api/v1/admin/users/{users[number]}/suspend"
        return int(town.admin.request("POST", path, json=WHY).status_code)

    assert at_once(*[partial(suspend, number) for number in range(8)]) == [200] * 8
    newest = town.entries(steps="all", limit=16)
    numbers = [entry["id"] for entry in newest]
    assert numbers == list(range(numbers[0], numbers[0] - 16, -1))
    assert all(later["previous_hash"] == earlier["hash"] for later, earlier in itertools.pairwise(newest))
    assert Counter(entry["step"] for entry in newest) == {"asked": 8, "done": 8}
    assert town.proof().startswith("The audit log is whole")


def test_acts_at_once_on_the_same_take_turns(town: Town) -> None:
    shop_id = town.shopkeeper().shop_id

    def feature(number: int) -> int:
        body = {"value": number % 2 == 0, "reason": "Festival"}
        return int(town.admin.request("POST", f"/api/v1/admin/shops/{shop_id}/feature", json=body).status_code)

    assert at_once(*[partial(feature, number) for number in range(8)]) == [200] * 8
    assert steps(town, f"shop:{shop_id}") == [("feature_shop", "asked"), ("feature_shop", "done")] * 8


def test_the_same_key_at_once_is_one_act(town: Town) -> None:
    resident = town.resident()
    body = {"owner": "consumer", "user_id": resident.caller.user_id, "amount": 5, "reason": "Goodwill"}
    key = {"Idempotency-Key": secrets.token_hex(8)}

    def adjust() -> tuple[int, Any]:
        answer = town.admin.request("POST", "/api/v1/admin/wallets/adjust", json=body, headers=key)
        return answer.status_code, answer.get_json().get("act_id")

    answers = at_once(*[adjust] * 4)
    assert len({act_id for _, act_id in answers}) == 1
    assert {status for status, _ in answers} <= {200, 202}
    assert resident.get("/consumer/wallet")["balance"] == 5


def test_two_administrators_who_suspend_each_other_do_not_both_go(town: Town) -> None:
    pair = [town.admin.caller.user_id, town.new_caller("admin").user_id]
    while others := [user_id for user_id in active_administrators(town) if user_id not in pair]:
        for user_id in others:
            town.admin.post(f"/admin/users/{user_id}/suspend", WHY)

    def suspend(number: int) -> int:
        path = f"/api/v1/admin/users/{pair[number]}/suspend"
        return int(town.admin.request("POST", path, json=WHY).status_code)

    assert sorted(at_once(*[partial(suspend, number) for number in range(2)])) == [200, 400]
    assert sorted(status_of(town, user_id) for user_id in pair) == ["active", "suspended"]
