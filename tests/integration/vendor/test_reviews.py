"""What administrators see of vendors and their documents, and decide; how the vendor and auth learn of it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from habrio_shared.contracts.acts import REVIEW_DOCUMENT, REVIEW_VENDOR
from tests.integration.vendor.people import Vendor, World
from tests.support import acts
from tests.support.signed import Signed, person, service

LINK = "https://files.example.com/pan.pdf"
APPROVE = {"decision": "approve", "reason": "Checked against the register"}
REJECT = {"decision": "reject", "reason": "The photo is blurred"}


@pytest.fixture
def admin(app: Flask) -> Signed:
    """The admin service."""
    return service(app, "admin")


def documents(admin: Signed, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = admin.get("/internal/admin/documents", **query)["documents"]
    return found


def new_document(vendor: Vendor) -> int:
    body = {"document_type": "pan_card", "file_url": LINK}
    return int(vendor.post("/vendor/upload-document", body)["document_id"])


def test_a_decision_on_a_document_reaches_its_vendor_with_the_reason(world: World, admin: Signed) -> None:
    document_id = new_document(world.vendor)
    for decision, status in ((REJECT, "rejected"), (APPROVE, "approved"), (APPROVE, "approved")):
        reviewed = acts.done(admin, REVIEW_DOCUMENT, document_id=document_id, **decision)
        assert reviewed.after == {"status": status, "reason": decision["reason"]}
        [seen] = world.vendor.get("/vendor/documents")["documents"]
        assert (seen["status"], seen["reason"]) == (status, decision["reason"])
        assert seen["reviewed_at"].endswith("Z")


def test_documents_are_listed_newest_first_by_status_and_vendor(world: World, admin: Signed) -> None:
    ids = [new_document(world.vendor) for _ in range(3)]
    newcomer = Vendor(world.app, "vendor", world.society)
    newest = new_document(newcomer)
    acts.done(admin, REVIEW_DOCUMENT, document_id=ids[1], **APPROVE)
    assert [document["id"] for document in documents(admin, limit=2)] == [newest, ids[2]]
    assert [document["id"] for document in documents(admin, vendor_id=world.vendor.user_id)] == ids[::-1]
    mine = {"vendor_id": world.vendor.user_id}
    assert [document["id"] for document in documents(admin, status="pending", **mine)] == [ids[2], ids[0]]
    [approved] = documents(admin, status="approved", **mine)
    assert (approved["id"], approved["business_name"], approved["vendor_id"]) == (
        ids[1],
        "Asha Traders",
        world.vendor.user_id,
    )
    assert documents(admin, vendor_id=newcomer.user_id)[0]["business_name"] is None
    page = admin.get("/internal/admin/documents", limit=2, **mine)
    rest = admin.get("/internal/admin/documents", limit=2, cursor=page["next_cursor"], **mine)
    assert [document["id"] for document in rest["documents"]] == [ids[0]]
    assert rest["next_cursor"] is None


def test_vendors_are_listed_by_how_their_review_stands(world: World, admin: Signed) -> None:
    newcomer = Vendor(world.app, "vendor", world.society)
    newcomer.open_shop()
    pending = admin.get("/internal/admin/vendors", status="pending", limit=2)["vendors"]
    assert [vendor["vendor_id"] for vendor in pending] == [newcomer.user_id, world.vendor.user_id]
    assert pending[0].items() >= {"business_name": "Asha Traders", "gst_number": None, "kyc_reason": ""}.items()
    acts.done(admin, REVIEW_VENDOR, vendor_id=newcomer.user_id, **APPROVE)
    page = admin.get("/internal/admin/vendors", status="pending", limit=1)
    assert page["vendors"][0]["vendor_id"] == world.vendor.user_id
    assert page["next_cursor"] in (world.vendor.user_id, None)
    newest = admin.get("/internal/admin/vendors", limit=1)["vendors"][0]
    assert (newest["vendor_id"], newest["kyc_status"]) == (newcomer.user_id, "approved")


def test_a_decision_on_a_vendor_is_told_to_auth_once_each(world: World, admin: Signed) -> None:
    vendor_id = world.vendor.user_id
    assert world.vendor.get("/vendor/profile")["data"]["kyc_status"] == "pending"
    for decision in (APPROVE, APPROVE, REJECT):
        acts.done(admin, REVIEW_VENDOR, vendor_id=vendor_id, **decision)
    assert world.consumer.reviewed == [(vendor_id, "approved", 1), (vendor_id, "rejected", 2)]
    data = world.vendor.get("/vendor/profile")["data"]
    assert (data["kyc_status"], data["kyc_reason"]) == ("rejected", "The photo is blurred")


def test_what_does_not_exist_cannot_be_reviewed(world: World, admin: Signed) -> None:
    nobody = Vendor(world.app, "vendor", world.society)
    assert acts.refused(admin, REVIEW_DOCUMENT, document_id=999999, **APPROVE) == (404, "document_not_found")
    assert acts.refused(admin, REVIEW_VENDOR, vendor_id=nobody.user_id, **APPROVE) == (404, "vendor_not_found")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"decision": "approve"},
        {"reason": "x"},
        {"decision": "approved", "reason": "x"},
        {"decision": "", "reason": "x"},
        {"decision": None, "reason": "x"},
        {"decision": "approve", "reason": ""},
        {"decision": "approve", "reason": "a\x00"},
        {"decision": "approve", "reason": "\ud800"},
        {"decision": "approve", "reason": "x" * 201},
        {"decision": "approve", "reason": 5},
    ],
)
def test_a_decision_that_is_none_changes_nothing(world: World, admin: Signed, body: object) -> None:
    document_id = new_document(world.vendor)
    for message, facts in (
        (REVIEW_DOCUMENT, {"document_id": document_id}),
        (REVIEW_VENDOR, {"vendor_id": world.vendor.user_id}),
    ):
        given = {"act_id": "a", **facts, **body} if isinstance(body, dict) else body
        assert acts.ask(admin, message, given).status_code == 400
    assert world.vendor.get("/vendor/documents")["documents"][0]["status"] == "pending"
    assert world.vendor.get("/vendor/profile")["data"]["kyc_status"] == "pending"


@pytest.mark.parametrize("query", ["status=gone", "status=", "limit=0", "limit=x", "cursor=-1", "cursor=%00"])
def test_a_filter_that_means_nothing_is_a_400(admin: Signed, query: str) -> None:
    for path in ("/internal/admin/documents", "/internal/admin/vendors"):
        assert admin.request("GET", f"{path}?{query}").status_code == 400


def test_only_the_admin_service_reviews(app: Flask, world: World) -> None:
    document_id = new_document(world.vendor)
    for somebody in (service(app, "consumer"), person(app, "admin"), world.vendor):
        somebody.get("/internal/admin/documents", expect=401)
        somebody.get("/internal/admin/vendors", expect=401)
        body = acts.body_of(document_id=document_id, vendor_id=world.vendor.user_id, **APPROVE)
        for message in (REVIEW_DOCUMENT, REVIEW_VENDOR):
            assert acts.ask(somebody, message, body).status_code == 401


def test_the_lists_cost_the_same_however_long_they_are(world: World, admin: Signed, statements: Any) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            new_document(world.vendor)
        with statements() as seen:
            documents(admin)
            world.vendor.get("/vendor/documents")
            admin.get("/internal/admin/vendors")
        counts.append(len(seen))
    assert counts[0] == counts[1] == 3
