"""The proof over the whole platform: both ledgers, and that they agree, while people go on trading."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from habrio_shared.database import at_one_instant, prepare_sqlite
from habrio_shared.ledger.clearing import Clearing, compare, consumer_side, vendor_side
from habrio_shared.ledger.verify import OwnProblems, Verdict, no_problems, verify


@dataclass(frozen=True, slots=True)
class Ledger:
    """A service's ledger: the URL of its database for SQLAlchemy, and what the service itself can say of it."""

    url: str
    own: OwnProblems = no_problems


@dataclass(frozen=True, slots=True)
class Whole:
    """What `verify_both` found. `is_one_instant`: both sides were read in one snapshot."""

    consumer: Verdict
    vendor: Verdict
    clearing: Clearing
    is_one_instant: bool

    @property
    def problems(self) -> list[str]:
        """One line for each, with its side and its paise."""
        return [
            f"{side}: {problem}"
            for side, found in (("consumer", self.consumer), ("vendor", self.vendor), ("clearing", self.clearing))
            for problem in found.problems
        ]

    @property
    def paise_off(self) -> int:
        """All problems together, signs left out."""
        between = sum(abs(problem.off_by_paise) for problem in self.clearing.problems)
        return self.consumer.paise_off + self.vendor.paise_off + between

    @property
    def is_right(self) -> bool:
        return not self.problems


def verify_both(consumer: Ledger, vendor: Ledger) -> Whole:
    """Prove both ledgers and the clearing accounts between them, at any time, traffic or not.

    In one PostgreSQL database both are read in one REPEATABLE READ snapshot: the vendor's role exports it and the
    consumer's imports it, so nobody needs to read what is another's. SQLite's files and separate databases have no
    snapshot in common: each is read in one of its own, the vendor's before and after the consumer's; `compare` says why
    that is enough. There, of what moves between two looks, the next call says what is wrong.
    """
    ours, theirs = _engine(consumer.url), _engine(vendor.url)
    with Session(at_one_instant(theirs)) as at_vendor:
        name = _export(at_vendor)
        before = vendor_side(at_vendor)
        of_vendor = verify(at_vendor, vendor.own)
        with _consumer_session(ours, name) as at_consumer:
            is_one_instant = "snapshot" in at_consumer.info
            of_consumer = verify(at_consumer, consumer.own)
            between = consumer_side(at_consumer)
    after = before
    if not is_one_instant:
        with Session(at_one_instant(theirs)) as later:
            after = vendor_side(later)
    return Whole(of_consumer, of_vendor, compare(before, between, after), is_one_instant)


@cache
def _engine(url: str) -> Engine:
    """Without a pool: between two proofs no connection is held. Kept, for it remembers how its SQL is compiled."""
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        prepare_sqlite(engine)
    return engine


def _export(session: Session) -> str | None:
    if session.get_bind().dialect.name == "sqlite":
        return None
    name: str = session.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    return name


def _consumer_session(engine: Engine, name: str | None) -> Session:
    """A session in the snapshot `name`, if it is one of this database; else in a snapshot of its own."""
    if name is not None and engine.dialect.name != "sqlite":
        session = Session(at_one_instant(engine), info={"snapshot": name})
        try:
            # A snapshot's name is what PostgreSQL has just given us: digits and dashes. SET takes no parameters.
            session.execute(text(f"SET TRANSACTION SNAPSHOT '{name}'"))
        except DBAPIError:
            session.close()
        else:
            return session
    return Session(at_one_instant(engine))
