"""Whatever is sent to any route of the service, the answer is the envelope with a 4xx, and nothing changes."""

from __future__ import annotations

import pytest

from tests.integration.consumer.people import World

POSTS = [
    "/consumer/onboarding",
    "/consumer/profile/edit",
    "/consumer/cart/add",
    "/consumer/cart/update",
    "/consumer/cart/remove",
    "/consumer/order/confirm",
    "/consumer/orders/1/cancel",
    "/consumer/orders/1/message",
    "/consumer/orders/1/rate",
    "/consumer/orders/1/issue",
    "/consumer/orders/1/return/raise",
    "/consumer/wallet/load",
]

BODIES: list[tuple[bytes, str, int]] = [
    (b"[]", "application/json", 400),
    (b"7", "application/json", 400),
    (b'"x"', "application/json", 400),
    (b"{", "application/json", 400),
    (b"\xff\xfe{}", "application/json", 400),
    (b"[" * 5000 + b"]" * 5000, "application/json", 400),
    (b'{"a":' * 5000 + b"1" + b"}" * 5000, "application/json", 400),
    (b"a=1", "application/x-www-form-urlencoded", 415),
    (b'{"item_id": 1}', "text/plain", 415),
    (b" " * (1024 * 1024 + 1), "application/json", 413),
]


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_is_no_object_is_refused(world: World, path: str) -> None:
    for body, content_type, status in BODIES:
        answer = world.resident.raw("POST", path, data=body, content_type=content_type)
        envelope = answer.get_json()
        assert answer.status_code == status, (body[:20], answer.text[:200])
        assert envelope["status"] == "error" and envelope["code"] == status and envelope["request_id"]


TEXTS = ["bell\\u0000", "\\ud800", "\\udfff\\ud800", "\\u001b[2J"]


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_no_database_or_phone_can_show_is_400(world: World, text: str) -> None:
    world.resident.post("/consumer/onboarding", {"flat_number": "B-402"})
    order_id = world.placed("cash")
    for path, field in [
        ("/consumer/onboarding", "flat_number"),
        ("/consumer/profile/edit", "name"),
        ("/consumer/profile/edit", "profile_image_url"),
        ("/consumer/order/confirm", "delivery_notes"),
        (f"/consumer/orders/{order_id}/cancel", "reason"),
        ("/consumer/wallet/load", "reference"),
    ]:
        body = f'{{"amount": 1, "{field}": "x{text}"}}'
        answer = world.resident.raw("POST", path, data=body, content_type="application/json")
        assert (answer.status_code, answer.get_json()["error"]) == (400, "validation_error"), (path, field)
    assert (world.resident.status(order_id), world.auth.named, world.resident.movements()) == ("pending", [], [])


@pytest.mark.parametrize(
    ("field", "longest"),
    [("flat_number", 50), ("profile_image_url", 500), ("gender", 50), ("preferred_language", 50), ("name", 200)],
)
def test_text_of_a_profile_is_bounded(world: World, field: str, longest: int) -> None:
    world.resident.post("/consumer/onboarding")
    start = "https://" if field == "profile_image_url" else ""
    fits = start + "क" * (longest - len(start))
    world.resident.post("/consumer/profile/edit", {field: fits})
    world.resident.post("/consumer/profile/edit", {field: fits + "x"}, expect=400)
    for wrong in (5, True, ["x"], {"x": 1}):
        world.resident.post("/consumer/profile/edit", {field: wrong}, expect=400)


@pytest.mark.parametrize(
    "url", ["ftp://x.example/a.png", "javascript:alert(1)", "https://", "https://a b", "x\nhttps://a"]
)
def test_an_image_url_is_a_web_address(world: World, url: str) -> None:
    world.resident.post("/consumer/onboarding", {"profile_image_url": url}, expect=400)
    world.resident.get("/consumer/profile/me", expect=404)


def test_a_key_is_at_most_255_characters(world: World) -> None:
    world.resident.fill(world.rice)
    refused = world.resident.confirm("cash", key="k" * 256, expect=400)
    assert refused["error"] == "idempotency_key_too_long"
    world.resident.confirm("cash", key="k" * 255)


def test_unknown_routes_and_wrong_methods_say_so(world: World) -> None:
    assert world.resident.raw("GET", "/consumer/nothing").status_code == 404
    assert world.resident.raw("GET", "/consumer/order/confirm").status_code == 405
    assert world.resident.raw("DELETE", "/consumer/cart/view").status_code == 405
