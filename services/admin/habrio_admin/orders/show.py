"""Orders, put together from the services that know them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from habrio_admin.clients import auth, consumer, vendor
from habrio_admin.orders.schemas import (
    EventData,
    IssueData,
    LineData,
    MessageData,
    MoveData,
    Movements,
    OrderData,
    ReturnData,
    StepData,
    VendorSideData,
    WholeOrder,
)
from habrio_shared.contracts.customers import MoneyMove, OrderDetail, OrderSummary
from habrio_shared.contracts.events import EventSummary
from habrio_shared.contracts.shops import VendorSide
from habrio_shared.contracts.users import UserSummary


def with_people(orders: Iterable[OrderSummary], people: Mapping[int, UserSummary]) -> list[OrderData]:
    """Orders with who ordered; somebody who is not among `people` has no name and no phone."""
    return [OrderData(**_facts(order, people)) for order in orders]


def one(order_id: int) -> WholeOrder:
    """NotFound; Unavailable while one of the three services that know it is away."""
    order = consumer.order(order_id)
    side = vendor.order_side(order_id)
    people = auth.users_by_id({order.user_id})
    return WholeOrder(
        **_facts(order, people),
        delivery_notes=order.delivery_notes,
        flat_number=side.order.flat_number if side.order else "",
        refusal=order.refusal,
        items=_lines(order),
        timeline=[StepData(status=step.status, by=step.by, at=step.at, reason=step.reason) for step in order.timeline],
        vendor_side=side.order and _side(side.order),
        money=Movements(consumer=_moves(order.money), vendor=_moves(side.money)),
        messages=[MessageData(**said.model_dump()) for said in order.messages],
        issues=[IssueData(**issue.model_dump()) for issue in order.issues],
        returns=_returns(order),
        rating=order.rating,
        events=[*events("consumer", order.events), *events("vendor", side.events)],
    )


def events(service: str, waiting: Iterable[EventSummary]) -> list[EventData]:
    """The service's undelivered messages."""
    return [EventData(service=service, **event.model_dump()) for event in waiting]


def _facts(order: OrderSummary, people: Mapping[int, UserSummary]) -> dict[str, Any]:
    person = people.get(order.user_id)
    return {
        "id": order.id,
        "status": order.status,
        "payment_mode": order.payment_mode,
        "payment_status": order.payment_status,
        "total_amount": order.total_paise,
        "final_amount": order.final_paise,
        "shop": order.shop_name,
        "shop_id": order.shop_id,
        "consumer": person.phone if person else "",
        "consumer_id": order.user_id,
        "consumer_name": person.name if person else "",
        "created_at": order.created_at,
    }


def _lines(order: OrderDetail) -> list[LineData]:
    return [
        LineData(
            item_id=line.item_id,
            name=line.title,
            unit=line.unit,
            quantity=line.quantity,
            proposed_quantity=line.proposed_quantity,
            unit_price=line.unit_price_paise,
        )
        for line in order.lines
    ]


def _moves(moves: list[MoneyMove]) -> list[MoveData]:
    return [
        MoveData(
            entry_id=move.entry_id,
            kind=move.kind,
            src=move.src,
            dst=move.dst,
            amount=move.amount_paise,
            at=move.created_at,
        )
        for move in moves
    ]


def _returns(order: OrderDetail) -> list[ReturnData]:
    return [
        ReturnData(
            number=known.number,
            status=known.status,
            by=known.by,
            reason=known.reason,
            items=known.lines,
            refund=known.refund_paise,
            created_at=known.created_at,
        )
        for known in order.returns
    ]


def _side(side: VendorSide) -> VendorSideData:
    return VendorSideData(
        status=side.status,
        version=side.version,
        moved_by=side.moved_by,
        moved_at=side.moved_at,
        reason=side.reason,
        due_at=side.due_at,
        total_amount=side.total_paise,
        commission_basis_points=side.commission_basis_points,
    )
