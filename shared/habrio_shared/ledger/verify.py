"""The proof that a ledger is right, and by how many paise it is not (DESIGN.md §5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Row, cast, func, select, union_all
from sqlalchemy.orm import Session

from habrio_shared.ledger.tables import accounts, entries, postings


@dataclass(frozen=True, slots=True)
class Problem:
    """`check` failed at `where`, an account or an entry, by so many paise (0 where no amount is wrong)."""

    check: str
    where: str
    off_by_paise: int = 0

    def __str__(self) -> str:
        return f"{self.check}: {self.where}" + (f", off by {self.off_by_paise} paise" if self.off_by_paise else "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `totals` are the balances of the accounts without a floor, by name, for a comparison with
    another service's ledger: what is due to the one is due from the other, but for what is in flight."""

    entries: int
    postings: int
    totals: dict[str, int]
    problems: list[Problem]

    @property
    def is_right(self) -> bool:
        return not self.problems


def verify(session: Session) -> Verdict:
    """Check the whole ledger; call it within `database.snapshot()`, so that it holds during traffic too.

    RuntimeError on a session whose queries would each see another instant.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite" and connection.get_isolation_level() not in (
        "REPEATABLE READ",
        "SERIALIZABLE",
    ):
        raise RuntimeError("verify needs a snapshot: use database.snapshot()")
    moved = _moved(session)
    rows = {row.name: row for row in session.execute(select(accounts))}
    problems = [*_accounts(rows, moved), *_entries(session)]
    kept = sum(row.balance_paise for row in rows.values() if row.balance_paise is not None)
    totals = {name: paise for name, paise in moved.items() if name not in rows or rows[name].floor_paise is None}
    if kept + sum(totals.values()):
        problems.append(Problem("money out of nowhere", "all accounts", kept + sum(totals.values())))
    return Verdict(
        entries=session.execute(select(func.count()).select_from(entries)).scalar_one(),
        postings=session.execute(select(func.count()).select_from(postings)).scalar_one(),
        totals=dict(sorted(totals.items())),
        problems=problems,
    )


def _moved(session: Session) -> dict[str, int]:
    """What the postings say each account holds."""
    came = select(postings.c.dst.label("name"), postings.c.amount_paise.label("paise"))
    went = select(postings.c.src.label("name"), (-postings.c.amount_paise).label("paise"))
    both = union_all(came, went).subquery()
    query = select(both.c.name, cast(func.sum(both.c.paise), BigInteger)).group_by(both.c.name)
    return {name: int(paise) for name, paise in session.execute(query)}


def _accounts(rows: dict[str, Row[Any]], moved: dict[str, int]) -> Iterator[Problem]:
    for name in sorted(moved.keys() - rows.keys()):
        yield Problem("account was never opened", name, moved[name])
    for name, row in sorted(rows.items()):
        if row.balance_paise is None:
            continue
        if row.balance_paise != moved.get(name, 0):
            yield Problem("balance differs from its postings", name, row.balance_paise - moved.get(name, 0))
        if row.balance_paise < row.floor_paise:
            yield Problem("balance is below its floor", name, row.balance_paise - row.floor_paise)


def _entries(session: Session) -> Iterator[Problem]:
    """The constraints say all this too; a proof does not take their word for it."""
    twice = (
        select(entries.c.resolves)
        .where(entries.c.resolves.is_not(None))
        .group_by(entries.c.resolves)
        .having(func.count() > 1)
        .order_by(entries.c.resolves)
    )
    for (resolved,) in session.execute(twice):
        yield Problem("entry is resolved more than once", resolved)
    empty = (
        select(entries.c.id)
        .outerjoin(postings, postings.c.entry_id == entries.c.id)
        .where(postings.c.id.is_(None))
        .order_by(entries.c.id)
    )
    for (entry_id,) in session.execute(empty):
        yield Problem("entry moves nothing", entry_id)
    wrong = select(postings.c.entry_id, postings.c.amount_paise).where(postings.c.amount_paise <= 0)
    for entry_id, paise in session.execute(wrong):
        yield Problem("posting is not positive", entry_id, paise)
