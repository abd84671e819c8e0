"""Ports: the usual ones, free ones when those are taken, and never somebody else's."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from habrio_local import ports
from habrio_local.problem import Problem


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_an_explicit_port_that_is_taken_is_a_problem_that_says_what_to_do(taken: int) -> None:
    with pytest.raises(Problem, match=f"Port {taken} is taken .*PORT={taken + 1} make run"):
        ports.choose(["nginx"], bind="127.0.0.1", explicit_port=taken, free_ports=False)


def test_a_default_that_is_taken_moves_a_hundred_up_and_is_told(taken: int) -> None:
    usual = {"auth": taken}
    chosen = ports.choose(["auth"], bind="127.0.0.1", explicit_port=None, free_ports=False, defaults=usual)
    chosen.release_all()
    assert chosen["auth"] != taken
    assert chosen.moved == [f"auth {taken} → {chosen['auth']}"]


def test_two_stacks_that_start_at_once_do_not_get_the_same_port() -> None:
    usual = {"auth": 27_311}
    first = ports.choose(["auth"], bind="127.0.0.1", explicit_port=None, free_ports=False, defaults=usual)
    second = ports.choose(["auth"], bind="127.0.0.1", explicit_port=None, free_ports=False, defaults=usual)
    first.release_all()
    second.release_all()
    assert first["auth"] != second["auth"]


def test_a_released_port_can_be_listened_on_at_once() -> None:
    chosen = ports.choose(["vendor"], bind="127.0.0.1", explicit_port=None, free_ports=True)
    chosen.release("vendor")
    with socket.socket() as server:
        server.bind(("127.0.0.1", chosen["vendor"]))


def test_an_address_that_is_not_ours_is_a_problem() -> None:
    with pytest.raises(Problem, match=r"BIND=203\.0\.113\.7 is not an address of this machine"):
        ports.choose(["nginx"], bind="203.0.113.7", explicit_port=None, free_ports=False)
