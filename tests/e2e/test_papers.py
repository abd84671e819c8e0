"""A vendor's papers and bank through the one URL: a file comes back by its link alone, a review shows in /me."""

from __future__ import annotations

import requests

from tests.support import papers
from tests.support.client import Phone
from tests.support.society import CITY, Society
from tests.support.stack import Stack

TIMEOUT_SECONDS = 10
ADMIN_PHONE = "9000000001"
MIB = 1024 * 1024
BANK = {"bank_name": "HDFC Bank", "account_number": "50100123456789", "ifsc_code": "HDFC0001234"}


def new_vendor(stack: Stack) -> Phone:
    phone = Phone(stack.url)
    phone.join("vendor", name="Asha Traders", city=CITY, society=Society(stack.url).name)
    return phone


def upload(vendor: Phone, content: bytes, name: str = "licence.pdf") -> requests.Response:
    file = {"file": (name, content, "application/octet-stream")}
    return vendor.raw("POST", "/vendor/upload-document", files=file, data={"document_type": "shop_licence"})


def test_an_uploaded_file_comes_back_by_a_signed_link_that_needs_no_token(stack: Stack) -> None:
    vendor, stranger = new_vendor(stack), new_vendor(stack)
    content = papers.padded_pdf(5 * MIB - 1000)
    assert upload(vendor, content).status_code == 200
    [document] = vendor.get("/vendor/documents")["documents"]
    assert (
        document.items() >= {"document_type": "shop_licence", "status": "pending", "size_bytes": len(content)}.items()
    )

    answer = requests.get(stack.url + document["file_url"], timeout=TIMEOUT_SECONDS)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f"attachment; filename=document-{document['id']}.pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"

    for url in (document["file_url"][:-1], document["file_url"].partition("?")[0]):
        refused = requests.get(stack.url + url, timeout=TIMEOUT_SECONDS)
        assert (refused.status_code, refused.json()["error"]) == (403, "link_not_valid")
    stranger.get(f"/vendor/documents/{document['id']}", expect=404)
    assert document["file_url"].partition("signature=")[2] not in stack.log("nginx") + stack.log("vendor")


def test_what_is_no_picture_and_no_pdf_or_too_large_is_refused_in_the_envelope(stack: Stack) -> None:
    vendor = new_vendor(stack)
    refusals = (
        (papers.padded_pdf(5 * MIB + 1), 413, "payload_too_large"),
        (b"<script>alert(1)</script>", 400, "file_not_accepted"),
        (b"", 400, "file_not_accepted"),
    )
    for content, status, word in refusals:
        answer = upload(vendor, content)
        assert (answer.status_code, answer.json()["error"]) == (status, word)
    assert vendor.get("/vendor/documents")["documents"] == []


def test_a_review_shows_in_me_at_once_and_the_bank_is_shown_masked(stack: Stack) -> None:
    vendor = new_vendor(stack)
    profile = {"business_type": "grocery", "business_name": "Asha Traders", "address": "Gate 2"}
    vendor.post("/vendor/profile", {**profile, "gst_number": "27 aapfu0939f 1zv"})
    assert vendor.post("/vendor/payout/setup", BANK)["data"]["account_number"] == "XXXXXX6789"
    data = vendor.get("/vendor/profile/me")["data"]
    assert (data["gst_number"], data["payout_bank"]["account_number"]) == ("27AAPFU0939F1ZV", "XXXXXX6789")
    assert vendor.get("/me")["data"]["kyc_status"] == "pending"
    admin = Phone(stack.url, ADMIN_PHONE)
    admin.sign_in()
    admin.post(f"/admin/vendors/{data['user_id']}/review", {"decision": "approve", "reason": "Checked"})
    assert vendor.get("/me")["data"]["kyc_status"] == "approved"
    assert BANK["account_number"] not in stack.log("nginx") + stack.log("vendor")
