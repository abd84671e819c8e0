"""Which forms of the administrators' page are obeyed, and that each is one act."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.integration.admin.browser import OWN, Browser, in_another_session, paper, status_of
from tests.integration.admin.town import Town


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example", "X-Forwarded-Host": "shops.example"},
        {**OWN, "Sec-Fetch-Site": "cross-site"},
        {**OWN, "Sec-Fetch-Site": "same-site"},
        {**OWN, "Origin": "null"},
    ],
)
def test_a_form_of_another_site_does_nothing_be_its_word_right(
    town: Town, browser: Browser, headers: dict[str, str]
) -> None:
    document_id = paper(town)
    path = f"/admin/documents/{document_id}/review"
    word = browser.form_word(path)
    browser.headers = headers
    refused = browser.post(path, 403, form=word, decision="approve", reason="Fine")
    assert "did not come from this page" in browser.text(refused, 403)
    for entrance in ("/admin/log-in", "/admin/log-in/code"):
        Browser.post(browser, entrance, 403, phone="9876543210", otp="000000")
    assert status_of(town, document_id) == ("pending", "")


def test_a_form_without_its_word_or_with_that_of_another_session_does_nothing(town: Town, browser: Browser) -> None:
    document_id = paper(town)
    path = f"/admin/documents/{document_id}/review"
    review: dict[str, Any] = {"decision": "approve", "reason": "Fine"}
    browser.post(path, 403, **review)
    browser.post(path, 403, form="WyJzMSIsIngiXQ.x.y", **review)
    browser.post(path, 403, form=in_another_session(browser).form_word(path), **review)
    browser.post("/admin/log-out", 403)
    assert status_of(town, document_id) == ("pending", "")
    browser.send(path, **review)
    assert status_of(town, document_id) == ("approved", "Fine")


def test_every_form_is_one_act_on_record_however_often_it_is_sent(town: Town, browser: Browser) -> None:
    document_id, shop = paper(town), town.shopkeeper()
    for path, action in (
        (f"/admin/documents/{document_id}/review", "review_document"),
        (f"/admin/vendors/{shop.caller.user_id}/review", "review_vendor"),
    ):
        fields: dict[str, Any] = {"form": browser.form_word(path), "decision": "reject", "reason": "Not readable"}
        first, second = browser.post(path, **fields), browser.post(path, **fields)
        assert first.headers["Location"] == second.headers["Location"]
        target = path.removeprefix("/admin/").removesuffix("/review").replace("s/", ":")
        (entry,) = town.entries(target=target)
        assert (entry["action"], entry["step"], entry["reason"]) == (action, "done", "Not readable")
        assert entry["given"]["decision"] == "reject"
        shown = browser.get(first.headers["Location"])
        assert f"entry {entry['id']} of the" in shown
        changed = browser.post(path, 409, **{**fields, "reason": "Something else"})
        assert "another request body" in browser.text(changed, 409)
    assert status_of(town, document_id) == ("rejected", "Not readable")


@pytest.mark.parametrize(("reason", "decision"), [("", "approve"), ("  ", "reject"), ("x" * 201, "reject"), ("ok", "")])
def test_what_is_no_review_is_told_and_nothing_is_done(
    town: Town, browser: Browser, reason: str, decision: str
) -> None:
    document_id = paper(town)
    refused = browser.send(f"/admin/documents/{document_id}/review", 400, reason=reason, decision=decision)
    assert re.search("Reason|Decision", browser.text(refused, 400))
    assert status_of(town, document_id) == ("pending", "")


def test_what_its_owner_refuses_is_a_page_that_says_why(town: Town, browser: Browser) -> None:
    word = browser.form_word(f"/admin/documents/{paper(town)}/review")
    refused = browser.post("/admin/documents/999999/review", 404, form=word, decision="approve", reason="Fine")
    assert "Back to the start" in browser.text(refused, 404)


def test_an_act_whose_owner_is_away_is_noted_and_said_to_come(town: Town, browser: Browser) -> None:
    document_id = paper(town)
    path = f"/admin/documents/{document_id}/review"
    word = browser.form_word(path)
    town.wire.is_cut = True
    noted = browser.post(path, form=word, decision="approve", reason="Fine")
    assert "will be carried out as soon as" in browser.get(noted.headers["Location"])
    town.wire.is_cut = False
    town.relay("admin")
    assert "Done: Review document" in browser.get(noted.headers["Location"])
