"""Whatever is sent to whichever route: the envelope with a 4xx, and never a 5xx."""

from __future__ import annotations

import pytest

from tests.integration.vendor.people import World

BODIES = {
    "garbage": b"{not json",
    "a list": b"[1, 2]",
    "a text": b'"text"',
    "a number": b"5",
    "deep": b"[" * 5000 + b"]" * 5000,
    "deep in a field": b'{"title": ' + b'{"a":' * 3000 + b"1" + b"}" * 3000 + b"}",
    "a surrogate": rb'{"title": "\ud800", "shop_name": "\ud800", "status": "\ud800", "reason": "\ud800"}',
    "a NUL": rb'{"title": "a\u0000", "shop_name": "a\u0000", "status": "\u0000", "reason": "a\u0000"}',
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "a huge integer": b'{"price": ' + b"9" * 5000 + b', "quantity_in_stock": ' + b"9" * 5000 + b"}",
    "unterminated": b'{"title": "' + rb"\"" * 5000,
}

POSTS = (
    *("/vendor/profile", "/vendor/shop", "/vendor/shop/edit", "/vendor/shop/hours", "/vendor/shop/toggle-status"),
    *("/vendor/item/add", "/vendor/item/update/{item}", "/vendor/orders/{order}/status"),
    "/vendor/wallet/withdraw",
    *("/vendor/orders/{order}/cancel", "/vendor/upload-document", "/vendor/payout/setup"),
    *("/vendor/orders/{order}/cancel", "/vendor/orders/{order}/message", "/vendor/orders/issues/7/resolve"),
    "/vendor/orders/{order}/return/initiate",
)

GETS = (
    *("/vendor/orders/issues", "/vendor/orders/{order}/messages"),
    "/vendor/documents",
    *(
        "/vendor/item/my",
        "/vendor/orders",
        "/vendor/shop/log",
        "/vendor/wallet/history",
        "/consumer/shops",
        "/consumer/shops/search",
    ),
    *("/consumer/shop/{shop}/items", "/shop/{shop}/items"),
    "/vendor/payouts",
)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_no_body_makes_a_fault(world: World, body: bytes) -> None:
    item_id = world.vendor.add_item()
    order_id = world.place({item_id: 1})
    for rule in POSTS:
        path = rule.format(item=item_id, order=order_id)
        for content_type in ("application/json", "text/plain", ""):
            answer = world.vendor.raw("POST", path, data=body, content_type=content_type)
            assert 400 <= answer.status_code < 500, (path, content_type, answer.text[:300])
            assert answer.get_json()["code"] == answer.status_code
    assert world.vendor.orders()[0]["status"] == "pending"
    assert world.vendor.item(item_id)["title"] == "Rice"


def test_no_query_makes_a_fault(world: World) -> None:
    nonsense = ("%00", "%ff", "%ed%a0%80", "x" * 5000, "9" * 400, "-1", "%F0%9F%98%80", "'", "%5C")
    order_id = world.place({world.vendor.add_item(): 1})
    for path in GETS:
        who = world.vendor if path.startswith("/vendor") else world.resident
        for name in (
            *("limit", "cursor", "status", "q", "tag", "category", "order_id"),
            *("is_available", "payment_mode", "since", "until"),
        ):
            for value in nonsense:
                answer = who.raw("GET", f"{path.format(shop=world.shop_id, order=order_id)}?{name}={value}")
                assert answer.status_code in (200, 400), (path, name, value, answer.text[:300])


def test_text_of_any_script_is_kept_as_it_is(world: World) -> None:
    for title in ("दूध", "😀 milk", "a'b\"c\\d%_", "Ünïcödé", "<b>x</b>"):
        assert world.vendor.item(world.vendor.add_item(title))["title"] == title
    assert len(world.resident.get("/consumer/shops/search", q="दूध")["shops"]) == 1
