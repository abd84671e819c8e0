"""The document and its page."""

from __future__ import annotations

import re

from habrio_gateway.docs import ASSETS
from tests.integration.gateway.envelope import check_headers, check_problem, header_values
from tests.integration.gateway.front_door import FrontDoor


def test_the_page_loads_only_what_is_here(door: FrontDoor) -> None:
    page = door.get("/docs/")
    assert page.status_code == 200
    assert page.headers["Content-Type"].startswith("text/html")
    check_headers(lambda name: header_values(page, name))
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(parts) == 4
    for part in parts:
        assert "//" not in part
        asset = door.get(f"/docs/{part}")
        assert asset.status_code == 200, part
        check_headers(lambda name, asset=asset: header_values(asset, name))
    assert "<script>" not in page.text, "an inline script would be stopped by the policy"
    assert not re.search(r"\son\w+=", page.text)


def test_the_pages_policy_lets_nothing_foreign_in(door: FrontDoor) -> None:
    policies = header_values(door.get("/docs/"), "Content-Security-Policy")
    assert len(policies) == 1
    directives = dict(part.strip().split(" ", 1) for part in policies[0].split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"] == "'self'"
    assert directives["frame-ancestors"] == "'none'"


def test_docs_without_the_slash_leads_to_the_page(door: FrontDoor) -> None:
    response = door.get("/docs")
    assert (response.status_code, response.headers["Location"]) == (308, "/docs/")


def test_only_the_assets_that_the_page_needs_are_served(door: FrontDoor) -> None:
    for name in ("swagger-ui.js.map", "..%2fapp.py", "index.html", "lib", "x"):
        response = door.get(f"/docs/assets/{name}")
        check_problem(response, 404, "not_found")
    for name in ASSETS:
        assert door.get(f"/docs/assets/{name}").status_code == 200


def test_both_documents_are_there_though_no_service_describes_itself(door: FrontDoor) -> None:
    assert door.get("/apispec.json").json()["openapi"] == "3.1.0"
    assert door.get("/docs/apispec.json").json()["openapi"] == "3.0.3"
