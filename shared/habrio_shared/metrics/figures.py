"""Figures that nobody counts because they stand somewhere already: in the outbox, in the verdicts, in the queue.

They are read when they are asked for. One process of a service hands them out, its worker, so that none is there twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

from flask import Flask
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis import Redis, RedisError
from sqlalchemy.exc import SQLAlchemyError

from habrio_shared import ledger, outbox
from habrio_shared.database import reading
from habrio_shared.settings import ServiceSettings

log = logging.getLogger(__name__)

BROKER_TIMEOUT_SECONDS = 1.0


class Figures(Collector):
    """The gauges of `app`'s service. What cannot be read now is left out, and the log says why: none is made up."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._settings: ServiceSettings = app.extensions["habrio_settings"]
        tables = app.extensions["habrio_metadatas"]
        self._has_outbox = outbox.metadata in tables
        self._has_verdicts = ledger.verdict_metadata in tables
        self._broker = Redis.from_url(
            self._settings.broker_url,
            socket_timeout=BROKER_TIMEOUT_SECONDS,
            socket_connect_timeout=BROKER_TIMEOUT_SECONDS,
        )

    def describe(self) -> list[Metric]:
        """No names beforehand: without this the registry would ask for all figures once, at the worker's start."""
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            yield from self._of_database()
        except SQLAlchemyError as error:
            log.warning("no figures of the database: %s", error)
        try:
            yield from self._of_broker()
        except RedisError as error:
            log.warning("no figures of the broker: %s", error)

    def _of_database(self) -> list[Metric]:
        found: list[Metric] = []
        with self._app.app_context(), reading() as session:
            if self._has_outbox:
                waiting = outbox.backlog(session)
                found += [
                    _gauge("habrio_outbox_pending", "Messages that are not delivered", waiting.depth),
                    _gauge("habrio_outbox_oldest_seconds", "The age of the oldest of them", waiting.oldest_seconds),
                    _gauge("habrio_outbox_failing", "Those of them that failed 20 times or more", waiting.failing),
                ]
            if self._has_verdicts and (verdict := ledger.latest_verdict(session)) is not None:
                found += [
                    _gauge("habrio_ledger_off_paise", "By how much the ledger is wrong", verdict.paise_off),
                    _gauge("habrio_ledger_problems", "How many things are wrong with the ledger", verdict.problems),
                    _gauge(
                        "habrio_ledger_verified_timestamp_seconds",
                        "When it was last proven, in seconds since 1970",
                        verdict.checked_at.timestamp(),
                    ),
                ]
        return found

    def _of_broker(self) -> Iterator[Metric]:
        length = GaugeMetricFamily("habrio_queue_length", "Tasks that wait for a worker", labels=["queue"])
        length.add_metric([self._settings.service], self._broker.llen(self._settings.service))
        yield length


def _gauge(name: str, help_text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help_text, value=value)
