"""`/metrics` of a Celery worker, on a port of its own: it answers no other requests."""

from __future__ import annotations

import logging
from typing import Any

from celery.signals import worker_init
from flask import Flask
from prometheus_client import REGISTRY, disable_created_metrics, start_http_server

from habrio_shared.metrics import tasks  # noqa: F401 — importing it listens to Celery's signals
from habrio_shared.metrics.figures import Figures
from habrio_shared.settings import ServiceSettings

log = logging.getLogger(__name__)


def set_up(app: Flask) -> None:
    """When this process turns out to be a worker and METRICS_PORT is set, serve its metrics there.

    The worker must be one process (`--pool threads`): what forked children count stays in them. A port that is taken
    costs the metrics, not the worker.
    """
    settings: ServiceSettings = app.extensions["habrio_settings"]
    if settings.metrics_port is None:
        return
    port = settings.metrics_port

    @worker_init.connect(weak=False)  # type: ignore[untyped-decorator]  # Celery ships no types
    def serve(**_kwargs: Any) -> None:
        try:
            start_http_server(port, settings.metrics_bind)
        except OSError as error:
            log.error("no metrics at %s:%s: %s", settings.metrics_bind, port, error)
            return
        disable_created_metrics()  # a second series for each, which web processes do not have either
        REGISTRY.register(Figures(app))
