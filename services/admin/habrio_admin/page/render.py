"""Pages as HTML, with the headers that say what a browser may do with them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, g, make_response, render_template, request

from habrio_admin.page import rules
from habrio_admin.page.forms import FIELD, form_word
from habrio_admin.settings import current_settings
from habrio_shared.contracts.sessions import PHONE_COOKIE
from habrio_shared.errors import HabrioError
from habrio_shared.identity import current_caller

STYLE = Path(__file__).with_name("page.css")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none';"
        " base-uri 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""No script runs, nothing comes from elsewhere, nobody frames it."""


@cache
def style() -> tuple[bytes, str]:
    """The style sheet, and a word that changes with it: browsers keep it for ever under that."""
    content = STYLE.read_bytes()
    return content, hashlib.sha256(content).hexdigest()[:12]


def page(template: str, status: int = 200, **facts: Any) -> Response:
    """A template of ours as a page."""
    return make_response(render_template(template, **facts), status)


def log_in_page(message: str = "", status: int = 200, *, phone: str | None = None) -> Response:
    """The way in: for a phone, or for the code that was sent to `phone` (the cookie's unless given)."""
    sent_to = request.cookies.get(PHONE_COOKIE, "") if phone is None else phone
    return page("log_in.html", status, message=message, phone=sent_to)


def log_in_problem(error: HabrioError, *, phone: str) -> Response:
    """The way in once more, with what was wrong."""
    response = log_in_page(rules.in_words(error.details, error.message), error.status, phone=phone)
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def finish(response: Response) -> Response:
    """After every request: an error in the API's envelope becomes a page, its other headers kept; and each page says
    what a browser may do with it, and that no cache keeps what is not meant for anybody."""
    if response.is_json:
        envelope = response.get_json()
        message = rules.in_words(envelope, envelope["message"])
        shown = page("problem.html", message=message, request_id=envelope["request_id"])
        response.set_data(shown.get_data())
        response.content_type = shown.content_type
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def moment(at: datetime) -> str:
    """An instant in TIME_ZONE: 28 Nov 2026, 20:41."""
    return f"{at.astimezone(current_settings().zone):%-d %b %Y, %H:%M}"


def tools() -> dict[str, Any]:
    """What every template can use."""
    return {
        "bars": rules.bars,
        "caller": g.get("caller"),  # nobody, if what the request came with was no good
        "form_field": FIELD,
        "form_word": lambda: form_word(current_caller()),
        "grouped": rules.grouped,
        "moment": moment,
        "plot_height": rules.PLOT_HEIGHT,
        "bar_width": rules.BAR_WIDTH,
        "plot_width": rules.plot_width,
        "rupees": rules.rupees,
        "safe_link": rules.safe_link,
        "spoken": rules.spoken,
        "style_version": style()[1],
    }
