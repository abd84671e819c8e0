"""What the page believes of a browser, and how it writes figures."""

from __future__ import annotations

import pytest

from habrio_admin.page.rules import (
    PLOT_HEIGHT,
    STUB,
    bars,
    in_words,
    is_from_own_page,
    plot_width,
    rupees,
    safe_link,
    spoken,
)

HOST = "shops.example:8443"


@pytest.mark.parametrize(
    ("origin", "fetch_site", "is_own"),
    [
        (f"https://{HOST}", "same-origin", True),
        (f"http://{HOST}", "", True),
        ("", "same-origin", True),
        ("", "", False),
        (f"https://{HOST}", "same-site", False),
        (f"https://{HOST}", "cross-site", False),
        (f"https://{HOST}", "none", False),
        ("https://evil.example", "same-origin", False),
        ("https://evil.example", "", False),
        ("https://shops.example", "", False),
        (f"https://{HOST}.evil.example", "", False),
        ("null", "", False),
        ("null", "same-origin", False),
    ],
)
def test_only_a_page_of_this_very_site_may_send_a_form(origin: str, fetch_site: str, is_own: bool) -> None:
    assert is_from_own_page(origin, fetch_site, HOST) is is_own


def test_without_a_host_there_is_no_own_site() -> None:
    assert not is_from_own_page("https://", "", "")
    assert not is_from_own_page("null", "", "")


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://files.example.com/pan.pdf", True),
        ("/api/v1/document-files/7?signature=7.abc", True),
        ("http://files.example.com/pan.pdf", False),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("https:", False),
        ("https:///etc", False),
        ("https://[::1", False),
        ("https://a.example/\nb", False),
        ("//evil.example/api/v1/document-files/7", False),
        ("/api/v1/document-files/7\\..", False),
        ("/api/v1/logout", False),
        ("data:text/html,x", False),
        ("", False),
    ],
)
def test_a_link_leads_to_https_or_to_a_signed_file(url: str, is_safe: bool) -> None:
    assert safe_link(url) == (url if is_safe else "")


@pytest.mark.parametrize(
    ("paise", "written"),
    [
        (0, "₹0"),
        (5, "₹0.05"),
        (99_900, "₹999"),
        (100_000, "₹1,000"),
        (12_34_567_50, "₹12,34,567.50"),
        (-1_00_000_00, "-₹1,00,000"),
        (12_34_56_789_00, "₹12,34,56,789"),
    ],
)
def test_amounts_are_written_as_in_india(paise: int, written: str) -> None:
    assert rupees(paise) == written


def test_the_highest_bar_is_as_high_as_the_plot_and_nothing_is_a_stub() -> None:
    drawn = bars([0, 5, 10])
    assert [bar.height for bar in drawn] == [STUB, PLOT_HEIGHT // 2, PLOT_HEIGHT]
    assert [bar.y + bar.height for bar in drawn] == [PLOT_HEIGHT] * 3
    assert plot_width(3) == drawn[-1].x + 3
    assert [bar.height for bar in bars([0, 0])] == [STUB, STUB]
    assert bars([]) == []
    assert plot_width(0) > 0


def test_what_is_wrong_with_a_form_is_said_field_by_field() -> None:
    errors = [{"loc": ["reason"], "msg": "must not be empty"}, {"loc": [], "msg": "is odd"}]
    assert in_words({"errors": errors}, "Validation error") == "Reason must not be empty; form is odd"
    assert in_words({}, "Not found") == "Not found"


def test_machine_words_are_spoken() -> None:
    assert [spoken(word) for word in ("review_document", "gst_certificate", "grocery")] == [
        "Review document",
        "GST certificate",
        "Grocery",
    ]
