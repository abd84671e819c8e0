"""A container's health check: exit status 0 when its address answers 200.

That is HEALTH_URL if given; `/ready` at the one port of the whole platform; `/health` of the gateway, which is well
though a service is away; a worker's `/metrics` at METRICS_PORT (by its broker it would cost a second of CPU, and a
worker relays messages though its broker is away); else `/ready` of a service.
"""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 4.0


def url() -> str:
    if given := os.environ.get("HEALTH_URL"):
        return given
    if port := os.environ.get("METRICS_PORT"):
        return f"http://127.0.0.1:{port}/metrics"
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


if __name__ == "__main__":
    sys.exit(0 if answers(url()) else 1)
