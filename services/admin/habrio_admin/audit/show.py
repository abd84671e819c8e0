"""An entry of the audit log as administrators see it."""

from __future__ import annotations

from habrio_admin.audit import queries
from habrio_admin.audit.models import AuditEntry
from habrio_admin.audit.queries import Filters
from habrio_admin.audit.rules import shown
from habrio_admin.audit.schemas import EntryData, RefusalData

NEWEST = 20


def show(entry: AuditEntry) -> EntryData:
    """With amounts in rupees."""
    return EntryData(
        id=entry.number,
        act_id=entry.act_id,
        step=entry.step,
        admin_id=entry.admin_id,
        admin_phone=entry.admin_phone,
        action=entry.action,
        target=entry.target,
        given=shown(entry.given),
        reason=entry.reason,
        before=None if entry.before is None else shown(entry.before),
        after=None if entry.after is None else shown(entry.after),
        refusal=None if entry.refusal is None else RefusalData.model_validate(entry.refusal),
        request_id=entry.request_id,
        at=entry.at,
        previous_hash=entry.previous_hash,
        hash=entry.hash,
    )


def newest_on(target: str) -> list[EntryData]:
    """The newest 20 acts on this target."""
    found = queries.page(Filters(target=target), limit=NEWEST, before_number=None)
    return [show(entry) for entry in found]
