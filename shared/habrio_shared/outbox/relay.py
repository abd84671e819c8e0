"""The relay: delivers what nobody delivered at once, for as long as it takes (DESIGN.md §6)."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from flask import Flask, g
from sqlalchemy import Row, select, update

from habrio_shared import faults, telemetry
from habrio_shared.database import after, db_now, transaction
from habrio_shared.outbox.deliver import attempt
from habrio_shared.outbox.tables import outbox

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
TIMEOUT_SECONDS = 5.0
LEASE_SECONDS = 8.0
"""Longer than a try can take; a relay that dies leaves its rows to others after it."""

SPARED_SECONDS = 1.0
"""So long no message is sent to a target to which nothing got through; then a handful try again."""

AFTER_CLAIM = faults.declare("relay.after_claim")


class Relay:
    """Runs in one thread of a service's worker; any number of relays may work on one outbox."""

    def __init__(self, app: Flask, *, at_once: int = 4) -> None:
        """`at_once`: how many messages are under way at the same time."""
        self._app = app
        self._at_once = at_once
        self._nudged = threading.Event()
        self._spared_until: dict[str, float] = {}  # by target, on this process's monotonic clock
        self._is_stuck = False

    def nudge(self) -> None:
        """There may be something to do: look now and not at the next poll."""
        self._nudged.set()

    def run(self, stop: threading.Event) -> None:
        """Deliver until `stop` is set (looked at every 0.5 s), then finish what is under way."""
        under_way: set[Future[None]] = set()
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="relay") as pool:
            while not stop.is_set():
                self._nudged.clear()
                under_way |= {pool.submit(self._deliver, row) for row in self._due(self._at_once - len(under_way))}
                if under_way:
                    wait(under_way, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                    under_way = {future for future in under_way if not future.done()}
                else:
                    self._nudged.wait(POLL_SECONDS)

    def _due(self, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
        if limit == 0:
            return ()
        try:
            with self._app.app_context():
                rows = self._claim(limit)
        except Exception:  # the edge of the relay's thread; most likely the database is away
            if not self._is_stuck:
                log.warning("the relay cannot claim messages and goes on trying", exc_info=True)
            self._is_stuck = True
            return ()
        if self._is_stuck:
            log.info("the relay claims messages again")
        self._is_stuck = False
        return rows

    def _claim(self, limit: int) -> Sequence[Row[*tuple[Any, ...]]]:
        """Lease up to `limit` due rows, the longest due first; rows that somebody works on are passed over."""
        now = time.monotonic()
        spared = [target for target, until in self._spared_until.copy().items() if until > now]
        due = (
            select(outbox.c.id, outbox.c.key, outbox.c.kind, outbox.c.target, outbox.c.request_id, outbox.c.traceparent)
            # The clock as a scalar subquery is read once, so that the index can be searched for it.
            .where(outbox.c.done_at.is_(None), outbox.c.next_try_at <= select(db_now()).scalar_subquery())
            .order_by(outbox.c.next_try_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        if spared:
            due = due.where(outbox.c.target.not_in(spared))
        with transaction() as session:
            rows = session.execute(due).all()
            if rows:
                lease = update(outbox).where(outbox.c.id.in_([row.id for row in rows]))
                session.execute(lease.values(next_try_at=after(LEASE_SECONDS)))
        faults.point(AFTER_CLAIM)
        return rows

    def _deliver(self, row: Row[*tuple[Any, ...]]) -> None:
        try:
            with self._app.app_context():
                g.request_id, g.traceparent = row.request_id, row.traceparent
                with telemetry.replayed(row.kind, row.traceparent):
                    outcome = attempt(row.id, TIMEOUT_SECONDS)
        except Exception:  # the edge of this thread: the lease runs out and the row is tried again
            log.warning("message %s: the try was broken off", row.key, exc_info=True)
            return
        if outcome.is_away:
            self._spared_until[row.target] = time.monotonic() + SPARED_SECONDS
        elif outcome.reply is not None:
            self._spared_until.pop(row.target, None)
