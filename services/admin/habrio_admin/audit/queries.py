"""Reading the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from habrio_admin.audit.models import AuditEntry, AuditHead
from habrio_shared.database import reading

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries; None: of any. `since` and `until` bound the time, the second excluded. `every_step`: the asked
    step of an act that has ended, too."""

    every_step: bool = False
    act_id: str | None = None
    admin_id: int | None = None
    action: str | None = None
    target: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        for column, value in (
            (AuditEntry.act_id, self.act_id),
            (AuditEntry.admin_id, self.admin_id),
            (AuditEntry.action, self.action),
            (AuditEntry.target, self.target),
        ):
            if value is not None:
                yield column == value
        if self.since is not None:
            yield AuditEntry.at >= self.since
        if self.until is not None:
            yield AuditEntry.at < self.until
        if not self.every_step:
            yield or_(AuditEntry.step != "asked", ~_has_ended())


def _has_ended() -> ColumnElement[bool]:
    end = aliased(AuditEntry)
    return select(end.number).where(end.act_id == AuditEntry.act_id, end.step != "asked").exists()


def page(filters: Filters, *, limit: int, before_number: int | None) -> list[AuditEntry]:
    """Up to `limit` entries, newest first; of numbers below `before_number`, if given."""
    query = select(AuditEntry).where(*filters.conditions()).order_by(AuditEntry.number.desc()).limit(limit)
    if before_number is not None:
        query = query.where(AuditEntry.number < before_number)
    with reading() as session:
        return list(session.scalars(query))


def asked(session: Session, act_id: str) -> AuditEntry:
    """The entry by which an act began."""
    query = select(AuditEntry).where(AuditEntry.act_id == act_id, AuditEntry.step == "asked")
    return session.scalars(query).one()


def end_of(act_id: str) -> AuditEntry | None:
    """The entry by which an act ended; None as long as it has not."""
    query = select(AuditEntry).where(AuditEntry.act_id == act_id, AuditEntry.step != "asked")
    with reading() as session:
        return session.scalars(query).one_or_none()


def unfinished_on(session: Session, target: str) -> AuditEntry | None:
    """The act on this target that was asked for and has not ended, if there is one."""
    query = select(AuditEntry).where(AuditEntry.target == target, AuditEntry.step == "asked", ~_has_ended())
    return session.scalars(query).first()


def head() -> AuditHead:
    """Where the chain ends by now."""
    with reading() as session:
        return session.scalars(select(AuditHead)).one()


def in_order(up_to: int) -> Iterator[AuditEntry]:
    """Every entry to the number given, oldest first, a thousand at a time."""
    last = 0
    while True:
        query = select(AuditEntry).where(AuditEntry.number > last, AuditEntry.number <= up_to)
        with reading() as session:
            batch = session.scalars(query.order_by(AuditEntry.number).limit(BATCH)).all()
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].number
