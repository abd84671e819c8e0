"""What is committed: both services' rows for every order, stock, money, promised messages, given answers."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias, TypeVar

from habrio_consumer.orders.rules import OrderStatus
from habrio_shared.contracts.orders import VendorOrderStatus

ItemT = TypeVar("ItemT")


class Word(NamedTuple):
    """The vendor's row for an order, which is also what the vendor says of it. A piece costs one paisa."""

    status: VendorOrderStatus
    version: int = 1
    pieces: int = 0
    proposed: int | None = None
    changes: int = 0
    refund: int = 0


class Bought(NamedTuple):
    """The consumer's row for an order, with its entries in the consumer's ledger (paise)."""

    total: int
    status: OrderStatus = "placing"
    version: int = 0
    changes: int = 0
    timeline: frozenset[int] = frozenset()
    held: int = 0
    captured: int = 0
    refunded: int = 0


class Row(NamedTuple):
    """A promised message: `number` tells those of one kind apart, `word` is a move's."""

    kind: str
    order: int
    number: int = 0
    word: Word | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.order}" + (f" (number {self.number})" if self.number else "")


Answer: TypeAlias = Word | int
"""The vendor's word, or how many paise the consumer service has captured."""


class State(NamedTuple):
    """All that is committed at an instant; `memory` is what a process has yet to do and only it knows."""

    wallet: int
    on_hand: int
    bought: tuple[Bought | None, ...]
    sold: tuple[Word | None, ...]
    settled: tuple[int, ...]
    reserved: int = 0
    promised: frozenset[Row] = frozenset()
    done: frozenset[Row] = frozenset()
    answered: frozenset[tuple[Row, Answer]] = frozenset()
    memory: frozenset[Row] = frozenset()

    @property
    def is_quiet(self) -> bool:
        """Nothing is under way."""
        return self.done == self.promised and not self.memory


class Scope(NamedTuple):
    """How much there is to search: the pieces of each order, those on the shelf, the paise in the wallet.

    `moves`: the only ones that vendors and timers make; None: all that the services' tables allow.
    """

    orders: tuple[int, ...]
    stock: int
    money: int
    moves: frozenset[VendorOrderStatus] | None = None

    def start(self) -> State:
        nobody = tuple(None for _ in self.orders)
        return State(self.money, self.stock, nobody, nobody, tuple(0 for _ in self.orders))


def put(items: tuple[ItemT, ...], at: int, item: ItemT) -> tuple[ItemT, ...]:
    """The same tuple with another item at one place."""
    return (*items[:at], item, *items[at + 1 :])
