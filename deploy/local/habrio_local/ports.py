"""Which TCP ports a stack listens on: the usual ones, or free ones when those are taken; a worker's is for metrics."""

from __future__ import annotations

import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from habrio_local.problem import Problem

DEFAULT_PORTS: Mapping[str, int] = {
    "nginx": 8000,
    "gateway": 8001,
    "auth": 8011,
    "consumer": 8012,
    "vendor": 8013,
    "admin": 8014,
    "agent": 8015,
    "auth-worker": 8021,
    "consumer-worker": 8022,
    "vendor-worker": 8023,
    "admin-worker": 8024,
    "agent-worker": 8025,
    "postgres": 54320,
    "valkey": 63790,
}
STEP = 100
"""A taken default is tried again this much higher: a second stack's ports still look familiar (8100, 8111 …)."""
TRIES = 40
FREE_RANGE = range(20_000, 32_000)
"""Below the range from which the kernel takes ports for outgoing connections."""


@dataclass
class Ports:
    """`by_name` is the choice; each port stays reserved (bound and listening) until its `release`."""

    by_name: dict[str, int] = field(default_factory=dict)
    moved: list[str] = field(default_factory=list)
    """What listens elsewhere than usual, in words, because its default was taken."""
    _held: dict[str, socket.socket] = field(default_factory=dict, repr=False)

    def release(self, name: str) -> None:
        """Let go of one port, right before the process that shall listen on it starts."""
        held = self._held.pop(name, None)
        if held is not None:
            held.close()

    def release_all(self) -> None:
        for name in list(self._held):
            self.release(name)

    def __getitem__(self, name: str) -> int:
        return self.by_name[name]


def choose(
    names: list[str],
    *,
    bind: str,
    explicit_port: int | None,
    free_ports: bool,
    defaults: Mapping[str, int] = DEFAULT_PORTS,
) -> Ports:
    """Choose and reserve a port for each name. `bind` is nginx's address; all others listen on 127.0.0.1.

    Raises Problem when the explicit port is taken, or may not be used.
    """
    ports = Ports()
    try:
        for name in names:
            host = bind if name == "nginx" else "127.0.0.1"
            if name == "nginx" and explicit_port is not None:
                candidates = [explicit_port]
            else:
                candidates = _candidates(defaults[name], free_ports)
            taken = _first_free(host, [port for port in candidates if port not in ports.by_name.values()])
            if taken is None:
                raise _nothing_free(name, candidates)
            port, held = taken
            ports.by_name[name] = port
            ports._held[name] = held
            if not free_ports and port != candidates[0]:
                ports.moved.append(f"{name} {candidates[0]} → {port}")
    except Problem:
        ports.release_all()
        raise
    return ports


def _candidates(first: int, free_ports: bool) -> list[int]:
    if free_ports:
        return random.sample(FREE_RANGE, TRIES)
    return [port for port in range(first, first + STEP * TRIES, STEP) if port <= 65535] + random.sample(
        FREE_RANGE, TRIES
    )


def _first_free(host: str, candidates: list[int]) -> tuple[int, socket.socket] | None:
    for port in candidates:
        held = _reserve(host, port)
        if held is not None:
            return port, held
    return None


def _reserve(host: str, port: int) -> socket.socket | None:
    """A listening socket on the port; None when it is taken. One that is merely bound would not be noticed."""
    held = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((host, port))
        held.listen(1)
    except PermissionError as error:
        held.close()
        raise Problem(
            f"Port {port} may not be used by this user ({error.strerror}). Try PORT=8080 make run."
        ) from error
    except OSError as error:
        held.close()
        if isinstance(error, socket.gaierror) or error.errno == 99:
            raise Problem(f"BIND={host} is not an address of this machine ({error.strerror}).") from error
        return None
    return held


def _nothing_free(name: str, candidates: list[int]) -> Problem:
    if len(candidates) == 1:
        port = candidates[0]
        return Problem(
            f"Port {port} is taken by another program. Stop it, choose another port (PORT={port + 1} make run)"
            ", or leave PORT out to get a free one."
        )
    return Problem(f"No free port was found for {name}.")
