"""Examples for the OpenAPI document, made from the schemas: a field's own `examples`, else what its name means here.

A name means the same in every request and answer of the platform, so one table serves all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from habrio_shared.errors import HabrioError, ValidationFailed, envelope

Schema = Mapping[str, Any]

REQUEST_ID = "2f9c51d0a7e84b63"
ID = 7
SENTENCES = {"message": "Done", "answer": "It comes with the next delivery", "reason": "Asked for by phone"}
PEOPLE = {
    **dict.fromkeys(("phone", "consumer", "customer", "user_phone", "sender_phone"), "+919000000003"),
    "admin_phone": "+919000000001",
    **dict.fromkeys(("name", "consumer_name", "customer_name"), "Meera Nair"),
    "city": "Bengaluru",
    "society": "Green Meadows",
    "flat_number": "B-304",
    "gender": "female",
    "date_of_birth": "1990-04-23",
    "preferred_language": "en",
    "profile_image_url": "https://pictures.example.com/meera.jpg",
    "device": "Habrio/3.2 (Android 15)",
    "kyc_status": "approved",
    "kyc_reason": "All papers are in order",
}
TOKENS = {
    "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…",
    "refresh_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…",
    "expires_in": 900,
    "otp": "123456",
    "ping": "pong",
}
SHOPS = {
    **dict.fromkeys(("shop", "shop_name", "business_name", "vendor"), "Sharma General Store"),
    **dict.fromkeys(("shop_type", "business_type"), "Grocery"),
    "description": "Daily needs from the shop at Gate 1",
    "address": "Shop 3, Gate 1, Green Meadows",
    "category_tags": "grocery,dairy,snacks",
    "logo_url": "https://pictures.example.com/sharma.png",
    "gst_number": "27AAPFU0939F1ZV",
    "bank_name": "HDFC Bank",
    "account_number": "XXXXXX7890",
    "bank_account": "XXXXXX7890",
    "ifsc_code": "HDFC0001234",
    "day_of_week": 0,
    "open_time": "09:00",
    "close_time": "21:30",
    "rating": 4,
    "ratings": 12,
    **dict.fromkeys(("shop.name", "shops.name"), "Sharma General Store"),
    "appointment_only": False,
    "document_type": "pan_card",
    "file_url": "https://files.example.com/pan.pdf",
    "content_type": "application/pdf",
    "size_bytes": 48213,
    "event": "opened",
}
ITEMS = {
    **dict.fromkeys(("title", "item_name", "items.name", "cart.name"), "Toned Milk"),
    "brand": "Nandini",
    "unit": "pkt",
    "pack_size": "500 ml",
    "category": "Dairy",
    "tags": "milk,daily",
    "sku": "NAN-TM-500",
    "expiry_date": "2027-01-31",
    "image_url": "https://pictures.example.com/milk.jpg",
    "quantity": 2,
    "proposed_quantity": 1,
    "quantity_in_stock": 120,
    "reserved": 2,
    "stock_version": 3,
    **dict.fromkeys(("items.description", "ItemIn.description", "ItemEdit.description"), "Fresh every morning"),
    "column": "price",
    "bad_rows.reason": "must be a number",
}
ORDERS = {
    "status": "delivered",
    "delivery_notes": "Ring twice",
    "payment_status": "paid",
    **dict.fromkeys(("text", "MessageIn.message", "messages.message"), "Please bring change for 500"),
    **dict.fromkeys(("issues.description", "IssueIn.description"), "One packet is torn"),
    "issue_type": "damaged",
    "review": "Quick and friendly",
    "refusal": "",
    "stale": False,
    "item_count": 1,
    "number": 1,
    "row": 4,
    "rows_read": 10,
    "created": 8,
    "updated": 1,
    "rows_bad": 1,
}
MONEY = {
    "reference": "order:7",
    "LoadIn.reference": "upi-4711",
    "is_right": False,
    "payment_id": "pay_7",
    "provider": "sandbox",
    "provider_reference": "sandbox-7",
    "commission_basis_points": 250,
    "entry_id": "settle:7",
    "src": "due:consumer",
    "dst": "wallet:7",
    "check": "balance",
    "where": "wallet:7",
    "time_zone": "Asia/Kolkata",
    "orders": 12,
    "entries": 340,
    "postings": 352,
}
ACTS = {
    "act_id": "1f0c8a52d95b4f0e",
    "action": "suspend_user",
    "made_by": "admin:1",
    "kind": "orders.moved",
    "key": "order:7:3",
    "target": "user:7",
    "events.target": "consumer",
    "service": "vendor",
    "attempts": 4,
    "last_error": "the consumer service is not reachable",
    "word": "user_not_found",
    "refusal.status": 404,
    "refusal.message": "There is no such user",
    "request_id": REQUEST_ID,
    "given": {"user_id": ID},
    "before": {"status": "active"},
    "after": {"status": "suspended"},
    "hash": "9b74c9897bac770ffc029102a200c5de",
    "previous_hash": "1c383cd30b7c298ab50293adfecb7b18",
}
QUESTIONS = {
    **dict.fromkeys(("query", "question"), "Where is my order?"),
    "suggestions": "Can I still cancel it?",
    "erased": 3,
}
WORDS: dict[str, Any] = SENTENCES | PEOPLE | TOKENS | SHOPS | ITEMS | ORDERS | MONEY | ACTS | QUESTIONS
"""What a field of this name holds, in the demo society; "owner.field" where a name means several things."""

FORMATS = {"date-time": "2026-11-02T09:30:00.000Z", "date": "2026-11-02"}
DETAILS: dict[type[HabrioError], dict[str, Any]] = {
    ValidationFailed: {"errors": [{"loc": ["phone"], "msg": "must be given", "type": "missing"}]}
}


KINDS: dict[type, tuple[str, ...]] = {
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    str: ("string",),
    dict: ("object",),
}


def example(schema: Schema, schemas: Mapping[str, Schema], name: str = "") -> Any:
    """What `schema` allows, as people would send it; `schemas` are the document's, `name` the field's, "owner.field".

    Of alternatives the first that is not null; of a list as few entries as may be, but one. A field of text that
    nothing is known of shows its own name.
    """
    if "$ref" in schema:
        model = schema["$ref"].rpartition("/")[2]
        return example(schemas[model], schemas, name or model)
    own = name.rpartition(".")[2]
    if "properties" in schema:
        return {field: example(part, schemas, f"{own}.{field}") for field, part in schema["properties"].items()}
    if "anyOf" in schema and "examples" not in schema:
        options = [option for option in schema["anyOf"] if option.get("type") != "null"]
        return None if own.startswith("next_") else example(options[0], schemas, name)
    if schema.get("type") == "array":
        return [example(schema["items"], schemas, name)] * max(1, schema.get("minItems", 1))
    return _scalar(schema, WORDS.get(name, WORDS.get(own)), own)


def _scalar(schema: Schema, known: Any, name: str) -> Any:
    allowed = [schema["const"]] if "const" in schema else schema.get("enum", schema.get("examples"))
    if allowed:
        return known if known in allowed else allowed[0]
    kind = schema.get("type", "")
    if kind in KINDS.get(type(known), ()):
        return known
    return {"boolean": True, "integer": ID, "number": ID, "object": {}}.get(
        kind, FORMATS.get(schema.get("format", ""), name)
    )


def error_example(failure: type[HabrioError]) -> dict[str, Any]:
    """The envelope that clients get when `failure` happens."""
    details = DETAILS.get(failure, {})
    return envelope(failure.status, failure.word, failure.sentence, REQUEST_ID, **details)
