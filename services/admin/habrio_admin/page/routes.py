"""/admin/: the administrators' page. Every POST is a form of ours and ends in a redirect, or in what was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, Response, g, request, url_for

from habrio_admin.acts.schemas import Acted
from habrio_admin.audit import queries
from habrio_admin.audit.queries import Filters
from habrio_admin.audit.schemas import AuditQuery, EntryData
from habrio_admin.audit.show import show
from habrio_admin.clients import auth
from habrio_admin.events.deliver_again import deliver_again
from habrio_admin.page.cookies import drop_session, keep_phone, keep_session
from habrio_admin.page.guard import guard
from habrio_admin.page.overview import overview
from habrio_admin.page.render import finish, log_in_page, log_in_problem, page, style, tools
from habrio_admin.reviews.decide import decide_on_document, decide_on_vendor
from habrio_admin.reviews.schemas import ReviewIn
from habrio_shared.api import validated
from habrio_shared.contracts.sessions import PHONE_COOKIE
from habrio_shared.errors import HabrioError, NotFound
from habrio_shared.idempotency import Replayed, key_of_request
from habrio_shared.identity import Caller, current_caller
from habrio_shared.limiter import client_address
from habrio_shared.permissions import allows
from habrio_shared.schemas import next_cursor

bp = Blueprint("page", __name__, url_prefix="/admin", template_folder="templates")
bp.before_request(guard)
bp.after_request(finish)
bp.context_processor(tools)

YEAR_SECONDS = 365 * 86_400


def mount(app: Flask) -> None:
    """Serve the page beside the API. Its routes say nothing of who may use them: `guard` stands before all of them."""
    app.register_blueprint(bp)


# ---- the way in and out


@bp.get("")
def root() -> Response:
    """The address as people type it."""
    return _to("page.home")


@bp.get("/page.css")
def stylesheet() -> Response:
    """The style; its address changes with it."""
    response = Response(style()[0], content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


@bp.get("/log-in")
def log_in_form() -> Response:
    """The log-in form; `?anew` asks for the phone again."""
    if allows(current_caller().role, "admin"):
        return _to("page.home")
    return log_in_page(phone="" if "anew" in request.args else None)


@bp.post("/log-in/code")
def send_code() -> Response:
    """Have a code sent."""
    phone = request.form.get("phone", "")
    try:
        auth.send_code(phone, client_address())
    except HabrioError as error:
        return log_in_problem(error, phone="")
    response = _to("page.log_in_form")
    keep_phone(response, phone)
    return response


@bp.post("/log-in")
def log_in() -> Response:
    """Log in with a code."""
    phone = request.cookies.get(PHONE_COOKIE, "")
    if not phone:
        return log_in_page("The code is no longer good. Please have a new one sent", 400)
    device = request.headers.get("User-Agent", "")
    try:
        session = auth.log_in(
            phone, request.form.get("otp", "").strip(), client_address=client_address(), device=device
        )
    except HabrioError as error:
        return log_in_problem(error, phone=phone)
    response = _to("page.home")
    keep_session(response, session)
    return response


@bp.post("/log-out")
def log_out() -> Response:
    """End the session, here and in auth."""
    caller = current_caller()
    auth.log_out(caller.user_id, caller.session_id)
    response = _to("page.log_in_form")
    drop_session(response)
    return response


# ---- what there is to see


@bp.get("/")
def home() -> Response:
    """Figures, reviews, failing events, the ledgers' verdict; `?act=` says how that act ended, `?prove` proves anew."""
    found = overview(prove_anew="prove" in request.args)
    return page("overview.html", overview=found, act=_act(request.args.get("act", "")))


@bp.get("/audit")
def audit() -> Response:
    """The audit log, newest first."""
    query = validated(lambda: AuditQuery.model_validate(request.args.to_dict()))
    found = queries.page(Filters(), limit=query.size + 1, before_number=query.cursor)
    older = next_cursor([entry.number for entry in found], query.size)
    return page("audit.html", entries=[show(entry) for entry in found[: query.size]], older=older)


@bp.get("/<path:_nowhere>")
def nowhere(_nowhere: str) -> Response:
    """Any other address, so that it is refused as a page too."""
    raise NotFound("There is nothing at this address")


# ---- acts


@bp.post("/vendors/<id:vendor_id>/review")
def review_vendor(vendor_id: int) -> Response:
    """Approve or reject a business."""
    return _done(lambda caller: decide_on_vendor(caller, vendor_id, _review()))


@bp.post("/documents/<id:document_id>/review")
def review_document(document_id: int) -> Response:
    """Approve or reject a document."""
    return _done(lambda caller: decide_on_document(caller, document_id, _review()))


@bp.post("/events/<service>/<id:event_id>/replay")
def replay(service: str, event_id: int) -> Response:
    """Have a failing message delivered again."""
    return _done(lambda caller: deliver_again(caller, service, event_id))


def _review() -> ReviewIn:
    return validated(lambda: ReviewIn.model_validate(request.form.to_dict()))


def _done(do: Callable[[Caller], tuple[Acted, int]]) -> Response:
    """Do it once for this form, however often it is sent, and show how it ended."""
    with key_of_request(g.form_key):
        try:
            act_id = do(current_caller())[0].act_id
        except Replayed as first:
            act_id = first.answer["act_id"]
    return _to("page.home", act=act_id)


def _act(act_id: str) -> EntryData | None:
    """What the log says last of an act; None for one that it does not know."""
    found = queries.page(Filters(act_id=act_id), limit=1, before_number=None) if act_id else []
    return show(found[0]) if found else None


def _to(endpoint: str, **query: Any) -> Response:
    """303: a browser goes there by GET, and a reload sends no form again."""
    return Response(status=303, headers={"Location": url_for(endpoint, **query)})
