"""/admin/stats."""

from __future__ import annotations

import io

from flask import request

from habrio_admin.settings import current_settings
from habrio_admin.stats.daily import daily
from habrio_admin.stats.rules import csv_of
from habrio_admin.stats.schemas import DailyOut, DailyQuery, DayData
from habrio_shared.api import ApiBlueprint, FileAnswer
from habrio_shared.errors import Unavailable
from habrio_shared.identity import role_required
from habrio_shared.money import to_rupees

bp = ApiBlueprint("stats")

JSON, CSV = "application/json", "text/csv"


@bp.get("/admin/stats/daily", errors=(Unavailable,), file_type=CSV)
@role_required("admin")
def stats_daily(query: DailyQuery) -> DailyOut | FileAnswer:
    """Orders, their value, cancellations and new users of each day, newest first.

    As CSV with `format=csv`, or when the Accept header prefers it.
    """
    days = daily(query.since, query.until)
    wanted = query.format or ("csv" if request.accept_mimetypes.best_match([JSON, CSV]) == CSV else "json")
    if wanted == "json":
        return DailyOut(time_zone=current_settings().time_zone, days=days)
    written = csv_of(list(DayData.model_fields), [_cells(day) for day in days])
    return FileAnswer(io.BytesIO(written), len(written), CSV, "habrio-daily.csv")


def _cells(day: DayData) -> list[object]:
    return [day.day.isoformat(), day.orders, to_rupees(day.value), day.cancellations, day.new_users]
