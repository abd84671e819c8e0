"""Posting an entry: lock, look, act. Whatever is refused is refused before anything is written."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, or_, select, update
from sqlalchemy.orm import Session

from habrio_shared.database import db_now, insert_ignore
from habrio_shared.ledger.entry import Account, Entry
from habrio_shared.ledger.errors import AlreadyResolved, InsufficientFunds, LedgerConflict
from habrio_shared.ledger.tables import accounts, entries, postings
from habrio_shared.metrics.committed import count_when_committed
from habrio_shared.metrics.series import MONEY_MOVED

_COLUMNS: Final = (accounts.c.name, accounts.c.floor_paise, accounts.c.balance_paise)
_GUARDED: Final = (
    select(*_COLUMNS)
    .where(accounts.c.name.in_(bindparam("guarded", expanding=True)))
    .order_by(accounts.c.name)
    .with_for_update()
    .cte("guarded")
)
LOOK: Final = select(_GUARDED).union_all(
    select(*_COLUMNS).where(accounts.c.name.in_(bindparam("others", expanding=True)))
)
"""Those with a floor locked, by name, and the others, which everybody uses, only read; in one statement."""

WRITE: Final = postings.insert().inline()
CHANGE: Final = (
    update(accounts)
    .where(accounts.c.name == bindparam("account"))
    .values(balance_paise=accounts.c.balance_paise + bindparam("delta_paise"))
)


def post(session: Session, entry: Entry) -> bool:
    """Write `entry` once: True if this call wrote it, False if the same entry was there already.

    InsufficientFunds when an account would go below its floor; AlreadyResolved when another entry resolved what this
    one resolves; LedgerConflict when its id stands for something else, when it resolves an entry that was never
    posted, or when an account has another floor. All leave the transaction usable and nothing of the entry written.
    Concurrent entries wait for each other's wallets in the order of their names, so one entry a transaction cannot
    deadlock with others; who posts several in one transaction keeps that order himself.
    """
    balances = _lock(session, entry.accounts())
    if entry.resolves is not None and _is_posted(session, entry):
        return False
    deltas = entry.deltas()
    for account in entry.accounts():
        after_paise = balances.get(account.name, 0) + deltas[account.name]
        if account.floor_paise is not None and after_paise < account.floor_paise:
            if _is_posted(session, entry):  # the money may have gone since
                return False
            raise InsufficientFunds(account.name, account.floor_paise - after_paise)
    if not _insert_entry(session, entry):
        # Another transaction posted this id or resolved that hold since we looked, and has committed.
        if _is_posted(session, entry):
            return False
        raise LedgerConflict(f"{entry.id} was refused by the table of entries")
    _move(session, entry, guarded=sorted(balances))
    moved_paise = sum(posting.amount_paise for posting in entry.postings)
    count_when_committed(session, MONEY_MOVED.labels(entry.kind), moved_paise)
    return True


def _lock(session: Session, touched: list[Account]) -> dict[str, int]:
    """Make sure each account has its row; the balances of those with a floor, locked until the transaction ends.

    Two first touches at once: the second waits and finds it there.
    """
    found = _look(session, touched)
    missing = [account for account in touched if account.name not in found]
    if missing:
        for account in missing:
            balance_paise = None if account.floor_paise is None else 0
            row = {"name": account.name, "floor_paise": account.floor_paise, "balance_paise": balance_paise}
            insert_ignore(session, accounts, row)
        found = _look(session, touched)
    for account in touched:
        if found[account.name].floor_paise != account.floor_paise:
            raise LedgerConflict(
                f"{account.name} has the floor {found[account.name].floor_paise}, not {account.floor_paise}"
            )
    return {account.name: found[account.name].balance_paise for account in touched if account.floor_paise is not None}


def _look(session: Session, touched: list[Account]) -> dict[str, Row[Any]]:
    names = {
        "guarded": [account.name for account in touched if account.floor_paise is not None],
        "others": [account.name for account in touched if account.floor_paise is None],
    }
    return {row.name: row for row in session.execute(LOOK, names)}


def _is_posted(session: Session, entry: Entry) -> bool:
    """Whether exactly this entry is there; AlreadyResolved or LedgerConflict when it never can be."""
    related: ColumnElement[bool] = entries.c.id == entry.id
    if entry.resolves is not None:
        related = or_(related, entries.c.id == entry.resolves, entries.c.resolves == entry.resolves)
    found = {row.id: row for row in session.execute(select(entries).where(related))}
    same = found.get(entry.id)
    if same is not None:
        content = (same.kind, same.resolves, same.reference, _written_postings(session, entry.id))
        given = [(posting.src.name, posting.dst.name, posting.amount_paise) for posting in entry.postings]
        if content != (entry.kind, entry.resolves, entry.reference, given):
            raise LedgerConflict(f"{entry.id} is posted already, with another content")
        return True
    if entry.resolves is not None:
        if entry.resolves not in found:
            raise LedgerConflict(f"{entry.id} resolves {entry.resolves}, which was never posted")
        for row in found.values():
            if row.resolves == entry.resolves:
                raise AlreadyResolved(entry.resolves, by=row.id)
    return False


def _written_postings(session: Session, entry_id: str) -> list[tuple[str, str, int]]:
    query = (
        select(postings.c.src, postings.c.dst, postings.c.amount_paise)
        .where(postings.c.entry_id == entry_id)
        .order_by(postings.c.id)
    )
    return [(row.src, row.dst, row.amount_paise) for row in session.execute(query)]


def _insert_entry(session: Session, entry: Entry) -> bool:
    row = {
        "id": entry.id,
        "kind": entry.kind,
        "resolves": entry.resolves,
        "reference": entry.reference,
        "created_at": db_now(),
    }
    return insert_ignore(session, entries, row)


def _move(session: Session, entry: Entry, guarded: list[str]) -> None:
    lines = [
        {
            "entry_id": entry.id,
            "src": posting.src.name,
            "dst": posting.dst.name,
            "amount_paise": posting.amount_paise,
        }
        for posting in entry.postings
    ]
    session.execute(WRITE, lines)
    deltas = entry.deltas()
    changes = [{"account": name, "delta_paise": deltas[name]} for name in guarded if deltas[name]]
    if changes:
        session.execute(CHANGE, changes)
