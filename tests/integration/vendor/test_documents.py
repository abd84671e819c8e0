"""Documents: sent as a link or a file, listed to their vendor, handed out by links that expire."""

from __future__ import annotations

import io
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from habrio_shared import faults
from habrio_shared.api import UPLOAD_LIMIT_BYTES
from habrio_shared.database import reading
from habrio_vendor.documents import add as adding
from habrio_vendor.documents.links import CLOCK_LEEWAY_SECONDS, LIFETIME_SECONDS, link_to_file
from habrio_vendor.documents.models import Document
from habrio_vendor.housekeeping.tasks import housekeeping
from tests.integration.vendor.people import Person, Vendor, World
from tests.support import papers
from tests.support.signed import anonymous, service

LINK = "https://files.example.com/pan.pdf"
FORM_BYTES = 400
"""More than a form adds to its file."""


@pytest.fixture
def vendor(world: World) -> Vendor:
    """One who has only signed in: papers may come before the profile."""
    return Vendor(world.app, "vendor", world.society)


def send(vendor: Person, content: bytes, name: str = "pan.pdf", **form: Any) -> TestResponse:
    """Upload `content` under this name; a None in `form` leaves a field out."""
    fields = {"document_type": "pan_card", "file": (io.BytesIO(content), name, "text/html"), **form}
    data = {key: value for key, value in fields.items() if value is not None}
    return vendor.raw("POST", "/vendor/upload-document", data=data, content_type="multipart/form-data")


def sent(vendor: Person, content: bytes, name: str = "pan.pdf") -> dict[str, Any]:
    """The document as its vendor sees it once it was uploaded."""
    answer = send(vendor, content, name)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = vendor.get(f"/vendor/documents/{answer.get_json()['document_id']}")["document"]
    return document


def fetch(app: Flask, url: str) -> TestResponse:
    return anonymous(app).request("GET", url)


def uploads(app: Flask) -> list[Path]:
    """Every file that is kept."""
    root: Path = app.extensions["habrio_settings"].upload_folder
    return [path for path in root.rglob("*") if path.is_file()]


def rows(app: Flask) -> int:
    with app.app_context(), reading() as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0


def test_a_link_is_kept_as_it_was_sent(vendor: Vendor) -> None:
    answer = vendor.post("/vendor/upload-document", {"document_type": "pan_card", "file_url": LINK})
    [document] = vendor.get("/vendor/documents")["documents"]
    assert document["id"] == answer["document_id"]
    assert (
        document.items()
        >= {
            "document_type": "pan_card",
            "status": "pending",
            "file_url": LINK,
            "file_url_expires_at": None,
            "content_type": None,
            "reviewed_at": None,
        }.items()
    )
    assert document["created_at"].endswith("Z")


@pytest.mark.parametrize(
    ("content", "content_type", "ending"),
    [
        (papers.pdf(), "application/pdf", "pdf"),
        (papers.jpeg(), "image/jpeg", "jpg"),
        (papers.png(), "image/png", "png"),
    ],
)
def test_a_file_is_handed_out_as_it_was_sent_under_a_name_and_type_of_ours(
    vendor: Vendor, content: bytes, content_type: str, ending: str
) -> None:
    document = sent(vendor, content, name="../../evil.html")
    assert (document["content_type"], document["size_bytes"]) == (content_type, len(content))
    answer = fetch(vendor.app, document["file_url"])
    assert (answer.status_code, answer.data) == (200, content)
    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["Content-Length"] == str(len(content))
    assert answer.headers["Content-Disposition"] == f"attachment; filename=document-{document['id']}.{ending}"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_large_file_comes_back_whole(vendor: Vendor) -> None:
    content = papers.padded_pdf(UPLOAD_LIMIT_BYTES - FORM_BYTES)
    assert fetch(vendor.app, sent(vendor, content)["file_url"]).data == content


def test_more_than_five_mib_is_413_and_nothing_is_kept(vendor: Vendor) -> None:
    before = uploads(vendor.app)
    answer = send(vendor, papers.padded_pdf(UPLOAD_LIMIT_BYTES + 1))
    assert (answer.status_code, answer.get_json()["error"]) == (413, "payload_too_large")
    huge_field = send(vendor, papers.pdf(), document_type="x" * UPLOAD_LIMIT_BYTES)
    assert huge_field.status_code == 413
    assert vendor.get("/vendor/documents")["documents"] == []
    assert uploads(vendor.app) == before


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "The file is empty"),
        (b"<html><script>alert(1)</script></html>", "PDF, JPEG or PNG"),
        (b"GIF89a" + papers.pdf(), "PDF, JPEG or PNG"),
        (papers.png() + b"PK\x03\x04", "PDF, JPEG or PNG"),
        (papers.png()[:-4], "PDF, JPEG or PNG"),
        (b"%PDF-1.7\n<script>", "PDF, JPEG or PNG"),
        (b"\xff\xd8\xff\xe0<?php ?>", "PDF, JPEG or PNG"),
        (b"MZ\x90\x00" * 1000, "PDF, JPEG or PNG"),
    ],
)
@pytest.mark.parametrize("name", ["pan.pdf", "pan.png"])
def test_a_file_of_another_kind_is_refused_whatever_it_is_called(
    vendor: Vendor, content: bytes, word: str, name: str
) -> None:
    before = uploads(vendor.app)
    answer = send(vendor, content, name)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "file_not_accepted")
    assert word in answer.get_json()["message"]
    assert vendor.get("/vendor/documents")["documents"] == []
    assert uploads(vendor.app) == before


