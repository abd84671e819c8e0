"""/admin/audit."""

from __future__ import annotations

from datetime import timedelta

from habrio_admin.audit import queries
from habrio_admin.audit.queries import Filters
from habrio_admin.audit.schemas import AuditOut, AuditQuery
from habrio_admin.audit.show import show
from habrio_admin.settings import current_settings
from habrio_shared.api import ApiBlueprint
from habrio_shared.days import midnight
from habrio_shared.identity import role_required
from habrio_shared.schemas import next_cursor

bp = ApiBlueprint("audit")


@bp.get("/admin/audit")
@role_required("admin")
def audit(query: AuditQuery) -> AuditOut:
    """What administrators did, newest first: who, what, why and when, with what was so before and after."""
    zone = current_settings().zone
    filters = Filters(
        every_step=query.steps == "all",
        act_id=query.act_id,
        admin_id=query.admin_id,
        action=query.action,
        target=query.target,
        since=None if query.since is None else midnight(query.since, zone),
        until=None if query.until is None else midnight(query.until + timedelta(days=1), zone),
    )
    found = queries.page(filters, limit=query.size + 1, before_number=query.cursor)
    return AuditOut(
        entries=[show(entry) for entry in found[: query.size]],
        next_cursor=next_cursor([entry.number for entry in found], query.size),
    )
