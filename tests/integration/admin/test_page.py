"""The administrators' page: who sees what of it, and what it does with what people have written."""

from __future__ import annotations

import re

from habrio_admin.page.guard import OPEN_ENDPOINTS
from tests.integration.admin.browser import NOBODY, OWN, Browser, paper
from tests.integration.admin.town import Town
from tests.support.signed import Signed, service

HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


def addresses(town: Town) -> list[tuple[str, str, str]]:
    """Method, path and endpoint of all that the page has."""
    found = []
    for rule in town.apps["admin"].url_map.iter_rules():
        if rule.endpoint.startswith("page."):
            path = re.sub(r"<(?:\w+:)?\w+>", "7", rule.rule)
            found += [(method, path, rule.endpoint) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def test_every_address_but_the_way_in_shows_nobody_else_anything_but_the_log_in_form(town: Town) -> None:
    checked = 0
    for method, path, endpoint in addresses(town):
        if endpoint in OPEN_ENDPOINTS:
            continue
        for caller, status in (
            (NOBODY, 401),
            (town.new_caller("consumer"), 403),
            (town.new_caller("vendor"), 403),
            (town.new_caller(None), 403),
        ):
            somebody = Browser(town, caller)
            response = somebody.request(method, path, headers=OWN)
            shown = somebody.text(response, status)
            assert 'action="/admin/log-in/code"' in shown, (method, path, caller.role)
            assert "Log out" not in shown
            checked += 1
    assert checked >= 28


def test_the_way_in_is_these_addresses_and_no_more(town: Town) -> None:
    is_open = {(method, path) for method, path, endpoint in addresses(town) if endpoint in OPEN_ENDPOINTS}
    assert is_open == {
        ("GET", "/admin"),
        ("GET", "/admin/page.css"),
        ("GET", "/admin/log-in"),
        ("POST", "/admin/log-in"),
        ("POST", "/admin/log-in/code"),
    }


def test_another_service_gets_nothing(town: Town) -> None:
    refused = service(town.apps["admin"], "vendor").request("GET", "/admin/")
    assert (refused.status_code, "Today" in refused.get_data(as_text=True)) == (401, False)
    assert town.apps["admin"].test_client().get("/admin/").status_code == 401


def test_an_administrator_sees_figures_reviews_events_and_the_verdict(town: Town, browser: Browser) -> None:
    town.order(town.resident(100), shop := town.shopkeeper())
    for side in ("consumer", "vendor", "admin"):
        town.relay(side)  # what tests before this one have left undelivered
    shown = browser.get()
    for words in ("Orders", "Cancellations", shop.business, "Every message between the services", "Right to the paisa"):
        assert words in shown
    assert shown.count("<svg") == 4
    assert shown.count("<rect") == 4 * 30


def test_what_is_away_is_said_and_the_rest_is_shown(town: Town, browser: Browser) -> None:
    town.apps["admin"].extensions.pop("habrio_verdict", None)
    document_id = paper(town)
    town.neighbours["consumer"].is_away = True
    shown = browser.get()
    for what in ("The figures", "Failing events", "The ledgers&#39; verdict"):
        assert f"{what} cannot be shown just now" in shown.replace("'", "&#39;")
    assert f"/admin/documents/{document_id}/review" in shown
    town.neighbours["vendor"].is_away = True
    assert "The review queue cannot be shown just now" in browser.get()


def test_each_page_allows_its_own_style_and_nothing_else(town: Town, browser: Browser) -> None:
    for somebody, path in (
        (Browser(town), "/admin/"),
        (browser, "/admin/"),
        (browser, "/admin/audit"),
        (browser, "/admin/nowhere"),
        (browser, "/admin/page.css"),
    ):
        response = somebody.request("GET", path)
        policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "form-action": "'self'",
            "frame-ancestors": "'none'",
            "base-uri": "'none'",
        }
        shown = response.get_data(as_text=True)
        assert not re.search(r"<script|<style|\bstyle=|\bon\w+=|<iframe|<base", shown)
        is_style = path.endswith(".css")
        assert ("no-store" in response.headers["Cache-Control"]) is not is_style


def test_nothing_that_people_have_written_is_run(town: Town, browser: Browser) -> None:
    vendor = Signed(town.apps["vendor"], town.new_caller("vendor"))
    vendor.post("/vendor/profile", {"business_type": "grocery", "business_name": HOSTILE, "address": HOSTILE})
    link = "https://files.example.com/?a=1&b='onclick='x"
    vendor.post("/vendor/upload-document", {"document_type": HOSTILE, "file_url": link})
    browser.send(f"/admin/vendors/{vendor.caller.user_id}/review", decision="reject", reason=HOSTILE)
    document = next(row for row in town.admin.get("/admin/reviews")["documents"] if row["business_name"] == HOSTILE)
    assert document["document_type"] == HOSTILE
    for path in ("/admin/", "/admin/audit", f"/admin/?act={HOSTILE}"):
        shown = browser.get(path)
        assert "<script" not in shown
        assert "<img" not in shown
    assert "&lt;script&gt;alert" in browser.get()
    assert 'href="https://files.example.com/?a=1&amp;b=&#39;onclick=&#39;x"' in browser.get()
    assert "&lt;script&gt;alert" in browser.get("/admin/audit")


def test_the_audit_log_is_paged_and_other_queries_are_told(town: Town, browser: Browser) -> None:
    for _ in range(2):
        document_id = paper(town)
        browser.send(f"/admin/documents/{document_id}/review", decision="approve", reason=f"Seen {document_id}")
    first = browser.get("/admin/audit?limit=1")
    assert f"document:{document_id}" in first
    older = re.search(r'href="(/admin/audit\?cursor=\d+)"', first)
    assert older
    assert f"document:{document_id}" not in browser.get(older[1])
    assert "Cursor must be" in browser.get("/admin/audit?cursor=x", 400)
    assert "nothing at this address" in browser.get("/admin/nowhere", 404)


def test_failing_events_are_shown_and_each_is_delivered_again(
    town: Town, browser: Browser, stuck: list[tuple[str, int]]
) -> None:
    shown = browser.get()
    assert shown.count("Deliver again") == 3
    assert shown.count("alarming") == 1
    town.wire.is_cut = False
    for service_name, event_id in stuck:
        path = f"/admin/events/{service_name}/{event_id}/replay"
        done = browser.send(path)
        assert f"Done: Replay of {service_name}" in browser.get(done.headers["Location"])
        town.relay(service_name)
        assert path not in browser.get()
