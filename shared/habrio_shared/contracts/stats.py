"""The platform's figures day by day, as the admin service asks for them."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel

NEW_USERS_PATH = "/internal/admin/stats/new-users"
"""GET, for the admin service (`since`, `until`: days, both included; `zone`), of auth → NewUsersOut."""

ORDERS_PATH = "/internal/admin/stats/orders"
"""GET, for the admin service (the same), of the consumer service → OrdersOut."""


class NewUsers(BaseModel):
    """How many phones logged in for the first time that day."""

    day: date
    new_users: int


class NewUsersOut(BaseModel):
    """Every day that was asked for, in order."""

    days: list[NewUsers]


class OrderFigures(BaseModel):
    """`orders` were placed that day and not refused, for `value_paise` together, as they are charged by now;
    `cancellations` of whichever day's orders happened that day."""

    day: date
    orders: int
    value_paise: int
    cancellations: int


class OrdersOut(BaseModel):
    """Every day that was asked for, in order."""

    days: list[OrderFigures]
