"""Reading orders for an administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select
from sqlalchemy.orm import selectinload

from habrio_consumer.chat.models import ChatMessage
from habrio_consumer.issues.models import Issue
from habrio_consumer.orders.errors import OrderNotFound
from habrio_consumer.orders.models import Order, TimelineStep
from habrio_consumer.orders.rules import OrderStatus
from habrio_consumer.profile.queries import flat_of
from habrio_consumer.ratings.models import Rating
from habrio_consumer.returns.models import Return
from habrio_consumer.returns.queries import known_returns
from habrio_consumer.wallet.models import wallet
from habrio_shared import days, ledger, outbox
from habrio_shared.contracts.stats import OrderFigures
from habrio_shared.database import reading
from habrio_shared.schemas import ID_MAX, PAGE_CAP


@dataclass(frozen=True, slots=True)
class Filters:
    """Which orders; None: of any. `since` and `until` bound the time of ordering, the second excluded.

    `part`: of the shop's name, in any case, or the order's number; or the order is of one of `user_ids`.
    """

    status: OrderStatus | None = None
    user_id: int | None = None
    shop_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    part: str | None = None
    user_ids: Sequence[int] = ()


def page_of_orders(filters: Filters, *, limit: int, before_id: int | None) -> list[Order]:
    """Up to `limit` orders with their lines, newest first, older than `before_id` if given; two queries in all."""
    query = select(Order).options(selectinload(Order.lines)).order_by(Order.id.desc()).limit(limit)
    if filters.status is None:
        query = query.where(Order.status != "failed")
    else:
        query = query.where(Order.status == filters.status)
    if filters.user_id is not None:
        query = query.where(Order.user_id == filters.user_id)
    if filters.shop_id is not None:
        query = query.where(Order.shop_id == filters.shop_id)
    if filters.since is not None:
        query = query.where(Order.created_at >= filters.since)
    if filters.until is not None:
        query = query.where(Order.created_at < filters.until)
    if filters.part:
        query = query.where(_matches(filters.part, filters.user_ids))
    if before_id is not None:
        query = query.where(Order.id < before_id)
    with reading() as session:
        return list(session.scalars(query))


def _matches(part: str, user_ids: Sequence[int]) -> ColumnElement[bool]:
    ways = [Order.shop_name.icontains(part, autoescape=True), Order.user_id.in_(user_ids)]
    if part.isascii() and part.isdigit() and int(part) <= ID_MAX:
        ways.append(Order.id == int(part))
    return or_(*ways)


@dataclass(frozen=True, slots=True)
class WholeOrder:
    """An order with all that hangs on it; `messages` are the newest 100, newest first."""

    order: Order
    money: list[ledger.MoneyMove]
    messages: list[ChatMessage]
    issues: list[Issue]
    returns: list[Return]
    rating: Rating | None
    events: list[outbox.Waiting]


def whole_order(order_id: int) -> WholeOrder:
    """The order with lines and timeline, what moved for it, what was said, and what is in flight; OrderNotFound.

    A top-up's reference is its payer's own word, so top-ups are no movements of an order whatever they say.
    """
    query = select(Order).where(Order.id == order_id).options(selectinload(Order.lines), selectinload(Order.timeline))
    said = select(ChatMessage).where(ChatMessage.order_id == order_id)
    newest = said.order_by(ChatMessage.at.desc(), ChatMessage.id.desc()).limit(PAGE_CAP)
    with reading() as session:
        order = session.scalars(query).one_or_none()
        if order is None:
            raise OrderNotFound
        return WholeOrder(
            order=order,
            money=ledger.moves_of(session, f"order:{order_id}", except_kind="topup"),
            messages=list(session.scalars(newest)),
            issues=list(session.scalars(select(Issue).where(Issue.order_id == order_id).order_by(Issue.id.desc()))),
            returns=known_returns(session, order_id),
            rating=session.get(Rating, order_id),
            events=outbox.in_flight(session, order_id),
        )


@dataclass(frozen=True, slots=True)
class Customer:
    """What a user is here: where to deliver ("" if that is not told), what the wallet holds, how many orders."""

    flat_number: str
    balance_paise: int
    orders: int


def customer(user_id: int) -> Customer:
    """The user as a customer; three queries."""
    placed = select(func.count()).select_from(Order).where(Order.user_id == user_id, Order.status != "failed")
    with reading() as session:
        return Customer(
            flat_number=flat_of(session, user_id),
            balance_paise=ledger.balance(session, wallet(user_id)),
            orders=session.scalar(placed) or 0,
        )


def figures(of_days: list[days.Bounds]) -> list[OrderFigures]:
    """What was ordered, and what was cancelled, on each of these days; two queries."""
    rows = days.as_rows(of_days)
    placed = and_(Order.created_at >= rows.c.starts_at, Order.created_at < rows.c.ends_at, Order.status != "failed")
    value = cast(func.coalesce(func.sum(Order.total_paise), 0), BigInteger)
    ordered = select(rows.c.number, func.count(Order.id), value).select_from(rows).outerjoin(Order, placed)
    happened = and_(
        TimelineStep.status == "cancelled", TimelineStep.at >= rows.c.starts_at, TimelineStep.at < rows.c.ends_at
    )
    cancelled = select(rows.c.number, func.count(TimelineStep.order_id).label("cancellations")).select_from(rows)
    cancelled = cancelled.outerjoin(TimelineStep, happened)
    with reading() as session:
        cancellations = {row.number: row.cancellations for row in session.execute(cancelled.group_by(rows.c.number))}
        return [
            OrderFigures(day=of_days[number].day, orders=orders, value_paise=paise, cancellations=cancellations[number])
            for number, orders, paise in session.execute(ordered.group_by(rows.c.number).order_by(rows.c.number))
        ]
