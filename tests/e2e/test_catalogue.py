"""The catalogue through the front door: compressed, tagged, and not sent again until something in it has changed."""

from __future__ import annotations

import pytest
import requests

from tests.support.client import Phone
from tests.support.society import Society, fill_cart
from tests.support.stack import Stack


def ask(resident: Phone, path: str, tag: str = "") -> requests.Response:
    headers = {"Accept-Encoding": "gzip"} | ({"If-None-Match": tag} if tag else {})
    return resident.raw("GET", path, headers=headers)


@pytest.mark.parametrize("many", [1, 40], ids=["plain", "compressed"])
def test_what_a_resident_has_seen_is_not_sent_again_until_it_changes(stack: Stack, many: int) -> None:
    society = Society(stack.url)
    shop = society.open_shop(**{f"Item{number}": 5 for number in range(many)})
    resident = society.resident(money=500)
    path = f"/shop/{shop.shop_id}/items"
    first = ask(resident, path)
    assert first.headers.get("Content-Encoding") == ("gzip" if many > 1 else None)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"') and first.headers["Cache-Control"] == "private, no-cache"
    same = ask(resident, path, tag)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert same.headers["X-Request-ID"]
    fill_cart(resident, shop, Item0=5)
    resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})
    sold_out = ask(resident, path, tag)
    assert sold_out.status_code == 200
    assert {item["title"]: item["in_stock"] for item in sold_out.json()["items"]}["Item0"] is False
    assert ask(society.resident(), path, sold_out.headers["ETag"]).status_code == 304, "neighbours see the same"
    stranger = Society(stack.url).resident()
    assert ask(stranger, path, sold_out.headers["ETag"]).status_code == 404
    resident.post("/logout")
    assert ask(resident, path, sold_out.headers["ETag"]).status_code == 401
