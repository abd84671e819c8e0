"""The order in which the collection walks through the API, and what it sends where the document's example will not do.

Every operation of the document stands here at least once (tests/contract/test_postman.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One request.

    `call` is the operation as the document names it; `who` sends it: consumer, vendor, admin, guest, or nobody.
    `body` replaces the document's example, `form` is a multipart form instead: (name, content) of fields, the last of
    which is a file. `path` and `query` give parameters; an `order_id` that is not given is {{orderId}}. `keep` maps a
    variable to where the answer has it, in JavaScript. `expect` are the statuses that are right; those that the
    document calls success unless it is given. `once`: somebody who is not new has done this already and gets 400.
    """

    call: str
    who: str = ""
    title: str = ""
    body: Body | None = None
    form: tuple[tuple[str, str], ...] = ()
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    keep: dict[str, str] = field(default_factory=dict)
    expect: tuple[int, ...] = ()
    once: bool = False


@dataclass(frozen=True)
class Folder:
    name: str
    about: str
    steps: tuple[Step, ...]
    only_with_agent: bool = False


V1 = "/api/v1"
CSV = "title,price,sku\nGlucose Biscuits,10,BIS-1\nRusk,35.5,RUS-1\n"
PDF = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
"""As little as counts as a PDF."""


def log_in(who: str, otp: str) -> tuple[Step, ...]:
    """Three requests: ask for a code, read it at `otp`, a test support path, and spend it."""
    phone = f"{{{{{who}Phone}}}}"
    tokens = {f"{who}AccessToken": "access_token", f"{who}RefreshToken": "refresh_token"}
    return (
        Step(f"POST {V1}/send-otp", title=f"{who}: ask for a code", body={"phone": phone}),
        Step(f"GET {otp}", title=f"{who}: read it (development)", path={"phone": phone}, keep={"otp": "data.otp"}),
        Step(f"POST {V1}/verify-otp", title=f"{who}: log in", body={"phone": phone, "otp": "{{otp}}"}, keep=tokens),
    )


def person(who: str, name: str, role: str) -> Step:
    body = {"name": name, "city": "Bengaluru", "society": "{{society}}", "role": role}
    return Step(f"POST {V1}/onboarding/basic", who, title=f"{who}: say who you are", body=body)


def order(variable: str, payment_mode: str, quantity: int) -> tuple[Step, ...]:
    """Put so many pieces into the cart and order them."""
    line: Body = {"item_id": "{{itemId}}", "quantity": quantity}
    body = {"payment_mode": payment_mode, "delivery_notes": "Ring twice"}
    return (
        Step(f"POST {V1}/consumer/cart/add", "consumer", body=line),
        Step(f"POST {V1}/consumer/order/confirm", "consumer", body=body, keep={variable: "order_id"}),
    )


def pieces(quantity: int) -> list[Body]:
    return [{"item_id": "{{itemId}}", "quantity": quantity}]


def of_order(side: str, verb: str, body: Body | None = None, **facts: Any) -> Step:
    method = "GET" if verb == "messages" else "POST"
    return Step(f"{method} {V1}/{side}/orders/{{order_id}}/{verb}", side, body=body, **facts)


LOG_IN = Folder(
    "Log in",
    "By one-time password. Requests of other folders log in by themselves, if nobody has.",
    (
        *log_in("consumer", f"{V1}/test_support/otp/{{phone}}"),
        *log_in("vendor", f"{V1}/test_support/otp/{{phone}}"),
        *log_in("admin", f"{V1}/test_support/otp/{{phone}}"),
        *log_in("guest", "/test_support/otp/{phone}"),
        person("consumer", "Meera Nair", "consumer"),
        person("vendor", "Ramesh Sharma", "vendor"),
        person("guest", "Farah Khan", "consumer"),
        Step(f"GET {V1}/me", "consumer", keep={"consumerUserId": "data.id"}),
        Step(f"GET {V1}/profile/me", "vendor", keep={"vendorUserId": "data.id"}),
        Step(f"GET {V1}/me", "guest", keep={"guestUserId": "data.id"}),
        Step(
            f"POST {V1}/auth/refresh",
            body={"refresh_token": "{{consumerRefreshToken}}"},
            keep={"consumerAccessToken": "access_token", "consumerRefreshToken": "refresh_token"},
        ),
        Step(f"GET {V1}/auth/sessions", "guest", keep={"sessionId": "sessions[0].id"}),
        Step(f"POST {V1}/auth/sessions/{{session_id}}/revoke", "guest"),
    ),
)

