"""The catalogue is not sent twice to who has it, and always to who has another one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from habrio_shared.contracts.acts import VERIFY_SHOP
from tests.integration.vendor.people import Person, Vendor, World
from tests.support import acts
from tests.support.signed import service


def ask(who: Person, path: str, tag: str | None = None) -> TestResponse:
    return who.raw("GET", path, headers={} if tag is None else {"If-None-Match": tag})


def tag_of(who: Person, path: str) -> str:
    answer = ask(who, path)
    assert answer.status_code == 200, answer.text
    return answer.headers["ETag"]


PATHS = ("/consumer/shops", "/consumer/shops/search?q=asha", "/consumer/shop/{shop}/items", "/shop/{shop}/items")


@pytest.mark.parametrize("rule", PATHS)
def test_what_is_unchanged_is_not_sent_again(world: World, rule: str) -> None:
    world.vendor.add_item()
    path = rule.format(shop=world.shop_id)
    first = ask(world.resident, path)
    tag = first.headers["ETag"]
    assert tag.startswith('W/"')
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first.headers["Vary"]
    for seen in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        same = ask(world.resident, path, seen)
        assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", tag), seen
        assert same.headers["Cache-Control"] == "private, no-cache"
        assert same.headers["X-Request-ID"]
        assert "Content-Type" not in same.headers and "Content-Length" not in same.headers
    for other in (
        'W/"other"',
        '"',
        "",
        "x" * 5000,
        ",,,",
        'W/""',
        tag[:-2] + '"',
        "W/",
        "é".encode().decode("latin-1"),
    ):
        again = ask(world.resident, path, other)
        assert (again.status_code, again.data, again.headers["ETag"]) == (200, first.data, tag), other


CHANGES: dict[str, tuple[Callable[[World, int], object], tuple[bool, bool, bool]]] = {
    "a price": (lambda w, i: w.vendor.post(f"/vendor/item/update/{i}", {"price": 11}), (False, False, True)),
    "a title": (lambda w, i: w.vendor.post(f"/vendor/item/update/{i}", {"title": "Tea"}), (False, False, True)),
    "another item": (lambda w, _: w.vendor.add_item(), (False, False, True)),
    "off sale": (lambda w, i: w.vendor.post(f"/vendor/item/{i}/toggle"), (False, False, True)),
    "deleted": (lambda w, i: w.vendor.post(f"/vendor/item/{i}/delete"), (False, False, True)),
    "sold out": (lambda w, i: w.place({i: 10}), (False, False, True)),
    "some sold": (lambda w, i: w.place({i: 9}), (False, False, False)),
    "the shop's name": (lambda w, _: w.vendor.post("/vendor/shop/edit", {"shop_name": "Asha 2"}), (True, True, True)),
    "the shop's logo": (lambda w, _: w.vendor.post("/vendor/shop/edit", {"logo_url": "x"}), (True, True, False)),
    "another shop": (lambda w, _: Vendor(w.app, "vendor", w.society).open_shop(), (True, True, False)),
    "verified": (
        lambda w, _: acts.done(service(w.app, "admin"), VERIFY_SHOP, shop_id=w.shop_id, value=True),
        (True, True, False),
    ),
    "another society's shop": (lambda w, _: Vendor(w.app, "vendor", "Other").open_shop(), (False, False, False)),
    "what nobody sees": (
        lambda w, i: w.vendor.post(f"/vendor/item/{i}/toggle") and w.vendor.post(f"/vendor/item/{i}/toggle"),
        (False, False, False),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_tag_changes_with_what_is_seen_and_with_nothing_else(world: World, change: str) -> None:
    item_id = world.vendor.add_item(stock=10)
    paths = [path.format(shop=world.shop_id) for path in PATHS[:3]]
    before = [tag_of(world.resident, path) for path in paths]
    act, expected = CHANGES[change]
    act(world, item_id)
    statuses = [ask(world.resident, path, tag).status_code for path, tag in zip(paths, before, strict=True)]
    assert tuple(status == 200 for status in statuses) == expected, statuses


def test_a_shop_that_closes_is_no_longer_the_one_that_was_seen(world: World) -> None:
    path = f"/shop/{world.shop_id}/items"
    tags = {path: tag_of(world.resident, path) for path in (path, "/consumer/shops", "/consumer/shops/search?q=asha")}
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": False})
    assert ask(world.resident, path, tags[path]).status_code == 403
    assert "ETag" not in ask(world.resident, path, tags[path]).headers
    for other in ("/consumer/shops", "/consumer/shops/search?q=asha"):
        assert ask(world.resident, other, tags[other]).status_code == 200
    world.vendor.post("/vendor/shop/toggle-status", {"is_open": True})
    assert ask(world.resident, path, tags[path]).status_code == 304


def test_every_address_page_query_and_place_has_a_tag_of_its_own(world: World) -> None:
    for _ in range(3):
        world.vendor.add_item()
    paths = (
        *("/consumer/shops", "/consumer/shops?status=open", "/consumer/shops?tag=none", "/consumer/shops?tag=nothing"),
        *("/consumer/shops/search?q=asha", f"/shop/{world.shop_id}/items", f"/consumer/shop/{world.shop_id}/items"),
        *(f"/shop/{world.shop_id}/items?limit=1", f"/shop/{world.shop_id}/items?limit=2"),
    )
    people = [world.resident, *(Person(world.app, "consumer", society) for society in ("Nowhere", "Nowhere Else"))]
    tags = [
        tag_of(who, path) for who in people for path in paths if "shop/" not in path or who.society == world.society
    ]
    assert len(set(tags)) == len(tags)
    neighbour = Person(world.app, "consumer", world.society)  # the front door may show both the same answer
    assert [tag_of(neighbour, path) for path in paths] == tags[: len(paths)]


def test_a_refusal_comes_before_any_tag(world: World) -> None:
    tag = tag_of(world.resident, "/consumer/shops")
    assert ask(world.vendor, "/consumer/shops", tag).status_code == 403
    assert ask(world.resident, "/consumer/shops?limit=x", tag).status_code == 400
    assert ask(Person(world.app, "consumer", "Nowhere"), f"/shop/{world.shop_id}/items", "*").status_code == 404
    assert world.app.test_client().get("/api/v1/consumer/shops", headers={"If-None-Match": tag}).status_code == 401
