"""The proof that a ledger is right, and by how many paise it is not (DESIGN.md §5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Row, Select, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from habrio_shared.ledger.entry import Account
from habrio_shared.ledger.tables import accounts, entries, postings


@dataclass(frozen=True, slots=True)
class Problem:
    """`check` failed at `where`, an account, an entry or a reference, by so many paise (0 where no amount is wrong).

    `off_by_paise` is what is there less what ought to be: positive where there is too much.
    """

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

    @property
    def paise_off(self) -> int:
        """How wrong it is, all problems together, whatever their sign; one fault may well make several problems."""
        return sum(abs(problem.off_by_paise) for problem in self.problems)


OwnProblems = Callable[[Session], Iterable[Problem]]
"""What a service can say beyond its ledger, of rows that have to agree with it: see `unmatched`."""


def no_problems(_session: Session) -> Iterable[Problem]:
    """A ledger whose service has nothing to compare it with."""
    return ()


def verify(session: Session, own: OwnProblems = no_problems) -> Verdict:
    """Check the whole ledger, and `own`; call it within `database.snapshot()`, so that it holds during traffic too.

    Proven: all balances and totals sum to zero; each kept balance is that of its postings and not below its floor; each
    entry moves something, and each posting belongs to one; an entry is resolved once at most, by a later one of the
    same reference. RuntimeError on a session whose queries would each see another instant.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite" and connection.get_isolation_level() not in (
        "REPEATABLE READ",
        "SERIALIZABLE",
    ):
        raise RuntimeError("verify needs a snapshot: use database.snapshot()")
    moved = _moved(session)
    rows = {row.name: row for row in session.execute(select(accounts))}
    problems = [*_accounts(rows, moved), *_entries(session), *_resolutions(session), *own(session)]
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
    stray = (
        select(postings.c.entry_id, cast(func.sum(postings.c.amount_paise), BigInteger))
        .outerjoin(entries, entries.c.id == postings.c.entry_id)
        .where(entries.c.id.is_(None))
        .group_by(postings.c.entry_id)
        .order_by(postings.c.entry_id)
    )
    for entry_id, paise in session.execute(stray):
        yield Problem("posting without an entry", entry_id, int(paise))
    wrong = select(postings.c.entry_id, postings.c.amount_paise).where(postings.c.amount_paise <= 0)
    for entry_id, paise in session.execute(wrong):
        yield Problem("posting is not positive", entry_id, paise)


def _resolutions(session: Session) -> Iterator[Problem]:
    """Ids of postings grow, and what resolves an entry is posted after that one was committed."""
    resolved = entries.alias()
    span = (
        select(postings.c.entry_id, func.min(postings.c.id).label("first"), func.max(postings.c.id).label("last"))
        .group_by(postings.c.entry_id)
        .subquery()
    )
    earlier, later = span.alias(), span.alias()
    query = (
        select(
            entries.c.id,
            resolved.c.id.is_(None).label("is_missing"),
            (resolved.c.reference != entries.c.reference).label("is_foreign"),
        )
        .outerjoin(resolved, resolved.c.id == entries.c.resolves)
        .outerjoin(earlier, earlier.c.entry_id == resolved.c.id)
        .outerjoin(later, later.c.entry_id == entries.c.id)
        .where(
            entries.c.resolves.is_not(None),
            or_(
                resolved.c.id.is_(None),
                resolved.c.reference != entries.c.reference,
                later.c.first <= earlier.c.last,
            ),
        )
        .order_by(entries.c.id)
    )
    for entry_id, is_missing, is_foreign in session.execute(query):
        if is_missing:
            yield Problem("entry resolves what was never posted", entry_id)
        elif is_foreign:
            yield Problem("entry resolves that of another reference", entry_id)
        else:
            yield Problem("entry is older than what it resolves", entry_id)


def unmatched(
    session: Session, account: Account, expected: Select[str, int], *, check: str, kind: str | None = None
) -> Iterator[Problem]:
    """Where `account` does not hold, for each reference, what the service's own rows say.

    `expected` selects (reference, paise), any number of rows for each reference; a reference that it does not name is
    expected at 0. With `kind` only the postings of that kind of entry count.
    """
    sides = []
    for end, sign in ((postings.c.dst, 1), (postings.c.src, -1)):
        side = (
            select(entries.c.reference, (postings.c.amount_paise * literal(sign)).label("paise"))
            .join(postings, postings.c.entry_id == entries.c.id)
            .where(end == account.name)
        )
        sides.append(side if kind is None else side.where(entries.c.kind == kind))
    said = expected.subquery()
    reference, paise = said.c
    both = union_all(*sides, select(reference, -paise)).subquery()
    name, off = both.c
    query = select(name, cast(func.sum(off), BigInteger)).group_by(name).having(func.sum(off) != 0).order_by(name)
    for where, off_by_paise in session.execute(query):
        yield Problem(check, where, int(off_by_paise))
