"""Gunicorn's settings for the gateway and every service, from the environment."""

from __future__ import annotations

import contextlib
import gc
import os
from typing import Any

from gunicorn.http.message import Request

from habrio_shared import telemetry
from habrio_shared.metrics import folder

READ_BYTES = 65536

bind = os.environ.get("BIND_ADDRESS", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "1"))
threads = int(os.environ.get("THREADS", "8"))
worker_class = "gthread"
preload_app = True  # one import for all workers; nothing may connect before the fork
limit_request_line = 8190  # whatever line or header nginx lets in (8 KiB) fits here too
limit_request_field_size = 16380
keepalive = 75  # longer than nginx keeps an idle connection, so that nginx is the one to close it
timeout = 60
graceful_timeout = 15
max_requests = 0
accesslog = None  # nginx logs each request once
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")
control_socket_disable = True  # nobody speaks to it, and in a container there is no home for it
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 — heartbeats belong in memory

gc.disable()  # until the fork: of what is being loaded nothing is garbage, and to look costs a fifth of the start
folder.prepare(worker_tmp_dir)  # now: gunicorn calls none of its hooks before it loads the application


def pre_fork(_server: object, _worker: object) -> None:
    """What is there before a worker begins stays: no collection has to look at it, and no look makes it a copy."""
    gc.collect()
    gc.freeze()
    gc.enable()


def post_worker_init(_worker: object) -> None:
    """Tell whoever waits at the other end of READY_FD that this process answers requests."""
    telemetry.start()  # not before the fork: threads and channels do not survive it
    if waiting := os.environ.get("READY_FD"):
        with contextlib.suppress(OSError):  # it waits no longer
            os.write(int(waiting), b"1")


def post_request(_worker: object, request: Request, _environ: object, _response: object) -> None:
    """Read what is left of a body that was answered unread: the front door will use the connection again.

    For more than 64 KiB Gunicorn would close it, unsaid, and whoever's request is next on it would be lost. How much
    and for how long is the front door's to bound.
    """
    with contextlib.suppress(OSError):  # whoever sent it has gone
        while request.body.read(READ_BYTES):
            pass


def child_exit(_server: object, worker: Any) -> None:
    """Keep what a dead worker has counted."""
    from habrio_shared.metrics.processes import bury  # noqa: PLC0415 — Prometheus looks at the folder when imported

    bury(worker.pid)


def on_exit(_server: object) -> None:
    """Leave nothing behind."""
    folder.leave()
