"""The administrators' page in a real browser, through the front door: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.security.realm import Realm
from tests.support.browser import browser
from tests.support.client import Phone
from tests.support.society import Shop, Society
from tests.support.stack import Stack

__all__ = ["browser"]

DESK, PHONE = (1200, 900), (375, 740)
TIMEOUT_MS = 30_000
expect.set_options(timeout=TIMEOUT_MS)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    width, height = request.param
    opened = browser.new_context(viewport={"width": width, "height": height})
    opened.set_default_timeout(TIMEOUT_MS)
    yield opened
    opened.close()


@pytest.fixture
def administrator(stack: Stack) -> Phone:
    """One who has not logged in: as many codes as these tests ask for are not sent to a single phone."""
    phone = Phone(stack.url)
    with Realm.of(stack) as realm:
        realm.new_person("admin", f"+91{phone.phone}")
    return phone


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complains of: the policy, a script, a style that did not come."""
    return []


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    opened = context.new_page()
    opened.on("console", lambda said: complaints.append(said.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    return opened


def shop_with_papers(stack: Stack) -> tuple[Shop, int, int]:
    """A shop, and two of its documents that wait for review."""
    shop = Society(stack.url).open_shop(Rice=5)
    papers = [
        shop.owner.post("/vendor/upload-document", {"document_type": kind, "file_url": "https://files.example.com/a"})
        for kind in ("pan_card", "gst_certificate")
    ]
    return shop, papers[0]["document_id"], papers[1]["document_id"]


def log_in(page: Page, stack: Stack, administrator: Phone) -> None:
    page.goto(f"{stack.url}/admin")
    page.get_by_label("Your phone").fill(administrator.phone)
    page.get_by_role("button", name="Send a code").click()
    page.wait_for_url("**/admin/log-in")
    otp = requests.get(f"{stack.url}/test_support/otp/{administrator.phone}", timeout=10).json()["data"]["otp"]
    page.get_by_label("six digits").fill(otp)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/admin/")


def decide(page: Page, document_id: int, button: str, reason: str) -> None:
    form = page.locator(f'form[action="/admin/documents/{document_id}/review"]')
    form.get_by_role("textbox").fill(reason)
    form.get_by_role("button", name=button).click()
    page.wait_for_url("**/admin/?act=*")
    expect(page.get_by_role("status")).to_contain_text(f"Done: Review document, document:{document_id}")


def test_an_administrator_logs_in_reviews_sees_it_on_record_and_leaves(
    stack: Stack, administrator: Phone, context: BrowserContext, page: Page, complaints: list[str]
) -> None:
    shop, good, bad = shop_with_papers(stack)
    log_in(page, stack, administrator)
    for name in ("Today", "Waiting for review", "Failing events", "Ledgers"):
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Orders of each"))).to_be_visible()
    expect(page.get_by_text("Right to the paisa")).to_be_visible()
    decide(page, good, "Approve", "Read and compared")
    decide(page, bad, "Reject", "Cannot be read")
    papers = {paper["id"]: paper for paper in shop.owner.get("/vendor/documents")["documents"]}
    assert (papers[good]["status"], papers[bad]["status"]) == ("approved", "rejected")
    page.get_by_role("link", name="Audit log").first.click()
    for document_id, reason in ((good, "Read and compared"), (bad, "Cannot be read")):
        entry = page.get_by_role("listitem").filter(has_text=f"document:{document_id}")
        expect(entry).to_contain_text(reason)
        expect(entry).to_contain_text("done")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
    assert page.evaluate("document.cookie") == ""
    kept: Any = context.cookies()
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url("**/admin/log-in")
    expect(page.get_by_label("Your phone")).to_be_visible()
    context.add_cookies(kept)
    page.goto(f"{stack.url}/admin/")
    expect(page.get_by_label("Your phone")).to_be_visible()
    expect(page.get_by_text("Your session is over")).to_be_visible()
    # The log-in form comes with 401, which the browser mentions.
    assert [said for said in complaints if "401 (UNAUTHORIZED)" not in said] == []


def test_another_site_reaches_nothing_with_the_administrators_cookies(
    stack: Stack, administrator: Phone, context: BrowserContext, page: Page
) -> None:
    _, document_id, _ = shop_with_papers(stack)
    log_in(page, stack, administrator)
    word = page.locator(f'form[action="/admin/documents/{document_id}/review"] input[name="form"]').input_value()
    site = "http://evil.example/"
    form = (
        f'<form method="post" action="{stack.url}/admin/documents/{document_id}/review"><input name="form"'
        f' value="{word}"><input name="reason" value="x"><button name="decision" value="approve">Win</button></form>'
    )
    context.route(site, lambda route: route.fulfill(content_type="text/html", body=form))
    page.goto(site)
    page.get_by_role("button").click()
    expect(page.get_by_text("did not come from this page")).to_be_visible()
    administrator.sign_in()
    waiting = [paper["id"] for paper in administrator.get("/admin/reviews", limit=100)["documents"]]
    assert document_id in waiting
