"""/admin/orders."""

from __future__ import annotations

from datetime import datetime, timedelta

from habrio_admin.clients import auth, consumer
from habrio_admin.orders.schemas import OrdersOut, OrdersQuery, WholeOrderOut
from habrio_admin.orders.show import one, with_people
from habrio_admin.settings import current_settings
from habrio_shared.api import ApiBlueprint
from habrio_shared.days import midnight
from habrio_shared.errors import Unavailable
from habrio_shared.identity import role_required
from habrio_shared.schemas import PAGE_CAP

bp = ApiBlueprint("orders")

PART_MIN = 3
"""Shorter parts of a phone are parts of everybody's."""


@bp.get("/admin/orders", errors=(Unavailable,))
@role_required("admin")
def orders(query: OrdersQuery) -> OrdersOut:
    """Everybody's orders, newest first.

    A search by part of a name or a phone, of at least 3 characters, looks at the orders of the newest 100 users who
    have it.
    """
    matching = None
    if query.q and len(query.q) >= PART_MIN:
        matching = [user.id for user in auth.users(limit=PAGE_CAP, q=query.q).users]
    page = consumer.orders(
        limit=query.size,
        cursor=query.cursor,
        status=query.status,
        user_id=query.user_id,
        shop_id=query.shop_id,
        q=query.q,
        user_ids=matching,
        **_instants(query),
    )
    people = auth.users_by_id({order.user_id for order in page.orders})
    return OrdersOut(orders=with_people(page.orders, people), next_cursor=page.next_cursor)


@bp.get("/admin/orders/<id:order_id>", errors=(Unavailable,))
@role_required("admin")
def one_order(order_id: int) -> WholeOrderOut:
    """Everything about one order: timeline, money on both ledgers, messages, events in flight."""
    return WholeOrderOut(order=one(order_id))


def _instants(query: OrdersQuery) -> dict[str, str]:
    """The days asked for as the instants that bound them."""
    zone = current_settings().zone
    found: dict[str, datetime] = {}
    if query.since is not None:
        found["since"] = midnight(query.since, zone)
    if query.until is not None:
        found["until"] = midnight(query.until + timedelta(days=1), zone)
    return {name: moment.isoformat() for name, moment in found.items()}