SHOP = Folder(
    "Vendor: business, shop, catalogue",
    "From a registered business to items on sale.",
    (
        Step(f"POST {V1}/vendor/profile", "vendor", once=True),
        Step(f"GET {V1}/vendor/profile", "vendor"),
        Step(f"GET {V1}/vendor/profile/me", "vendor"),
        Step(f"POST {V1}/vendor/payout/setup", "vendor"),
        Step(f"POST {V1}/vendor/upload-document", "vendor", keep={"documentId": "document_id"}),
        Step(
            f"POST {V1}/vendor/upload-document",
            "vendor",
            title="Send a document as a file",
            form=(("document_type", "shop_licence"), ("licence.pdf", PDF)),
            keep={"fileId": "document_id"},
        ),
        Step(f"GET {V1}/vendor/documents", "vendor"),
        Step(
            f"GET {V1}/vendor/documents/{{document_id}}",
            "vendor",
            path={"document_id": "{{fileId}}"},
            keep={"signature": 'document.file_url.split("signature=")[1]'},
        ),
        Step(
            f"GET {V1}/document-files/{{document_id}}",
            path={"document_id": "{{fileId}}"},
            query={"signature": "{{signature}}"},
        ),
        Step(f"POST {V1}/vendor/shop", "vendor", once=True),
        Step(f"GET {V1}/vendor/shop/my", "vendor", keep={"shopId": "data.id"}),
        Step(f"POST {V1}/vendor/shop/edit", "vendor"),
        Step(f"POST {V1}/vendor/shop/hours", "vendor"),
        Step(f"POST {V1}/vendor/shop/toggle-status", "vendor", body={"is_open": True}),
        Step(f"GET {V1}/vendor/shop/log", "vendor"),
        Step(
            f"POST {V1}/vendor/item/add",
            "vendor",
            body={"title": "Toned Milk", "brand": "Nandini", "price": 27, "mrp": 28.5, "quantity_in_stock": 120},
            keep={"itemId": "item_id"},
        ),
        Step(
            f"POST {V1}/vendor/item/add",
            "vendor",
            title="Add another item",
            body={"title": "Curd", "price": 30, "unit": "pkt", "pack_size": "500 g", "category": "Dairy"},
            keep={"otherItemId": "item_id"},
        ),
        Step(f"POST {V1}/vendor/item/update/{{item_id}}", "vendor", body={"mrp": 29, "tags": "milk,daily"}),
        Step(f"POST {V1}/vendor/item/{{item_id}}/toggle", "vendor", path={"item_id": "{{otherItemId}}"}),
        Step(f"POST {V1}/vendor/item/{{item_id}}/delete", "vendor", path={"item_id": "{{otherItemId}}"}),
        Step(f"GET {V1}/vendor/item/my", "vendor", query={"limit": "10"}),
        Step(f"POST {V1}/vendor/item/bulk-upload", "vendor", form=(("items.csv", CSV),), keep={"taskId": "task_id"}),
        Step(f"GET {V1}/vendor/item/bulk-upload/{{task_id}}", "vendor"),
    ),
)

