"""The figures of each day, put together from the services that count them."""

from __future__ import annotations

from datetime import date, datetime

from habrio_admin.clients import auth, consumer
from habrio_admin.settings import current_settings
from habrio_admin.stats.rules import span
from habrio_admin.stats.schemas import DayData
from habrio_shared.days import check_days
from habrio_shared.errors import BadRequest


def daily(since: date | None, until: date | None) -> list[DayData]:
    """Newest first. BadRequest for none or more than 366 days; Unavailable."""
    settings = current_settings()
    first, last = span(since, until, datetime.now(settings.zone).date())
    try:
        check_days(first, last)
    except ValueError as error:
        raise BadRequest(f"The days {error}") from error
    came = {day.day: day.new_users for day in auth.new_users(first, last, settings.time_zone).days}
    figures = consumer.figures(first, last, settings.time_zone).days
    return [
        DayData(
            day=day.day,
            orders=day.orders,
            value=day.value_paise,
            cancellations=day.cancellations,
            new_users=came[day.day],
        )
        for day in reversed(figures)
    ]
