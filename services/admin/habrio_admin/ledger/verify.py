"""The proof over both ledgers, by the word of the services that keep them: admin reads no table of theirs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from habrio_admin.clients import mechanisms
from habrio_admin.ledger.schemas import ClearingData, LedgerData, ProblemData, VerdictOut
from habrio_shared import ledger
from habrio_shared.contracts.ledger import LedgerOut, LedgerProblem
from habrio_shared.database import reading
from habrio_shared.errors import BadGateway

SHOWN_MAX = 100


def verify() -> VerdictOut:
    """Three looks at growing instants, which raise no false alarm while people trade (ledger.compare). Unavailable."""
    before = mechanisms.ledger("vendor", "all")
    consumer = mechanisms.ledger("consumer", "all")
    after = mechanisms.ledger("vendor", "clearing")
    clearing = ledger.compare(_side(before), _side(consumer), _side(after))
    if before.verdict is None or consumer.verdict is None:
        raise BadGateway
    problems: list[LedgerProblem | ledger.Problem] = [
        *before.verdict.problems,
        *consumer.verdict.problems,
        *clearing.problems,
    ]
    return VerdictOut(
        is_right=not problems,
        off_by=sum(abs(problem.off_by_paise) for problem in problems),
        consumer=_ledger(consumer),
        vendor=_ledger(before),
        clearing=ClearingData(in_flight=clearing.in_flight_paise, problems=_shown(clearing.problems)),
        checked_at=datetime.now(UTC),
    )


def compare_nightly() -> int:
    """Compare what the ledgers owe each other unless that was done within 23 hours; 1 if it was done.

    The verdict is kept. Each service proves its own ledger by itself. Unavailable: asked each hour, it is done later.
    """
    with reading() as session:
        if not ledger.is_due(session):
            return 0
    before, consumer, after = (mechanisms.ledger(side, "clearing") for side in ("vendor", "consumer", "vendor"))
    clearing = ledger.compare(_side(before), _side(consumer), _side(after))
    entries = len(consumer.paise_by_entry)
    ledger.keep(ledger.Verdict(entries=entries, postings=entries, totals={}, problems=list(clearing.problems)))
    return 1


def _side(read: LedgerOut) -> ledger.Side:
    return ledger.Side(read.paise_by_entry, frozenset(read.carried))


def _ledger(read: LedgerOut) -> LedgerData:
    assert read.verdict is not None  # noqa: S101 — looked at by `verify`
    verdict = read.verdict
    return LedgerData(entries=verdict.entries, postings=verdict.postings, problems=_shown(verdict.problems))


def _shown(problems: Iterable[LedgerProblem | ledger.Problem]) -> list[ProblemData]:
    found = [ProblemData(check=problem.check, where=problem.where, off_by=problem.off_by_paise) for problem in problems]
    return found[:SHOWN_MAX]