BROWSE = Folder(
    "Consumer: profile, wallet, shops",
    "What a resident does before the first order.",
    (
        Step(f"POST {V1}/consumer/onboarding", "consumer", once=True),
        Step(f"GET {V1}/consumer/profile/me", "consumer"),
        Step(f"POST {V1}/consumer/profile/edit", "consumer"),
        Step(f"POST {V1}/consumer/wallet/load", "consumer", body={"amount": 500, "reference": "first"}),
        Step(f"GET {V1}/consumer/wallet", "consumer"),
        Step(f"GET {V1}/consumer/shops", "consumer", query={"status": "open"}),
        Step(f"GET {V1}/consumer/shops/search", "consumer", query={"q": "milk"}),
        Step(f"GET {V1}/consumer/shop/{{shop_id}}/items", "consumer"),
        Step(f"GET {V1}/shop/{{shop_id}}/items", "consumer", title="The same at its older address"),
    ),
)

CART = Folder(
    "Consumer: cart",
    "One shop at a time.",
    (
        Step(f"POST {V1}/consumer/cart/add", "consumer", body={"item_id": "{{itemId}}"}),
        Step(f"POST {V1}/consumer/cart/update", "consumer", body={"item_id": "{{itemId}}", "quantity": 3}),
        Step(f"GET {V1}/consumer/cart/view", "consumer"),
        Step(f"POST {V1}/consumer/cart/remove", "consumer", body={"item_id": "{{itemId}}"}),
        Step(f"POST {V1}/consumer/cart/clear", "consumer"),
    ),
)

ORDER = Folder(
    "An order, from both sides",
    "By wallet: placed, made smaller by the vendor, agreed to, delivered. Then two that are cancelled.",
    (
        *order("orderId", "wallet", 4),
        Step(f"GET {V1}/consumer/order/history", "consumer", query={"limit": "10"}),
        Step(f"GET {V1}/consumer/orders/{{order_id}}", "consumer"),
        Step(f"GET {V1}/vendor/orders", "vendor", query={"status": "pending"}),
        of_order("consumer", "message"),
        of_order("vendor", "message", {"message": "I have three left, is that all right?"}),
        of_order("consumer", "messages"),
        of_order("vendor", "messages"),
        of_order("vendor", "modify", {"modifications": pieces(3)}),
        of_order("consumer", "confirm-modified"),
        of_order("vendor", "status", {"status": "delivered"}),
        *order("cancelledOrderId", "cash", 1),
        of_order("consumer", "cancel", {"reason": "Changed my mind"}, path={"order_id": "{{cancelledOrderId}}"}),
        *order("cancelledOrderId", "cash", 1),
        of_order("vendor", "cancel", {"reason": "The fridge broke"}, path={"order_id": "{{cancelledOrderId}}"}),
    ),
)

AFTER = Folder(
    "After the delivery",
    "A rating, what was wrong, and what goes back.",
    (
        of_order("consumer", "rate"),
        of_order("consumer", "issue", keep={"issueId": "issue_id"}),
        Step(f"GET {V1}/vendor/orders/issues", "vendor", query={"order_id": "{{orderId}}"}),
        Step(f"POST {V1}/vendor/orders/issues/{{issue_id}}/resolve", "vendor"),
        of_order("consumer", "return/raise", {"reason": "Sour", "items": pieces(1)}),
        of_order("vendor", "return/reject"),
        of_order(
            "consumer", "return/raise", {"reason": "Sour, see the picture", "items": pieces(1)}, title="Ask again"
        ),
        of_order("vendor", "return/accept"),
        of_order("vendor", "return/complete"),
        of_order("vendor", "return/initiate", {"reason": "The whole batch is sour", "items": pieces(1)}),
    ),
)

MONEY = Folder(
    "Money on both sides",
    "Wallets move by payments, orders and payouts; by hand nobody moves them.",
    (
        Step(f"GET {V1}/consumer/wallet/history", "consumer"),
        Step(f"POST {V1}/consumer/wallet/debit", "consumer", expect=(403,)),
        Step(f"POST {V1}/consumer/wallet/refund", "consumer", expect=(403,)),
        Step(f"GET {V1}/vendor/wallet", "vendor"),
        Step(f"GET {V1}/vendor/wallet/history", "vendor"),
        Step(f"POST {V1}/vendor/wallet/withdraw", "vendor", body={"amount": 20.5}),
        Step(f"GET {V1}/vendor/payouts", "vendor"),
        Step(f"POST {V1}/vendor/wallet/credit", "vendor", expect=(403,)),
        Step(f"POST {V1}/vendor/wallet/debit", "vendor", expect=(403,)),
    ),
)

