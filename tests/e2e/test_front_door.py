"""Bad input and strangers at the one URL: the right 4xx, in the envelope, whatever part answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from tests.support.client import Phone
from tests.support.society import Society
from tests.support.stack import Stack

HUGE = 10**30
DEEP = "[" * 5000 + "]" * 5000

BAD_BODIES: list[tuple[str, bytes, str, int]] = [
    ("garbage", b"{not json", "application/json", 400),
    ("a list", b"[1, 2]", "application/json", 400),
    ("text", b'"hello"', "application/json", 400),
    ("null", b"null", "application/json", 400),
    ("nothing", b"", "application/json", 400),
    ("not UTF-8", b'{"item_id": "\xff\xfe"}', "application/json", 400),
    ("deep nesting", DEEP.encode(), "application/json", 400),
    ("a form", b"item_id=1", "application/x-www-form-urlencoded", 415),
    ("no type", b'{"item_id": 1}', "", 415),
    ("too large", b'{"item_id": "' + b"x" * (1024 * 1024 + 10) + b'"}', "application/json", 413),
    ("beyond 64 bits", json.dumps({"item_id": HUGE}).encode(), "application/json", 400),
    ("NaN", b'{"item_id": NaN}', "application/json", 400),
    ("true for a number", b'{"item_id": true}', "application/json", 400),
]

BAD_TEXTS = ["\x00", "a\x00b", "\ud800", "x" * 100_000, "\x1b[31m"]


def check_envelope(response: requests.Response, status: int) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert (response.status_code, body["status"], body["code"]) == (status, "error", status), response.text[:300]
    assert isinstance(body["message"], str)
    assert isinstance(body["error"], str)
    assert body["request_id"] == response.headers["X-Request-ID"]
    for header in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "traceparent"):
        assert header in response.headers, header
    return body


@pytest.fixture(scope="module")
def resident(stack: Stack) -> Phone:
    return Society(stack.url).resident()


@pytest.fixture(scope="module")
def vendor(stack: Stack) -> Phone:
    return Society(stack.url).open_shop(Rice=1).owner


@pytest.mark.parametrize(("name", "body", "content_type", "status"), BAD_BODIES, ids=[case[0] for case in BAD_BODIES])
def test_a_bad_body_is_a_clear_4xx(resident: Phone, name: str, body: bytes, content_type: str, status: int) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = resident.raw("POST", "/consumer/cart/add", data=body, headers=headers)
    check_envelope(answer, status)


@pytest.mark.parametrize("text", BAD_TEXTS, ids=["NUL", "NUL inside", "lone surrogate", "over-long", "escape"])
@pytest.mark.parametrize(
    ("who", "path", "field"),
    [
        ("resident", "/consumer/profile/edit", "flat_number"),
        ("resident", "/consumer/order/confirm", "delivery_notes"),
        ("resident", "/onboarding/basic", "name"),
        ("vendor", "/vendor/shop/edit", "description"),
        ("vendor", "/vendor/item/add", "title"),
        ("resident", "/send-otp", "phone"),
        ("resident", "/verify-otp", "otp"),
        ("resident", "/auth/refresh", "refresh_token"),
    ],
)
def test_text_that_cannot_be_kept_is_refused(
    request: pytest.FixtureRequest, who: str, path: str, field: str, text: str
) -> None:
    phone: Phone = request.getfixturevalue(who)
    answer = phone.raw("POST", path, data=json.dumps({field: text}), headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text[:300]
    check_envelope(answer, answer.status_code)


@pytest.mark.parametrize("quantity", ["2", 2.0, 2.5, True, -1, 0, 11, HUGE, None, [], {}])
def test_a_cart_quantity_is_a_whole_number_from_1_to_10(resident: Phone, quantity: object) -> None:
    answer = resident.raw("POST", "/consumer/cart/add", json={"item_id": 1, "quantity": quantity})
    assert check_envelope(answer, 400)["errors"][0]["loc"] == ["quantity"]


@pytest.mark.parametrize("amount", ["10", True, -1, 0, 0.001, 1e300, 1_000_000.01, "NaN", None])
def test_an_amount_is_a_positive_number_of_rupees_and_paise(resident: Phone, amount: object) -> None:
    check_envelope(resident.raw("POST", "/consumer/wallet/load", json={"amount": amount}), 400)
    assert resident.get("/consumer/wallet")["balance"] == 0


@pytest.mark.parametrize(
    ("method", "path", "anonymous", "signed_in"),
    [
        ("GET", "/no-such-thing", 404, 404),
        ("GET", "/consumer/no-such-thing", 401, 404),
        ("DELETE", "/consumer/wallet", 401, 405),
        ("GET", "/send-otp", 405, 405),
        ("GET", "/vendor/wallet", 401, 403),
        ("DELETE", "/vendor/wallet", 401, 405),
        ("POST", "/consumer/wallet/debit", 401, 403),
        ("POST", "/consumer/wallet/refund", 401, 403),
        ("POST", "/vendor/wallet/credit", 401, 403),
        ("GET", "/consumer/orders/999999999", 401, 404),
        ("GET", "/consumer/orders/99999999999999999999", 401, 404),
        ("GET", "/agent/query", 401, 405),
    ],
)
def test_answers_come_in_the_order_the_api_promises(
    stack: Stack, resident: Phone, method: str, path: str, anonymous: int, signed_in: int
) -> None:
    check_envelope(Phone(stack.url).raw(method, path), anonymous)
    check_envelope(resident.raw(method, path), signed_in)


def test_internal_addresses_are_not_there(stack: Stack, resident: Phone) -> None:
    for path in ("//internal/messages/orders.place", "//internal/catalogue/quote", "//internal/admin/users"):
        check_envelope(resident.raw("POST", path, json={}), 404)


@pytest.mark.parametrize("service", ["auth", "consumer", "vendor"])
def test_a_service_reached_directly_accepts_nobody(stack: Stack, resident: Phone, service: str) -> None:
    forged = {
        "Authorization": f"Bearer {resident.token}",
        "X-Internal-Token": resident.token,
        "X-User-Id": "1",
        "X-Role": "admin",
    }
    for path in ("/api/v1/me", "/api/v1/consumer/wallet", "/internal/admin/users", "/no-such-thing"):
        answer = requests.get(stack.service_url(service) + path, headers=forged, timeout=5)
        assert (answer.status_code, answer.json()["error"]) == (401, "unauthorized")


def test_identity_headers_from_outside_change_nothing(resident: Phone) -> None:
    answer = resident.raw("GET", "/me", headers={"X-Internal-Token": "x.y.z", "X-User-Id": "1", "X-Role": "admin"})
    assert answer.json()["data"]["phone"] == f"+91{resident.phone}"


def test_the_bare_token_without_bearer_is_accepted(resident: Phone) -> None:
    assert resident.raw("GET", "/me", headers={"Authorization": resident.token}).status_code == 200


def test_one_document_describes_every_service_and_the_page_shows_it(stack: Stack) -> None:
    visitor = Phone(stack.url)
    document = visitor.raw("GET", "//apispec.json").json()
    assert document["openapi"].startswith("3.")
    for path in ("/api/v1/send-otp", "/api/v1/consumer/order/confirm", "/api/v1/vendor/item/add"):
        assert path in document["paths"]
    page = visitor.raw("GET", "//docs/")
    assert page.status_code == 200
    assert "swagger-ui" in page.text
    assert visitor.raw("GET", "//health").json() == {"status": "ok"}
