"""Gunicorn's settings for the gateway and every service, from the environment."""

from __future__ import annotations

import os

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
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 — heartbeats belong in memory
