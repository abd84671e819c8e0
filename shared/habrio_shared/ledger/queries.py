"""Reading the ledger: an account's balance and its movements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, cast, func, select, union_all
from sqlalchemy.orm import Session

from habrio_shared.ledger.entry import Account
from habrio_shared.ledger.tables import accounts, entries, postings

MOVES_MAX = 500


@dataclass(frozen=True, slots=True)
class Movement:
    """One posting as one account sees it: `delta_paise` is what came (positive) or went (negative).

    `id` grows with each posting of the ledger; `kind` and `reference` are the entry's.
    """

    id: int
    entry_id: str
    kind: str
    reference: str
    counterparty: str
    delta_paise: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MoneyMove:
    """One posting as nobody in particular sees it, with its entry's facts."""

    entry_id: str
    kind: str
    src: str
    dst: str
    amount_paise: int
    created_at: datetime


def balance(session: Session | Connection, account: Account) -> int:
    """What the account holds, in paise; 0 if nothing ever touched it.

    Kept where there is a floor; elsewhere the sum of all its postings, which takes longer the more there are.
    """
    if account.floor_paise is not None:
        kept = session.scalar(select(accounts.c.balance_paise).where(accounts.c.name == account.name))
        return kept or 0
    summed = cast(func.coalesce(func.sum(postings.c.amount_paise), 0), BigInteger)
    came = select(summed).where(postings.c.dst == account.name).scalar_subquery()
    went = select(summed).where(postings.c.src == account.name).scalar_subquery()
    total_paise: int = session.execute(select(came - went)).scalar_one()
    return total_paise


def is_posted(session: Session, entry_id: str) -> bool:
    """Whether there is an entry of this id."""
    return session.scalar(select(entries.c.id).where(entries.c.id == entry_id)) is not None


def history(session: Session, account: Account, *, limit: int, before_id: int | None = None) -> list[Movement]:
    """Up to `limit` movements of the account, newest first; of those older than the movement `before_id`, if given."""
    sides = []
    for mine, other, sign in ((postings.c.dst, postings.c.src, 1), (postings.c.src, postings.c.dst, -1)):
        side = select(
            postings.c.id,
            postings.c.entry_id,
            other.label("counterparty"),
            (postings.c.amount_paise * sign).label("delta_paise"),
        ).where(mine == account.name)
        if before_id is not None:
            side = side.where(postings.c.id < before_id)
        # Each side is read from its own index, and never further than the page.
        sides.append(side.order_by(postings.c.id.desc()).limit(limit).subquery())
    both = union_all(*(select(side) for side in sides)).subquery()
    query = (
        select(both, entries.c.kind, entries.c.reference, entries.c.created_at)
        .join(entries, entries.c.id == both.c.entry_id)
        .order_by(both.c.id.desc())
        .limit(limit)
    )
    return [Movement(**row._mapping) for row in session.execute(query)]


def moves_of(session: Session, reference: str, *, except_kind: str) -> list[MoneyMove]:
    """Up to 500 postings of entries with this reference, the oldest first; without those of entries of one kind."""
    query = (
        select(
            entries.c.id.label("entry_id"),
            entries.c.kind,
            postings.c.src,
            postings.c.dst,
            postings.c.amount_paise,
            entries.c.created_at,
        )
        .join(postings, postings.c.entry_id == entries.c.id)
        .where(entries.c.reference == reference, entries.c.kind != except_kind)
        .order_by(postings.c.id)
        .limit(MOVES_MAX)
    )
    return [MoneyMove(**row._mapping) for row in session.execute(query)]


def resolved_by(session: Session, entry_ids: Collection[str]) -> dict[str, str]:
    """Of these entries, those that another one has resolved: the kind of that one, by the id of the first."""
    query = select(entries.c.resolves, entries.c.kind).where(entries.c.resolves.in_(entry_ids))
    return {row.resolves: row.kind for row in session.execute(query)}
