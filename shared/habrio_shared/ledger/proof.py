"""A service's proof of its own ledger: on demand, and each night with its verdict kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

import click
from flask import Flask, current_app
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from habrio_shared.database import after, db_now, snapshot, transaction, try_lock
from habrio_shared.ledger.tables import verdicts
from habrio_shared.ledger.verify import OwnProblems, Verdict, verify

log = logging.getLogger(__name__)

LOCK = "ledger-proof"
EVERY_SECONDS = 23 * 3600
"""Asked each hour, it is done once a day: a stack that is restarted each morning is proven as well."""
STATEMENT_TIMEOUT_SECONDS = 120
TOLD_MAX = 20
_EXTENSION = "habrio_ledger_own_problems"


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """What a nightly proof found: how many problems, and how many paise they are off by together, signs left out."""

    checked_at: datetime
    entries: int
    problems: int
    paise_off: int


def set_up(app: Flask, own: OwnProblems) -> None:
    """Give the app's ledger its proof: `flask ledger-verify`, and what `own` compares the ledger with."""
    app.extensions[_EXTENSION] = own

    @app.cli.command("ledger-verify")
    def ledger_verify() -> None:
        """Prove the ledger in one snapshot; one line for each problem. Exit status 1 if there is any."""
        verdict = prove()
        for problem in verdict.problems:
            click.echo(str(problem))
        if not verdict.is_right:
            click.echo(f"The ledger is wrong: {len(verdict.problems)} problems, {verdict.paise_off} paise.")
            raise SystemExit(1)
        click.echo(f"The ledger is right: {verdict.entries} entries, {verdict.postings} postings.")


def prove() -> Verdict:
    """The current app's ledger and what its service says of it, in one snapshot."""
    with snapshot() as session:
        return proven(session)


def proven(session: Session) -> Verdict:
    """The same in a snapshot that the caller has opened, before its first query or after."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT_SECONDS}s'"))
    return verify(session, current_app.extensions[_EXTENSION])


def prove_nightly() -> int:
    """Prove the ledger unless that was done within the last 23 hours, and keep the verdict; 1 if it was done, else 0.

    A double at the same time finds the lock taken and does nothing.
    """
    with snapshot() as session:
        if not try_lock(session, LOCK) or not is_due(session):
            return 0
        verdict = proven(session)
    keep(verdict)
    return 1


def is_due(session: Session) -> bool:
    """Whether no verdict was kept within the last 23 hours."""
    recent = select(verdicts.c.id).where(verdicts.c.checked_at > after(-EVERY_SECONDS)).limit(1)
    return session.scalar(recent) is None


def keep(verdict: Verdict) -> None:
    """Write the verdict down, where the worker's metrics find it; what is wrong is logged at ERROR with its figures."""
    with transaction() as session:
        kept = {"entries": verdict.entries, "problems": len(verdict.problems), "paise_off": verdict.paise_off}
        session.execute(verdicts.insert().values(checked_at=db_now(), **kept))
    for problem in verdict.problems[:TOLD_MAX]:
        log.error("ledger: %s", problem)
    if verdict.is_right:
        log.info("ledger: right, %s entries", verdict.entries)
    else:
        log.error("ledger: WRONG, %s problems, %s paise", len(verdict.problems), verdict.paise_off)


def latest_verdict(session: Session) -> KeptVerdict | None:
    """The newest nightly verdict; None before the first. The worker's metrics show it.

    A gauge wants both `paise_off` (0 is right) with `problems`, and the age of `checked_at`: a proof that is no longer
    made is no good news.
    """
    columns = (verdicts.c.checked_at, verdicts.c.entries, verdicts.c.problems, verdicts.c.paise_off)
    row = session.execute(select(*columns).order_by(verdicts.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else KeptVerdict(**row._mapping)
