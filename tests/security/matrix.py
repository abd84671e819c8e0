"""Who may call what: a row for every operation of every service, written down apart from the code.

The suite compares the rows with services/*/openapi.json, in both directions, and asks each of them as eight callers.
A new route needs a row here. In paths and bodies `{order_id}` and the like stand for what belongs to the consumer and
the vendor of the test society; `{new_phone}` is another number each time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PUBLIC, SIGNED_IN = "public", "signed_in"


@dataclass(frozen=True)
class Row:
    """`access`: "public", "signed_in", or what x-habrio-requires says.

    `stranger`: the status for somebody of the right role whose the resource is not. `answer`: the one status of those
    who may call, where it is one that identity could have decided (401, 403) or a fault made on purpose.
    """

    access: str
    body: dict[str, Any] | None = field(default_factory=dict)
    query: dict[str, Any] | None = None
    stranger: int | None = None
    answer: int | None = None


RETURN = {"reason": "Broken", "items": [{"item_id": 1, "quantity": 1}]}

MARK = {"value": True, "reason": "Visited"}
REVIEW = {"decision": "approve", "reason": "Checked"}

MATRIX: dict[str, Row] = {
    # auth
    "POST /api/v1/send-otp": Row(PUBLIC, {"phone": "{new_phone}"}),
    "POST /api/v1/verify-otp": Row(PUBLIC, {"phone": "{new_phone}", "otp": "000000"}, answer=401),
    "POST /api/v1/auth/refresh": Row(PUBLIC, {"refresh_token": "x.y.z"}, answer=401),
    "GET /api/v1/test_support/boom": Row(PUBLIC, answer=500),
    "GET /api/v1/test_support/ok": Row(PUBLIC, answer=200),
    "GET /api/v1/test_support/otp/{new_phone}": Row(PUBLIC, answer=404),
    "GET /test_support/boom": Row(PUBLIC, answer=500),
    "GET /test_support/ok": Row(PUBLIC, answer=200),
    "GET /test_support/otp/{new_phone}": Row(PUBLIC, answer=404),
    "GET /api/v1/auth/sessions": Row(SIGNED_IN),
    "POST /api/v1/auth/sessions/{session_id}/revoke": Row(SIGNED_IN, stranger=404),
    "POST /api/v1/logout": Row(SIGNED_IN),
    "GET /api/v1/me": Row(SIGNED_IN),
    "GET /api/v1/profile/me": Row(SIGNED_IN),
    "POST /api/v1/onboarding/basic": Row(SIGNED_IN),
    # consumer
    "POST /api/v1/consumer/onboarding": Row("consumer"),
    "GET /api/v1/consumer/profile/me": Row("consumer"),
    "POST /api/v1/consumer/profile/edit": Row("consumer"),
    "POST /api/v1/consumer/cart/add": Row("consumer", {"item_id": "{item_id}"}, stranger=404),
    "POST /api/v1/consumer/cart/update": Row("consumer", {"item_id": "{item_id}", "quantity": 1}, stranger=404),
    "POST /api/v1/consumer/cart/remove": Row("consumer", {"item_id": "{item_id}"}, stranger=404),
    "POST /api/v1/consumer/cart/clear": Row("consumer"),
    "GET /api/v1/consumer/cart/view": Row("consumer"),
    "POST /api/v1/consumer/order/confirm": Row("consumer:confirm_order"),
    "GET /api/v1/consumer/order/history": Row("consumer"),
    "GET /api/v1/consumer/orders/{order_id}": Row("consumer", stranger=403),
    "POST /api/v1/consumer/orders/{order_id}/confirm-modified": Row("consumer:confirm_order", stranger=403),
    "POST /api/v1/consumer/orders/{order_id}/cancel": Row("consumer:cancel_order", stranger=403),
    "POST /api/v1/consumer/orders/{order_id}/message": Row("consumer", {"message": "Hello"}, stranger=403),
    "GET /api/v1/consumer/orders/{order_id}/messages": Row("consumer", stranger=403),
    "POST /api/v1/consumer/orders/{order_id}/rate": Row("consumer:rate_order", {"rating": 5}, stranger=403),
    "POST /api/v1/consumer/orders/{order_id}/issue": Row(
        "consumer", {"issue_type": "late", "description": "Two hours"}, stranger=403
    ),
    "POST /api/v1/consumer/orders/{order_id}/return/raise": Row("consumer", RETURN, stranger=403),
    "GET /api/v1/consumer/wallet": Row("consumer"),
    "GET /api/v1/consumer/wallet/history": Row("consumer"),
    "POST /api/v1/consumer/wallet/load": Row("consumer", {"amount": 1}),
    "POST /api/v1/consumer/wallet/debit": Row("consumer", answer=403),
    "POST /api/v1/consumer/wallet/refund": Row("consumer", answer=403),
    # vendor, for consumers
    "GET /api/v1/consumer/shops": Row("consumer"),
    "GET /api/v1/consumer/shops/search": Row("consumer", query={"q": "rice"}),
    "GET /api/v1/consumer/shop/{shop_id}/items": Row("consumer", stranger=404),
    "GET /api/v1/shop/{shop_id}/items": Row("consumer", stranger=404),
    # vendor
    "POST /api/v1/vendor/profile": Row("vendor"),
    "GET /api/v1/vendor/profile": Row("vendor"),
    "GET /api/v1/vendor/profile/me": Row("vendor"),
    "POST /api/v1/vendor/upload-document": Row("vendor"),
    "GET /api/v1/vendor/documents": Row("vendor"),
    "GET /api/v1/vendor/documents/{document_id}": Row("vendor", stranger=404),
    "GET /api/v1/document-files/{document_id}": Row(PUBLIC, answer=403),
    "POST /api/v1/vendor/payout/setup": Row("vendor"),
    "POST /api/v1/vendor/shop": Row("vendor"),
    "POST /api/v1/vendor/shop/edit": Row("vendor"),
    "GET /api/v1/vendor/shop/my": Row("vendor"),
    "POST /api/v1/vendor/shop/hours": Row("vendor", {"weekly_hours": []}),
    "GET /api/v1/vendor/shop/log": Row("vendor"),
    "POST /api/v1/vendor/shop/toggle-status": Row("vendor", {"is_open": True}),
    "POST /api/v1/vendor/item/add": Row("vendor"),
    "GET /api/v1/vendor/item/my": Row("vendor"),
    "POST /api/v1/vendor/item/update/{item_id}": Row("vendor", {"brand": "Asha"}, stranger=404),
    "POST /api/v1/vendor/item/{item_id}/toggle": Row("vendor", stranger=404),
    "POST /api/v1/vendor/item/{item_id}/delete": Row("vendor", stranger=404),
    "POST /api/v1/vendor/item/bulk-upload": Row("vendor"),
    "GET /api/v1/vendor/item/bulk-upload/{task_id}": Row("vendor", stranger=404),
    "GET /api/v1/vendor/orders": Row("vendor"),
    "POST /api/v1/vendor/orders/{order_id}/status": Row("vendor:deliver_order", {"status": "accepted"}, stranger=403),
    "POST /api/v1/vendor/orders/{order_id}/modify": Row(
        "vendor:modify_order", {"modifications": [{"item_id": 1, "quantity": 0}]}, stranger=403
    ),
    "POST /api/v1/vendor/orders/{order_id}/cancel": Row("vendor:cancel_order_vendor", stranger=403),
    "POST /api/v1/vendor/orders/{order_id}/message": Row("vendor", {"message": "Hello"}, stranger=403),
    "GET /api/v1/vendor/orders/{order_id}/messages": Row("vendor", stranger=403),
    "GET /api/v1/vendor/orders/issues": Row("vendor"),
    "POST /api/v1/vendor/orders/issues/{issue_id}/resolve": Row("vendor", {"answer": "Sorry"}, stranger=403),
    "POST /api/v1/vendor/orders/{order_id}/return/accept": Row("vendor", stranger=403),
    "POST /api/v1/vendor/orders/{order_id}/return/reject": Row("vendor", stranger=403),
    "POST /api/v1/vendor/orders/{order_id}/return/complete": Row("vendor", stranger=403),
    "POST /api/v1/vendor/orders/{order_id}/return/initiate": Row("vendor", RETURN, stranger=403),
    "GET /api/v1/vendor/wallet": Row("vendor"),
    "GET /api/v1/vendor/wallet/history": Row("vendor"),
    "POST /api/v1/vendor/wallet/withdraw": Row("vendor", {"amount": 1}),
    "GET /api/v1/vendor/payouts": Row("vendor"),
    "POST /api/v1/vendor/wallet/credit": Row("vendor", answer=403),
    "POST /api/v1/vendor/wallet/debit": Row("vendor", answer=403),
    # admin
    "GET /api/v1/admin/users": Row("admin"),
    "GET /api/v1/admin/users/{user_id}": Row("admin"),
    "POST /api/v1/admin/users/{user_id}/suspend": Row("admin"),
    "POST /api/v1/admin/users/{user_id}/restore": Row("admin"),
    "POST /api/v1/admin/users/{user_id}/role": Row("admin"),
    "POST /api/v1/admin/users/{user_id}/end-sessions": Row("admin"),
    "GET /api/v1/admin/shops": Row("admin"),
    "GET /api/v1/admin/shops/{shop_id}": Row("admin"),
    "POST /api/v1/admin/shops/{shop_id}/verify": Row("admin", MARK),
    "POST /api/v1/admin/shops/{shop_id}/feature": Row("admin", MARK),
    "GET /api/v1/admin/orders": Row("admin"),
    "GET /api/v1/admin/orders/{order_id}": Row("admin"),
    "GET /api/v1/admin/reviews": Row("admin"),
    "POST /api/v1/admin/vendors/{vendor_id}/review": Row("admin", REVIEW),
    "POST /api/v1/admin/documents/{document_id}/review": Row("admin", REVIEW),
    "GET /api/v1/admin/issues": Row("admin"),
    "POST /api/v1/admin/issues/{issue_id}/resolve": Row("admin"),
    "POST /api/v1/admin/wallets/adjust": Row("admin"),
    "GET /api/v1/admin/payouts": Row("admin"),
    "GET /api/v1/admin/events/failing": Row("admin"),
    "POST /api/v1/admin/events/{service}/{event_id}/replay": Row("admin"),
    "GET /api/v1/admin/ledger/verify": Row("admin"),
    "GET /api/v1/admin/audit": Row("admin"),
    "GET /api/v1/admin/stats/daily": Row("admin"),
    # agent
    "POST /api/v1/agent/query": Row(SIGNED_IN, {"query": "Which shops are open?"}),
    "GET /api/v1/agent/conversation": Row(SIGNED_IN),
    "DELETE /api/v1/agent/conversation": Row(SIGNED_IN),
}
