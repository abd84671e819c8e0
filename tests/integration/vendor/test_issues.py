"""Issues with delivered orders, at the shop: listed, answered once, by the vendor or by an administrator."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from habrio_shared.contracts.acts import RESOLVE_ISSUE
from tests.integration.vendor.people import Vendor, World, new_id
from tests.support import acts
from tests.support.signed import service

AT = "2026-01-02T03:04:05.000Z"
NOT_ANSWERS = [None, "", "  ", "x" * 2001, "bell\u0000", 5, True, ["x"]]


def raised(world: World, order_id: int, *, issue_type: str = "damaged item", message_id: str = "") -> int:
    """The id of an issue that the consumer service tells of."""
    body = {
        "issue_id": new_id(),
        "order_id": order_id,
        "issue_type": issue_type,
        "description": "The bag was torn",
        "at": AT,
    }
    for suffix in ("", "", "-again"):
        assert world.consumer.tell("issues.raised", f"issue:{body['issue_id']}{suffix}", body) == {}
    return int(str(body["issue_id"]))


def issues(world: World, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.vendor.get("/vendor/orders/issues", **query)["issues"]
    return found


def resolve(who: Any, issue_id: int, answer: str = "A new one comes today", **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = who.post(f"/vendor/orders/issues/{issue_id}/resolve", {"answer": answer}, **options)
    return found


def test_an_issue_is_listed_once_with_the_fields_of_the_api(world: World) -> None:
    order_id = world.delivered()
    issue_id = raised(world, order_id)
    assert issues(world) == [
        {
            "id": issue_id,
            "order_id": order_id,
            "user_phone": world.resident.phone,
            "issue_type": "damaged item",
            "description": "The bag was torn",
            "status": "raised",
            "answer": "",
            "created_at": AT,
        }
    ]
    ((phone, text),) = world.vendor.messages(order_id)
    assert phone == world.resident.phone and "damaged item" in text


def test_issues_are_paged_newest_first_and_narrowed_to_an_order(world: World) -> None:
    first, second = world.delivered(), world.delivered()
    ids = [raised(world, order_id) for order_id in (first, second, first)]
    assert [issue["id"] for issue in issues(world)] == ids[::-1]
    assert [issue["id"] for issue in issues(world, order_id=first)] == [ids[2], ids[0]]
    page = world.vendor.get("/vendor/orders/issues", limit=2)
    rest = world.vendor.get("/vendor/orders/issues", limit=2, cursor=page["next_cursor"])
    assert ([issue["id"] for issue in rest["issues"]], rest["next_cursor"]) == (ids[:1], None)
    for bad in ("order_id=x", "order_id=0", "order_id=", "order_id=9007199254740992", "limit=0", "cursor=-1"):
        world.vendor.get(f"/vendor/orders/issues?{bad}", expect=400)


def test_another_shops_issues_are_403_and_unknown_ones_404(world: World) -> None:
    order_id = world.delivered()
    issue_id = raised(world, order_id)
    other = Vendor(world.app, "vendor", world.society)
    assert other.get("/vendor/orders/issues", expect=404)["error"] == "shop_not_found"
    assert resolve(other, issue_id, expect=404)["error"] == "shop_not_found"
    other.open_shop()
    assert other.get("/vendor/orders/issues")["issues"] == []
    assert other.get("/vendor/orders/issues", order_id=order_id, expect=403)["error"] == "not_your_order"
    assert resolve(other, issue_id, expect=403)["error"] == "not_your_issue"
    assert world.vendor.get("/vendor/orders/issues", order_id=2**53 - 1, expect=404)["error"] == "order_not_found"
    assert resolve(world.vendor, 2**53 - 1, expect=404)["error"] == "issue_not_found"
    assert issues(world)[0]["status"] == "raised"


def test_an_answer_resolves_an_issue_once_and_the_consumer_is_told(world: World) -> None:
    order_id = world.delivered()
    issue_id = raised(world, order_id)
    assert resolve(world.vendor, issue_id, "  A new one comes today ").keys() == {"status", "message"}
    assert resolve(world.vendor, issue_id, "Never", expect=400)["error"] == "already_resolved"
    (issue,) = issues(world)
    assert (issue["status"], issue["answer"]) == ("resolved", "A new one comes today")
    ((kind, told),) = world.consumer.noted
    assert (kind, told["issue_id"], told["answer"]) == ("issues.resolved", issue_id, "A new one comes today")
    assert len(world.vendor.messages(order_id)) == 1, "an answer is no message"


def test_of_many_answers_at_once_one_counts(world: World) -> None:
    issue_id = raised(world, world.delivered())

    def answer(number: int) -> int:
        path = f"/vendor/orders/issues/{issue_id}/resolve"
        return world.vendor.raw("POST", path, json={"answer": f"Answer {number}"}).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(answer, range(4))) == [200, 400, 400, 400]
    assert len(world.consumer.noted) == 1


@pytest.mark.parametrize("answer", NOT_ANSWERS)
def test_what_is_no_answer_is_400_and_resolves_nothing(world: World, answer: object) -> None:
    issue_id = raised(world, world.delivered())
    for body in ({"answer": answer}, {}, None):
        world.vendor.post(f"/vendor/orders/issues/{issue_id}/resolve", body, expect=400)
    assert issues(world)[0]["status"] == "raised"


def test_the_same_key_resolves_once(world: World) -> None:
    issue_id = raised(world, world.delivered())
    key = {"Idempotency-Key": "resolve-1"}
    assert resolve(world.vendor, issue_id, headers=key) == resolve(world.vendor, issue_id, headers=key)


def test_the_admin_service_lists_and_resolves_any_shops_issue(world: World) -> None:
    order_id = world.delivered()
    issue_id, other = raised(world, order_id), raised(world, world.delivered(), issue_type="late")
    admin = service(world.app, "admin")
    listed = admin.get("/internal/admin/issues", shop_id=world.shop_id)
    assert [issue["id"] for issue in listed["issues"]] == [other, issue_id]
    assert listed["issues"][1] == {**issues(world, order_id=order_id)[0], "shop_id": world.shop_id}
    done = acts.done(admin, RESOLVE_ISSUE, issue_id=issue_id, answer="Settled by us")
    assert (done.before["status"], done.after) == ("raised", {"status": "resolved", "answer": "Settled by us"})
    assert acts.refused(admin, RESOLVE_ISSUE, issue_id=issue_id, answer="x") == (400, "already_resolved")
    assert acts.refused(admin, RESOLVE_ISSUE, issue_id=999999999, answer="x") == (404, "issue_not_found")
    assert world.consumer.noted[-1][1]["answer"] == "Settled by us"
    narrowed: list[tuple[dict[str, Any], list[int]]] = [
        ({"status": "resolved"}, [issue_id]),
        ({"order_id": order_id}, [issue_id]),
        ({"limit": 1}, [other]),
    ]
    for query, ids in narrowed:
        page = admin.get("/internal/admin/issues", shop_id=world.shop_id, **query)
        assert [issue["id"] for issue in page["issues"]] == ids
    for who in ("consumer", "auth"):
        service(world.app, who).get("/internal/admin/issues", expect=401)
    world.vendor.get("/internal/admin/issues", expect=401)