@pytest.mark.parametrize("name", ["a", "pan.exe", "पैन.pdf", "x" * 3000, "a\x00b.pdf", "..", "/etc/passwd", " "])
def test_the_senders_name_for_a_file_plays_no_part(vendor: Vendor, name: str) -> None:
    assert send(vendor, papers.png(), name).status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {"document_type": None},
        {"document_type": ""},
        {"document_type": "  "},
        {"document_type": "a\x00b"},
        {"document_type": "x" * 201},
        {"file": None},
        {"file": "text"},
        {"file": (io.BytesIO(b""), "")},
        {"file_url": LINK},
        {"file": None, "file_url": LINK},
    ],
)
def test_a_form_that_lacks_a_part_or_has_one_too_many_is_refused(vendor: Vendor, form: dict[str, Any]) -> None:
    answer = send(vendor, papers.pdf(), **form)
    assert (answer.status_code, answer.get_json()["error"]) == (400, "validation_error")
    assert vendor.get("/vendor/documents")["documents"] == []


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"document_type": "pan_card"},
        {"document_type": "pan_card", "file_url": ""},
        {"document_type": "pan_card", "file_url": None},
        {"document_type": "pan_card", "file_url": 5},
        {"document_type": "pan_card", "file_url": [LINK]},
        {"document_type": "pan_card", "file_url": "http://files.example.com/pan.pdf"},
        {"document_type": "pan_card", "file_url": "https://me:pw@files.example.com/pan.pdf"},
        {"document_type": "pan_card", "file_url": "https://127.0.0.1/pan.pdf"},
        {"document_type": "pan_card", "file_url": LINK + "\x00"},
        {"document_type": "pan_card", "file_url": LINK + "\ud800"},
        {"document_type": "pan_card", "file_url": LINK + "x" * 100_000},
        {"document_type": "", "file_url": LINK},
        {"document_type": None, "file_url": LINK},
        {"document_type": 5, "file_url": LINK},
        {"document_type": True, "file_url": LINK},
        {"document_type": "a\x00", "file_url": LINK},
        {"document_type": "\ud800", "file_url": LINK},
        {"document_type": "x" * 201, "file_url": LINK},
        {"file_url": LINK},
    ],
)
def test_a_bad_body_is_refused(vendor: Vendor, body: object) -> None:
    vendor.post("/vendor/upload-document", body, expect=400)
    assert vendor.get("/vendor/documents")["documents"] == []


@pytest.mark.parametrize(
    ("data", "content_type", "status"),
    [
        (b"garbage", "multipart/form-data; boundary=x", 400),
        (b"garbage", "multipart/form-data", 400),
        (
            b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n%PDF",
            "multipart/form-data; boundary=x",
            400,
        ),
        (b"--x\r\n" * 5000, "multipart/form-data; boundary=x", 400),
        (b"document_type=a&file_url=https://example.com", "application/x-www-form-urlencoded", 415),
        (papers.pdf(), "application/pdf", 415),
    ],
)
def test_a_form_that_is_none_is_refused(vendor: Vendor, data: bytes, content_type: str, status: int) -> None:
    answer = vendor.raw("POST", "/vendor/upload-document", data=data, content_type=content_type)
    assert answer.status_code == status, answer.text
    assert answer.get_json()["code"] == answer.status_code


def test_documents_are_listed_newest_first_a_page_at_a_time(vendor: Vendor) -> None:
    for kind in ("pan_card", "shop_licence", "gst_certificate"):
        vendor.post("/vendor/upload-document", {"document_type": kind, "file_url": LINK})
    first = vendor.get("/vendor/documents", limit=2)
    assert [document["document_type"] for document in first["documents"]] == ["gst_certificate", "shop_licence"]
    second = vendor.get("/vendor/documents", limit=2, cursor=first["next_cursor"])
    assert [document["document_type"] for document in second["documents"]] == ["pan_card"]
    assert second["next_cursor"] is None


def test_another_vendors_document_is_not_there(world: World, vendor: Vendor) -> None:
    document = sent(vendor, papers.pdf())
    missing = world.vendor.get(f"/vendor/documents/{document['id']}", expect=404)
    assert missing["error"] == "document_not_found"
    assert world.vendor.get("/vendor/documents/999999999", expect=404)["error"] == "document_not_found"
    assert world.vendor.get("/vendor/documents")["documents"] == []
    for path in ("x", "0", "-1", "1.0", "99999999999999999"):
        world.vendor.get(f"/vendor/documents/{path}", expect=404)


