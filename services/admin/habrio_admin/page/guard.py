"""Nobody but a live administrator gets past the log-in form, and only forms of our own are obeyed (ADR 0018)."""

from __future__ import annotations

from flask import Response, g, request

from habrio_admin.clients import auth
from habrio_admin.page.cookies import drop_session, keep_session
from habrio_admin.page.errors import ForeignForm
from habrio_admin.page.forms import check_form
from habrio_admin.page.render import log_in_page
from habrio_admin.page.rules import is_from_own_page
from habrio_shared.contracts.sessions import REFRESH_COOKIE
from habrio_shared.errors import Forbidden, Unauthorized
from habrio_shared.identity import current_caller
from habrio_shared.permissions import allows

FORM_BYTES_MAX = 16 * 1024
OPEN_ENDPOINTS = frozenset({"page.root", "page.log_in_form", "page.send_code", "page.log_in", "page.stylesheet"})
"""What the page shows to anybody: the way in."""

OVER = "Your session is over. Please log in again"
NOT_DONE = "Your session is over, so nothing was done. Please log in again"
NO_ADMINISTRATOR = "This account is not an administrator's"


def guard() -> Response | None:
    """Before every request: None lets it pass; otherwise the log-in form, or the same address with new tokens.

    ForeignForm for a POST that no page of ours sent, or that was shown to another session. Unauthorized for a service.
    """
    request.max_content_length = FORM_BYTES_MAX
    caller = current_caller()
    if caller.issuer != "gateway":
        raise Unauthorized
    if request.method == "POST":
        _check_origin()
    if request.endpoint in OPEN_ENDPOINTS:
        return None
    if not caller.user_id:
        return _renewed()
    if not allows(caller.role, "admin"):
        return _shown_out(NO_ADMINISTRATOR, 403)
    if request.method == "POST":
        g.form_key = check_form(caller)
    return None


def _check_origin() -> None:
    given = [request.headers.get(name, "") for name in ("Origin", "Sec-Fetch-Site", "X-Forwarded-Host")]
    if not is_from_own_page(*given):
        raise ForeignForm


def _renewed() -> Response:
    """The same request again, with new tokens, if the session can be renewed: 307 keeps a form as it was sent."""
    refresh_token = request.cookies.get(REFRESH_COOKIE, "")
    if not refresh_token:
        return log_in_page(NOT_DONE if request.method == "POST" else "", 401)
    try:
        session = auth.refresh(refresh_token)
    except Unauthorized:
        return _shown_out(NOT_DONE if request.method == "POST" else OVER, 401)
    except Forbidden as error:
        return _shown_out(error.message, 403)
    response = Response(status=307, headers={"Location": request.full_path.rstrip("?")})
    keep_session(response, session)
    return response


def _shown_out(message: str, status: int) -> Response:
    response = log_in_page(message, status)
    drop_session(response)
    return response
