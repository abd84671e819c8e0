"""/docs/ in a browser: somebody logs in by one-time password and asks who they are, without leaving the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import browser
from tests.support.client import new_phone
from tests.support.documents import platform
from tests.support.stack import Stack

__all__ = ["browser"]

PATIENCE_MS = 60_000


class DocsPage:
    """Swagger UI over the platform's document, used as a person does; notes what the browser complains of."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("request", lambda request: self.asked.add(urlsplit(request.url).netloc))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.goto(f"{url}/docs/")

    def operation(self, method: str, path: str) -> Locator:
        """The block of one operation, opened and ready to be filled in."""
        tag = platform()["paths"][path][method]["tags"][0]
        section = self.page.locator(f'.opblock-tag[data-tag="{tag}"]')
        if section.get_attribute("data-is-open") == "false":
            section.click()
        block = self.page.locator(f".opblock-{method}").filter(has=self.page.locator(f'[data-path="{path}"]'))
        block.locator(".opblock-summary").click()
        block.get_by_role("button", name="Try it out").click()
        return block

    def send(self, block: Locator) -> tuple[int, dict[str, Any]]:
        """(status, body) that the page shows once it has sent the request."""
        block.get_by_role("button", name="Execute").click()
        answer = block.locator(".live-responses-table .response").first
        shown = answer.locator(".response-col_description pre").first
        expect(shown).to_contain_text("{", timeout=PATIENCE_MS)
        body: dict[str, Any] = json.loads(shown.inner_text())
        return int(answer.locator(".response-col_status").inner_text().split()[0]), body

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        block = self.operation("post", path)
        block.locator("textarea.body-param__text").fill(json.dumps(body))
        return self.send(block)

    def get(self, path: str, **parameters: str) -> tuple[int, dict[str, Any]]:
        block = self.operation("get", path)
        for name, value in parameters.items():
            block.locator(f'tr[data-param-name="{name}"] input').fill(value)
        return self.send(block)

    def authorize(self, token: str) -> None:
        self.page.get_by_role("button", name="Authorize").first.click()
        dialog = self.page.locator(".modal-ux")
        dialog.locator("input").fill(token)
        dialog.locator("button.authorize").click()
        dialog.locator("button.btn-done").click()


@pytest.fixture
def docs(stack: Stack, browser: Browser) -> DocsPage:
    return DocsPage(browser.new_page(viewport={"width": 1280, "height": 900}), stack.url)


def test_an_otp_log_in_can_be_done_from_the_page(docs: DocsPage, stack: Stack, tmp_path: Path) -> None:
    phone = new_phone()
    assert docs.post("/api/v1/send-otp", {"phone": phone})[0] == 200
    status, shown = docs.get("/test_support/otp/{phone}", phone=phone)
    assert status == 200
    status, tokens = docs.post("/api/v1/verify-otp", {"phone": phone, "otp": shown["data"]["otp"]})
    assert (status, tokens["token_type"]) == (200, "Bearer")
    docs.authorize(tokens["access_token"])
    status, me = docs.get("/api/v1/me")
    assert (status, me["data"]["phone"]) == (200, f"+91{phone}")
    picture = docs.page.screenshot(path=tmp_path / "docs.png", full_page=True)
    assert picture.startswith(b"\x89PNG")
    assert docs.asked == {urlsplit(stack.url).netloc}, "nothing is loaded from elsewhere"
    assert docs.complaints == []


def test_without_authorization_the_page_shows_how_the_platform_refuses(docs: DocsPage) -> None:
    status, refused = docs.get("/api/v1/me")
    assert (status, refused["error"]) == (401, "missing_token")


def test_the_page_shows_examples_of_bodies_and_of_errors(docs: DocsPage) -> None:
    block = docs.operation("post", "/api/v1/consumer/order/confirm")
    assert json.loads(block.locator("textarea.body-param__text").input_value())["delivery_notes"] == "Ring twice"
    expect(block.locator(".responses-wrapper")).to_contain_text("price_changed")
    expect(block.locator('.response[data-code="401"]')).to_contain_text("missing_token")
