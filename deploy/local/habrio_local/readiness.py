"""Is the platform ready? Asked at the one URL, as a client would."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass

TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class Readiness:
    """`missing`: what is not ready, by process name; empty when all is well. `reason` is a sentence about it."""

    missing: tuple[str, ...]
    reason: str = ""

    @property
    def is_ready(self) -> bool:
        return not self.missing


def listening(ports: Mapping[str, int]) -> Readiness:
    """Does each of these ports of this machine take connections? Asked first: nginx would note each failure."""
    missing = tuple(name for name, port in ports.items() if not _listens(port))
    return Readiness(missing, f"{', '.join(missing)} not listening yet" if missing else "")


def ask(host: str, port: int, services: tuple[str, ...]) -> Readiness:
    """Ask the gateway's `/ready`. Only `services` count: one that is not part of this checkout cannot be up."""
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/ready")
        answer = connection.getresponse()
        body = json.loads(answer.read())
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Readiness(("nginx",), f"no answer at port {port}: {error}")
    finally:
        connection.close()
    states = body.get("services") if isinstance(body, dict) else None
    if not isinstance(states, dict):
        return Readiness(("gateway",), f"/ready answers {answer.status}")
    missing = tuple(name for name in services if not states.get(name, {}).get("ready"))
    return Readiness(missing, "; ".join(f"{name}: {_reason(states.get(name, {}))}" for name in missing))


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _reason(state: dict[str, object]) -> str:
    checks = state.get("checks")
    if isinstance(checks, dict):
        return ", ".join(f"{check} not ready" for check, good in checks.items() if not good) or "not ready"
    return str(state.get("reason", "not ready"))
