"""In containers a service comes back under another address: its name is looked up again."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from habrio_gateway.nginx_conf import Build
from tests.integration.gateway.envelope import check_problem
from tests.integration.gateway.front_door import Echo, FrontDoor, bearer
from tests.support.waiting import until

NAME = "auth.habrio.test"
ME = "/api/v1/me"


class NameServer:
    """A DNS server for one name; `address` is what it answers now, None for "no such name"."""

    def __init__(self, address: str | None) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                query, client = self._socket.recvfrom(512)
                self._socket.sendto(self._answer(query), client)
            except OSError:  # closed
                return

    def _answer(self, query: bytes) -> bytes:
        question = query[12 : query.index(b"\x00", 12) + 5]
        is_ours = self.address is not None and question[-4:-2] == b"\x00\x01"
        flags = 0x8180 if self.address is not None else 0x8183
        head = query[:2] + struct.pack(">HHHHH", flags, 1, int(is_ours), 0, 0)
        record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 1, 4) + socket.inet_aton(self.address or "127.0.0.1")
        return head + question + (record if is_ours else b"")

    def close(self) -> None:
        self._socket.close()


class Named(FrontDoor):
    """A front door that knows auth by name only."""

    def configuration(self, **upstreams: str) -> str:
        return super().configuration(auth=f"{NAME}:{self.echoes['auth'].port}", **upstreams)


@pytest.fixture(params=["resolve", "variable"])
def named(request: pytest.FixtureRequest) -> Iterator[tuple[Named, NameServer]]:
    names = NameServer("127.0.0.1")
    build = Build((1, 22, 1), headers_more=False) if request.param == "variable" else None
    door = Named(resolver=f"127.0.0.1:{names.port} valid=1s ipv6=off", build=build, nginx_workers=1)
    try:
        yield door.start(), names
    finally:
        door.stop()
        names.close()


def test_a_moved_service_is_found_again(named: tuple[Named, NameServer]) -> None:
    door, names = named
    until(lambda: door.get(ME, headers=bearer()).status_code == 200, seconds=5, what="the name is found")
    assert door.get("/api/v1/admin/users", headers=bearer()).json()["service"] == "admin"
    door.echoes["auth"].stop()
    moved = Echo("moved", "127.0.0.2", door.echoes["auth"].port)
    try:
        check_problem(door.get(ME, headers=bearer()), 503, "service_unavailable")
        names.address = "127.0.0.2"
        until(lambda: door.get(ME, headers=bearer()).status_code == 200, seconds=8, what="the new address is found")
        assert door.get(ME, headers=bearer()).json()["service"] == "moved"
    finally:
        moved.stop()


def test_a_name_that_nobody_knows_is_503(named: tuple[Named, NameServer]) -> None:
    door, names = named
    names.address = None
    until(lambda: door.get(ME, headers=bearer()).status_code == 503, seconds=8, what="the name is gone")
    check_problem(door.get(ME, headers=bearer()), 503, "service_unavailable")