def test_a_link_that_we_did_not_make_is_refused(vendor: Vendor) -> None:
    document, other = sent(vendor, papers.pdf()), sent(vendor, papers.png())
    path, _, signature = document["file_url"].partition("?signature=")
    parts = signature.split(".")
    forged = [
        "",
        "x",
        "a.b.c",
        ".".join([str(other["id"]), *parts[1:]]),
        ".".join([parts[0], "zzzzzz", parts[2]]),
        ".".join([*parts[:2], parts[2][::-1]]),
        signature[:-1],
        signature + "A",
        "%00",
        "%ff",
        "%ed%a0%80",
        "9" * 4000,
        other["file_url"].partition("?signature=")[2],
    ]
    for attempt in forged:
        answer = fetch(vendor.app, f"{path}?signature={attempt}")
        assert (answer.status_code, answer.get_json()["error"]) == (403, "link_not_valid"), attempt
    assert fetch(vendor.app, path).status_code == 403
    assert fetch(vendor.app, f"{path}?signature={signature}&signature=x").status_code == 200


def test_a_link_expires_and_the_list_gives_a_fresh_one(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    old = sent(vendor, papers.pdf())["file_url"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS - 2)
    assert fetch(vendor.app, old).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS + 1)
    expired = fetch(vendor.app, old)
    assert (expired.status_code, expired.get_json()["error"]) == (403, "link_expired")
    fresh = vendor.get("/vendor/documents")["documents"][0]["file_url"]
    assert fetch(vendor.app, fresh).status_code == 200
    monkeypatch.setattr(time, "time", lambda: now + LIFETIME_SECONDS - CLOCK_LEEWAY_SECONDS - 1)
    assert fetch(vendor.app, fresh).get_json()["error"] == "link_expired"  # from a future that no clock of ours has


def test_a_signed_link_to_a_document_that_is_a_link_leads_nowhere(vendor: Vendor) -> None:
    answer = vendor.post("/vendor/upload-document", {"document_type": "pan_card", "file_url": LINK})
    with vendor.app.app_context():
        url = link_to_file(answer["document_id"]).path
    assert fetch(vendor.app, url).status_code == 404


def test_a_file_is_only_given_to_who_comes_through_the_gateway(vendor: Vendor) -> None:
    url = sent(vendor, papers.pdf())["file_url"]
    assert service(vendor.app, "consumer").request("GET", url).status_code == 401
    assert vendor.app.test_client().get(url).status_code == 401


def test_a_crash_between_file_and_row_leaves_no_row_and_the_file_goes_after_a_day(vendor: Vendor) -> None:
    kept = sent(vendor, papers.pdf())
    before, count = set(uploads(vendor.app)), rows(vendor.app)
    faults.arm([faults.Fault(adding.AFTER_FILE, "raise")])
    try:
        assert send(vendor, papers.png()).status_code == 500
    finally:
        faults.arm([])
    assert rows(vendor.app) == count
    [orphan] = set(uploads(vendor.app)) - before
    with vendor.app.app_context():
        housekeeping()
        assert orphan.exists()
        for path in (orphan, *before):
            os.utime(path, (0, 0))
        housekeeping()
    assert not orphan.exists()
    assert set(uploads(vendor.app)) == before
    assert fetch(vendor.app, kept["file_url"]).status_code == 200


def test_a_medium_that_is_full_or_gone_is_a_503_and_nothing_is_kept(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    kept = sent(vendor, papers.pdf())
    count = rows(vendor.app)

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        answer = send(vendor, papers.png())
    assert (answer.status_code, answer.get_json()["error"]) == (503, "storage_unavailable")
    assert "No space left" in caplog.text
    assert rows(vendor.app) == count
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        assert fetch(vendor.app, kept["file_url"]).status_code == 503
    assert fetch(vendor.app, kept["file_url"]).status_code == 200


def test_one_vendor_cannot_fill_the_disk(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adding, "DOCUMENTS_MAX", 2)
    for _ in range(2):
        sent(vendor, papers.png())
    before = uploads(vendor.app)
    answer = send(vendor, papers.png())
    assert (answer.status_code, answer.get_json()["error"]) == (400, "too_many_documents")
    assert uploads(vendor.app) == before
    assert send(Vendor(vendor.app, "vendor", vendor.society), papers.png()).status_code == 200


def test_uploads_at_once_are_all_kept_apart(vendor: Vendor) -> None:
    contents = [papers.padded_pdf(100_000 + number) for number in range(6)]
    answers: list[int] = []
    threads = [threading.Thread(target=lambda c=c: answers.append(send(vendor, c).status_code)) for c in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * len(contents)
    urls = [document["file_url"] for document in vendor.get("/vendor/documents")["documents"]]
    assert sorted(fetch(vendor.app, url).data for url in urls) == sorted(contents)
