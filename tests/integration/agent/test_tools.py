"""Tools: what they read, with whose rights, how they fail, and how little of it the model sees."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask

from tests.integration.agent.conftest import TOKEN, Asker
from tests.integration.agent.platform_double import LINE, SHOP_ORDER, PlatformDouble
from tests.support.model import ModelService, answers, calls, results


def seen(asker: Asker, model: ModelService, *wanted: tuple[str, Any]) -> list[Any]:
    """What the model is told when it calls these tools in one round."""
    model.moves = [calls(*wanted), answers("Done.")]
    asker.ask()
    return results(model.asked[-1])


def test_each_read_is_the_callers_own_and_part_of_the_request(
    resident: Asker, model: ModelService, platform: PlatformDouble
) -> None:
    seen(resident, model, ("wallet", {}), ("cart", {}))
    assert [asked.method for asked in platform.asked] == ["GET", "GET"]
    for asked in platform.asked:
        assert asked.headers["Authorization"] == TOKEN
        assert asked.headers["X-Request-ID"] and asked.headers["traceparent"]
        assert "Cookie" not in asked.headers


def test_the_cart_is_only_peeked_at(resident: Asker, model: ModelService, platform: PlatformDouble) -> None:
    (result,) = seen(resident, model, ("cart", {}))
    assert platform.asked[0].query == {"peek": ["true"]}
    assert result["data"]["total_price"] == 0


def test_items_are_searched_over_the_societys_shops(
    resident: Asker, model: ModelService, platform: PlatformDouble
) -> None:
    (result,) = seen(resident, model, ("search_items", {"words": "rice"}))
    assert platform.paths == ["/consumer/shops/search", "/consumer/shop/3/items"]
    assert platform.asked[1].query["q"] == ["rice"]
    (item,) = result["data"]["items"]
    assert (item["title"], item["price"], item["shop_name"]) == ("Basmati rice", 84.5, "Asha General Store")
    assert "image_url" not in item


def test_a_search_asks_few_shops_and_goes_on_when_one_is_closed(
    resident: Asker, model: ModelService, platform: PlatformDouble
) -> None:
    shops = [{"id": number, "shop_name": f"Shop {number}"} for number in (3, 4, 5)]
    platform.show("/consumer/shops/search", {"status": "success", "shops": shops, "next_cursor": None})
    closed = {"status": "error", "message": "This shop is closed", "code": 403}
    platform.show("/consumer/shop/4/items", closed, 403)
    platform.show("/consumer/shop/5/items", {"shop": {}, "items": [{"id": 9, "title": "Rice"}]})
    (result,) = seen(resident, model, ("search_items", {"words": "rice"}))
    assert [item["shop_id"] for item in result["data"]["items"]] == [3, 5]
    assert platform.asked[0].query["limit"] == ["5"]


@pytest.mark.parametrize(
    ("role", "tool", "arguments", "path", "query"),
    [
        ("consumer", "shops", {"status": "open", "type": "gro"}, "/consumer/shops", {"status": "open", "type": "gro"}),
        ("consumer", "shop_items", {"shop_id": 3, "words": "tea"}, "/consumer/shop/3/items", {"q": "tea"}),
        ("consumer", "orders", {"limit": 2}, "/consumer/order/history", {"limit": "2"}),
        ("consumer", "order", {"order_id": 11}, "/consumer/orders/11", {}),
        ("consumer", "wallet", {}, "/consumer/wallet", {}),
        ("vendor", "my_shop", {}, "/vendor/shop/my", {}),
        ("vendor", "my_items", {"words": "rice", "limit": 3}, "/vendor/item/my", {"q": "rice", "limit": "3"}),
        ("vendor", "my_orders", {"status": "pending"}, "/vendor/orders", {"status": "pending"}),
    ],
)
def test_a_tool_reads_its_address(
    app: Flask,
    model: ModelService,
    platform: PlatformDouble,
    role: Any,
    tool: str,
    arguments: dict[str, Any],
    path: str,
    query: dict[str, str],
) -> None:
    seen(Asker(app, role), model, (tool, arguments))
    (asked,) = platform.asked
    assert (asked.method, asked.path) == ("GET", f"/api/v1{path}")
    assert {name: values[0] for name, values in asked.query.items()}.items() >= query.items()


def test_other_peoples_names_phones_and_flats_do_not_reach_the_models_service(
    vendor: Asker, resident: Asker, model: ModelService, platform: PlatformDouble
) -> None:
    (result,) = seen(vendor, model, ("my_orders", {}))
    (order,) = result["data"]["orders"]
    assert (order["order_id"], order["items"]) == (11, [LINE])
    for private in ("customer", "customer_name", "flat_number", "delivery_notes"):
        assert str(SHOP_ORDER[private]) not in json.dumps(model.asked)


def test_a_long_result_is_cut_by_whole_rows_and_stays_json(
    resident: Asker, model: ModelService, platform: PlatformDouble
) -> None:
    items = [{"id": number, "title": "x" * 150, "description": "y" * 2000} for number in range(60)]
    platform.show("/consumer/shop/3/items", {"shop": {"id": 3}, "items": items, "next_cursor": 60})
    (result,) = seen(resident, model, ("shop_items", {"shop_id": 3}))
    shown = result["data"]["items"]
    assert len(shown) + result["left_out"] == 60 and 5 < len(shown) < 20
    assert max(len(item["description"]) for item in shown) == 200
    assert len(model.asked[-1]["messages"][-1]["content"]) <= 6000


def test_calls_beyond_four_in_a_round_are_not_made(
    resident: Asker, model: ModelService, platform: PlatformDouble
) -> None:
    model.moves = [calls(*[("wallet", {})] * 9), answers("Done.")]
    resident.ask()
    assert len(platform.asked) == 4
    said, *told = model.asked[-1]["messages"][2:]
    assert [call["id"] for call in said["tool_calls"]] == [result["tool_call_id"] for result in told]


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ((403, {"status": "error", "message": "This shop is closed"}), "This shop is closed"),
        ((404, {"status": "error", "message": "Shop not found"}), "Shop not found"),
        ((429, {"status": "error", "message": "Too many requests"}), "Too many requests"),
        ((500, {"status": "error", "message": "x"}), "This could not be read just now"),
        ((503, {"status": "error", "message": "x"}), "This could not be read just now"),
        ((200, b"<html>"), "This could not be read just now"),
        ((200, b"[]"), "This could not be read just now"),
        ((200, b'{"shop": "' + b"x" * 1_100_000 + b'"}'), "This could not be read just now"),
        ((302, b""), "This could not be read just now"),
        ((0, b""), "This could not be read just now"),
        ((200, {"status": "success", "unexpected": True}), "This could not be read just now"),
    ],
    ids=lambda value: str(value)[:25],
)
def test_what_the_platform_refuses_is_told_to_the_model_which_goes_on(
    resident: Asker, model: ModelService, platform: PlatformDouble, page: tuple[int, Any], message: str
) -> None:
    platform.pages["/api/v1/consumer/shop/3/items"] = page
    (result,) = seen(resident, model, ("shop_items", {"shop_id": 3}))
    assert result == {"error": message}


def test_a_session_that_ends_meanwhile_ends_the_question(
    resident: Asker, model: ModelService, platform: PlatformDouble
) -> None:
    platform.show("/consumer/wallet", {"status": "error", "message": "This session has ended"}, 401)
    model.moves = [calls(("wallet", {})), answers("You have a million.")]
    assert resident.ask(expect=401)["error"] == "session_ended"
    assert len(model.asked) == 1
