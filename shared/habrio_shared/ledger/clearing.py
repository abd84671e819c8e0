"""Where the consumer's and the vendor's ledgers meet (DESIGN.md §5): what left the one arrives in the other, or a
message that is still to be delivered carries it.

A delivered order's money leaves the consumer's ledger by `capture:<order>` and reaches the vendor's by
`settle:<order>`; that of a completed return goes back by `refund:<order>:<number>`, which both have. What one side has
posted and the other has not is in flight: the vendor's message about the move is not done until both sides have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import BigInteger, case, cast, func, or_, select
from sqlalchemy.orm import Session

from habrio_shared.contracts.orders import MOVED
from habrio_shared.ledger.tables import entries, postings
from habrio_shared.ledger.verify import Problem
from habrio_shared.outbox.tables import outbox

DUE_TO_VENDORS = "due:vendor"
DUE_FROM_CONSUMER = "due:consumer"


@dataclass(frozen=True, slots=True)
class Side:
    """What a ledger's clearing account got (positive) and gave by each entry, in paise, at one instant.

    `carried` are the orders of which the vendor service still has to tell the consumer service; empty for the latter.
    """

    paise_by_entry: Mapping[str, int]
    carried: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clearing:
    """`in_flight_paise`: what is due to vendors in the one ledger, and not yet (or again) due in the other."""

    in_flight_paise: int
    problems: list[Problem] = field(default_factory=list)


def consumer_side(session: Session) -> Side:
    """The consumer's clearing account; its ledger is found by the session's connection."""
    return Side(_by_entry(session, DUE_TO_VENDORS))


def vendor_side(session: Session) -> Side:
    """The vendor's clearing account, and what its outbox carries."""
    waiting = select(outbox.c.key).where(outbox.c.kind == MOVED.kind, outbox.c.done_at.is_(None))
    carried = frozenset(key.split(":")[1] for key in session.scalars(waiting))
    return Side(_by_entry(session, DUE_FROM_CONSUMER), carried)


SIDES: Mapping[str, Callable[[Session], Side]] = {"consumer": consumer_side, "vendor": vendor_side}
"""How each service that keeps a ledger reads its own."""


def _by_entry(session: Session, account: str) -> dict[str, int]:
    delta = case((postings.c.dst == account, postings.c.amount_paise), else_=-postings.c.amount_paise)
    query = (
        select(entries.c.id, cast(func.sum(delta), BigInteger))
        .join(postings, postings.c.entry_id == entries.c.id)
        .where(or_(postings.c.dst == account, postings.c.src == account))
        .group_by(entries.c.id)
    )
    return {entry_id: int(paise) for entry_id, paise in session.execute(query)}


def compare(before: Side, consumer: Side, after: Side) -> Clearing:
    """Whether both sides agree, given the vendor's `before` and `after` the look at the consumer's.

    In one snapshot the two are the same. Three looks at growing instants do as well and raise no false alarm: entries
    are for ever, and each step waits for the one before to be committed. So what the vendor had settled is captured in
    any later look at the consumer; what was captured there is settled or carried in any later look at the vendor; and
    the other way round for returns.
    """
    problems = [*_captures(before, consumer, after), *_refunds(before, consumer, after)]
    for name, side, known in (
        (DUE_TO_VENDORS, consumer, ("capture", "refund")),
        (DUE_FROM_CONSUMER, after, ("settle", "refund")),
    ):
        for entry_id, paise in sorted(side.paise_by_entry.items()):
            if entry_id.partition(":")[0] not in known:
                problems.append(Problem(f"entry has no business with {name}", entry_id, paise))
    in_flight_paise = sum(consumer.paise_by_entry.values()) + sum(after.paise_by_entry.values())
    return Clearing(in_flight_paise, problems)


def _captures(before: Side, consumer: Side, after: Side) -> Iterator[Problem]:
    captured, settled = _of(consumer, "capture"), _of(after, "settle")
    for order, paise in sorted(captured.items()):
        if order not in settled:
            if order not in after.carried:
                yield Problem("captured, and no message settles it", f"capture:{order}", paise)
        elif paise + settled[order]:
            yield Problem("settled for another amount than captured", f"settle:{order}", -settled[order] - paise)
    for order, paise in sorted(_of(before, "settle").items()):
        if order not in captured:
            yield Problem("settled, and never captured", f"settle:{order}", -paise)


def _refunds(before: Side, consumer: Side, after: Side) -> Iterator[Problem]:
    paid, given = _of(consumer, "refund"), _of(after, "refund")
    for number, paise in sorted(paid.items()):
        if number not in given:
            yield Problem("refunded, and the vendor gave nothing back", f"refund:{number}", -paise)
        elif paise + given[number]:
            yield Problem("refunded another amount than given back", f"refund:{number}", -paise - given[number])
    for number, paise in sorted(_of(before, "refund").items()):
        if number not in paid and number.partition(":")[0] not in before.carried:
            yield Problem("given back, and no message refunds it", f"refund:{number}", paise)


def _of(side: Side, kind: str) -> dict[str, int]:
    prefix = f"{kind}:"
    return {
        entry_id.removeprefix(prefix): paise
        for entry_id, paise in side.paise_by_entry.items()
        if entry_id.startswith(prefix)
    }
