"""A browser at the administrators' page, as far as the page can tell one: forms, cookies, where a form came from."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

from werkzeug.test import TestResponse

from habrio_shared.contracts.sessions import PHONE_COOKIE, REFRESH_COOKIE
from habrio_shared.identity import Caller
from tests.integration.admin.town import Town
from tests.support.signed import Signed

ORIGIN = "https://shops.example"
OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", "X-Forwarded-Host": "shops.example"}
ADDRESS = "2001:db8::7"
NOBODY = Caller(issuer="gateway", role="anonymous")


class Browser:
    """Sends what the gateway would pass on of somebody's requests; `headers` are those of its forms."""

    def __init__(self, town: Town, caller: Caller = NOBODY) -> None:
        self.town = town
        self.caller = caller
        self.headers = dict(OWN)
        self.cookies: dict[str, str] = {}

    def get(self, path: str = "/admin/", expect: int = 200) -> str:
        return self.text(self.request("GET", path), expect)

    def post(self, path: str, expect: int = 303, **fields: str) -> TestResponse:
        response = self.request("POST", path, data=fields, headers=self.headers)
        assert response.status_code == expect, response.get_data(as_text=True)
        return response

    def send(self, path: str, expect: int = 303, **fields: str) -> TestResponse:
        """The form that the overview shows for this address, filled in."""
        return self.post(path, expect, form=self.form_word(path), **fields)

    def form_word(self, path: str) -> str:
        """The word that the overview's form for this address carries."""
        found = re.search(
            rf'action="{re.escape(path)}">\s*<input type="hidden" name="form" value="([^"]+)"', self.get()
        )
        assert found, f"the page shows no form for {path}"
        return html.unescape(found[1])

    def request(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> TestResponse:
        passed = {name: self.cookies[name] for name in (REFRESH_COOKIE, PHONE_COOKIE) if name in self.cookies}
        cookie = "; ".join(f"{name}={value}" for name, value in passed.items())
        signed = Signed(self.town.apps["admin"], self.caller)
        sent = {"X-Forwarded-For": ADDRESS, "User-Agent": "Firefox", "Cookie": cookie, **(headers or {})}
        response = signed.request(method, path, headers=sent, **options)
        for given in response.headers.getlist("Set-Cookie"):
            name, _, rest = given.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return response

    def text(self, response: TestResponse, expect: int) -> str:
        shown = response.get_data(as_text=True)
        assert response.status_code == expect, shown
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        return shown


def in_another_session(browser: Browser) -> Browser:
    """The same person, logged in a second time."""
    return Browser(browser.town, replace(browser.caller, session_id="s2"))


def paper(town: Town, **given: str) -> int:
    """The id of a new document that waits for review."""
    shop = town.shopkeeper()
    facts = {"document_type": "pan_card", "file_url": "https://files.example.com/pan.pdf", **given}
    return int(shop.post("/vendor/upload-document", facts)["document_id"])


def status_of(town: Town, document_id: int) -> tuple[str, str]:
    documents = town.admin.get("/admin/reviews", status="all", limit=100)["documents"]
    return next((row["status"], row["reason"]) for row in documents if row["id"] == document_id)