GUEST, SELLER = {"user_id": "{{guestUserId}}"}, {"vendor_id": "{{vendorUserId}}"}
FIRST_ISSUE = "issues[0].id"


def act(path: str, body: Body | None = None, /, **facts: Any) -> Step:
    return Step(f"POST {V1}/admin/{path}", "admin", body=body, **facts)


def look(path: str, /, **facts: Any) -> Step:
    return Step(f"GET {V1}/admin/{path}", "admin", **facts)


ADMIN = Folder(
    "Administrator",
    "What running the place needs; each act stands in the audit log with its reason.",
    (
        look("users", query={"q": "{{guestPhone}}"}),
        look("users/{user_id}", path=GUEST),
        act("users/{user_id}/suspend", path=GUEST),
        act("users/{user_id}/restore", path=GUEST),
        act("users/{user_id}/role", {"role": "vendor", "reason": "Opens a shop"}, path=GUEST),
        act("users/{user_id}/end-sessions", path=GUEST),
        look("reviews", query={"vendor_id": "{{vendorUserId}}"}),
        act("documents/{document_id}/review"),
        act("vendors/{vendor_id}/review", path=SELLER),
        look("shops", query={"vendor_id": "{{vendorUserId}}"}),
        look("shops/{shop_id}"),
        act("shops/{shop_id}/verify"),
        act("shops/{shop_id}/feature"),
        look("orders", query={"shop_id": "{{shopId}}"}),
        look("orders/{order_id}"),
        of_order("consumer", "issue", {"issue_type": "late", "description": "An hour late"}, title="Another issue"),
        look("issues", query={"status": "raised", "order_id": "{{orderId}}"}, keep={"raisedIssueId": FIRST_ISSUE}),
        act("issues/{issue_id}/resolve", path={"issue_id": "{{raisedIssueId}}"}),
        act(
            "wallets/adjust",
            {"owner": "consumer", "user_id": "{{consumerUserId}}", "amount": 25, "reason": "For the trouble"},
        ),
        look("payouts", query={"vendor_id": "{{vendorUserId}}"}),
        look("ledger/verify"),
        look("stats/daily"),
        look("events/failing"),
        act(
            "events/{service}/{event_id}/replay",
            title="Have a message delivered again (there is no such message)",
            path={"service": "vendor", "event_id": "9007199254740991"},
            expect=(404,),
        ),
        look("audit", query={"limit": "10"}),
    ),
)

ASSISTANT = Folder(
    "Assistant",
    "Only where the platform runs with OPENAI_API_KEY; skipped elsewhere.",
    (
        Step(f"POST {V1}/agent/query", "consumer", body={"query": "What have I ordered last?"}),
        Step(f"GET {V1}/agent/conversation", "consumer"),
        Step(f"DELETE {V1}/agent/conversation", "consumer"),
    ),
    only_with_agent=True,
)

SUPPORT = Folder(
    "Test support",
    "Only in development and testing: a staging or production platform answers 404.",
    (
        Step("GET /test_support/ok"),
        Step("GET /test_support/boom", expect=(500,)),
        Step(f"GET {V1}/test_support/ok"),
        Step(f"GET {V1}/test_support/boom", expect=(500,)),
    ),
)

LOG_OUT = Folder("Log out", "The token is refused from the next request on.", (Step(f"POST {V1}/logout", "consumer"),))

JOURNEY = (LOG_IN, SHOP, BROWSE, CART, ORDER, AFTER, MONEY, ADMIN, ASSISTANT, SUPPORT, LOG_OUT)
