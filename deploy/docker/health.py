"""A container's health check: exit status 0 when the address that HEALTH_URL names answers 200.

Without it: `/ready` at the one port of the whole platform, `/health` of the gateway (which is well though a service is
away), `/ready` of a service. `worker` instead asks this container's Celery worker by its broker.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 4.0


def url() -> str:
    service = os.environ.get("SERVICE", "")
    if service == "all-in-one":
        return f"http://127.0.0.1:{os.environ.get('PORT', '80')}/ready"
    return f"http://127.0.0.1:8000/{'health' if service == 'gateway' else 'ready'}"


def answers(address: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=TIMEOUT_SECONDS):
            return True
    except (OSError, urllib.error.URLError) as error:
        print(f"{address}: {error}")
        return False


def worker_answers() -> bool:
    own = f"worker@{socket.gethostname()}"
    command = [sys.executable, "-m", "celery", "inspect", "ping", "--destination", own, "--timeout", "3"]
    broker = {"CELERY_BROKER_URL": os.environ.get("CELERY_BROKER_URL") or os.environ["REDIS_URL"]}
    return subprocess.run(command, check=False, cwd="/", env={**os.environ, **broker}).returncode == 0


if __name__ == "__main__":
    is_well = worker_answers() if sys.argv[1:] == ["worker"] else answers(os.environ.get("HEALTH_URL") or url())
    sys.exit(0 if is_well else 1)
