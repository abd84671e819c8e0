"""Counting what a transaction does, once it is done: what is rolled back has not happened."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

_COUNTED: Final = "habrio_counted"
_Counted = list[tuple[SessionTransaction | None, Counter, float]]


def count_when_committed(session: Session, counter: Counter, amount: float = 1) -> None:
    """Add `amount` to `counter` (one with its labels) when the transaction of `session` commits."""
    counted: _Counted = session.info.setdefault(_COUNTED, [])
    counted.append((session.get_nested_transaction(), counter, amount))


@event.listens_for(Session, "after_commit")
def _count(session: Session) -> None:
    for _savepoint, counter, amount in session.info.pop(_COUNTED, ()):
        counter.inc(amount)


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, rolled_back: SessionTransaction) -> None:
    """Of a savepoint only what was counted in it; of the transaction all."""
    counted: _Counted = session.info.get(_COUNTED, [])
    session.info[_COUNTED] = [one for one in counted if rolled_back.nested and one[0] is not rolled_back]
