"""/vendor/orders/issues, and the same for the admin service."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.issues import ISSUES_PATH
from habrio_shared.identity import Caller, internal_only, role_required
from habrio_shared.schemas import Message, next_cursor
from habrio_vendor.issues import queries
from habrio_vendor.issues.errors import AlreadyResolved, IssueNotFound, NotYourIssue
from habrio_vendor.issues.queries import Filters
from habrio_vendor.issues.resolve import resolve_as_vendor
from habrio_vendor.issues.schemas import (
    AdminIssueData,
    AdminIssuesOut,
    AdminIssuesQuery,
    IssueData,
    IssuesOut,
    IssuesQuery,
    ResolveIn,
)
from habrio_vendor.orders.errors import NotYourOrder, OrderNotFound
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.queries import has_shop

bp = ApiBlueprint("issues")


@bp.get("/vendor/orders/issues", errors=(ShopNotFound, OrderNotFound, NotYourOrder), first=has_shop)
@role_required("vendor")
def list_issues(query: IssuesQuery, caller: Caller) -> IssuesOut:
    """What was wrong with your shop's orders, or with one of them, newest first."""
    found = queries.issues_of_vendor(caller.user_id, query.order_id, limit=query.size + 1, before_id=query.cursor)
    return IssuesOut(
        issues=[IssueData.model_validate(issue, from_attributes=True) for issue in found[: query.size]],
        next_cursor=next_cursor([issue.id for issue in found], query.size),
    )


@bp.post(
    "/vendor/orders/issues/<id:issue_id>/resolve",
    errors=(ShopNotFound, IssueNotFound, NotYourIssue, AlreadyResolved),
    idempotent=True,
    first=has_shop,
)
@role_required("vendor")
def resolve(issue_id: int, body: ResolveIn, caller: Caller) -> Message:
    """Answer an issue, which resolves it."""
    return resolve_as_vendor(caller.user_id, issue_id, body.answer)


@bp.get(ISSUES_PATH)
@internal_only("admin")
def list_all(query: AdminIssuesQuery) -> AdminIssuesOut:
    """Issues of every shop, newest first."""
    filters = Filters(shop_id=query.shop_id, order_id=query.order_id, status=query.status)
    found = queries.page_of_issues(filters, limit=query.size + 1, before_id=query.cursor)
    return AdminIssuesOut(
        issues=[AdminIssueData.model_validate(issue, from_attributes=True) for issue in found[: query.size]],
        next_cursor=next_cursor([issue.id for issue in found], query.size),
    )
