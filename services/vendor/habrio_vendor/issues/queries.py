"""Reading issues, with a lock and without."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared.contracts.issues import IssueStatus
from habrio_shared.database import reading
from habrio_shared.paging import newest_of
from habrio_shared.schemas import ID_MAX
from habrio_vendor.issues.errors import IssueNotFound
from habrio_vendor.issues.models import Issue
from habrio_vendor.orders.queries import of_vendor
from habrio_vendor.shops.queries import shop_id_of


@dataclass(frozen=True, slots=True)
class Filters:
    """Which issues; None: of any."""

    shop_id: int | None = None
    order_id: int | None = None
    status: IssueStatus | None = None


def locked_issue(session: Session, issue_id: int) -> Issue:
    """The issue, locked until the transaction ends; IssueNotFound."""
    issue = session.get(Issue, issue_id, with_for_update=True)
    if issue is None:
        raise IssueNotFound
    return issue


def issues_of_vendor(vendor_id: int, order_id: int | None, *, limit: int, before_id: int | None) -> list[Issue]:
    """Up to `limit` issues of the vendor's shop, or of one order of it; OrderNotFound, NotYourOrder."""
    with reading() as session:
        if order_id is not None:
            of_vendor(session, vendor_id, order_id)
        shop_id = shop_id_of(session, vendor_id)
    return page_of_issues(Filters(shop_id=shop_id, order_id=order_id), limit=limit, before_id=before_id)


def page_of_issues(filters: Filters, *, limit: int, before_id: int | None) -> list[Issue]:
    """Up to `limit` issues that meet every filter, newest first, older than `before_id` if given."""
    query = select(Issue)
    if filters.status is not None:
        query = query.where(Issue.status == filters.status)
    if filters.order_id is not None:
        if filters.shop_id is not None:
            query = query.where(Issue.shop_id == filters.shop_id)
        query = newest_of(query, {Issue.order_id: filters.order_id}, Issue.id, limit=limit, before_id=before_id)
    elif filters.shop_id is not None:
        query = newest_of(query, {Issue.shop_id: filters.shop_id}, Issue.id, limit=limit, before_id=before_id)
    else:
        query = query.where(Issue.id < (before_id or ID_MAX + 1)).order_by(Issue.id.desc()).limit(limit)
    with reading() as session:
        return list(session.scalars(query))
