"""What each person knows that he did, and what the platform must therefore say: plain arithmetic.

An order is moved by two people, each of whom knows his own moves only. The timeline says in which order the moves came;
that it holds exactly the moves of both books, and what follows from them, is what is checked.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Pieces = dict[int, int]
"""Pieces by item id."""

Step = tuple[str, str]
"""(status, by whom) as the timeline shows them."""

AWAITING = "awaiting_consumer_confirmation"
UNDONE = ("cancelled", "rejected")
DELIVERED = ("delivered", "return_accepted", "return_completed")
NOTED_IN_CHAT = (AWAITING, "confirmed", "cancelled")
FIRST_STEP: Step = ("pending", "consumer")


def paise(rupees: float) -> int:
    """Rupees as the API writes them."""
    return round(rupees * 100)


@dataclass
class OrderBook:
    """What its two people did to one order, all of it acknowledged."""

    resident: str
    shop_id: int
    mode: str
    pieces: Pieces
    """As they were in the cart."""
    moves: Counter[Step] = field(default_factory=Counter)
    proposals: list[Pieces] = field(default_factory=list)
    """Each acknowledged change of the vendor, in the order in which he made them."""
    asked_back: Counter[tuple[str, tuple[tuple[int, int], ...]]] = field(default_factory=Counter)
    """Returns, by who asked for it and for what."""
    rejected_returns: int = 0
    said: Counter[str] = field(default_factory=Counter)
    rating: int | None = None


@dataclass
class Expected:
    """How an order must stand, and what it has moved. Money in paise; 0 for a cash order."""

    status: str
    charged: Pieces
    shown: Pieces
    paid_paise: int
    earned_paise: int
    taken: Pieces
    """What can no longer be sold because of it."""


class Books:
    """Everybody's books, together. A person writes his own; an order's is shared by its two people."""

    def __init__(self) -> None:
        self.orders: dict[int, OrderBook] = {}
        self.loaded_paise: Counter[str] = Counter()
        self.withdrawn_paise: Counter[int] = Counter()
        self.stocked: Counter[int] = Counter()
        self.prices_paise: dict[int, int] = {}
        self.order_times: list[float] = []
        """When each order was acknowledged, on time.time()."""
        self._early: dict[int, list[tuple[str, Any]]] = defaultdict(list)
        self._writing = threading.Lock()

    def placed(self, order_id: int, order: OrderBook, at: float) -> None:
        """The resident knows that it is placed; what the vendor did to it before that is entered now."""
        with self._writing:
            if order_id in self.orders:
                raise AssertionError(f"order {order_id} was given to two carts")
            self.orders[order_id] = order
            self.order_times.append(at)
            for entry, value in self._early.pop(order_id, ()):
                _enter(order, entry, value)

    def enter(self, order_id: int, entry: str, value: Any) -> None:
        """Note something that was done to an order: see `_enter`."""
        with self._writing:
            order = self.orders.get(order_id)
            if order is None:
                self._early[order_id].append((entry, value))
            else:
                _enter(order, entry, value)

    def strangers(self) -> list[int]:
        """Orders that a vendor moved and no resident placed."""
        return sorted(self._early)


def _enter(order: OrderBook, entry: str, value: Any) -> None:
    if entry == "move":
        order.moves[value] += 1
    elif entry == "proposal":
        order.moves[AWAITING, "vendor"] += 1
        order.proposals.append(value)
    elif entry == "asked_back":
        order.asked_back[value] += 1
    elif entry == "rejected_return":
        order.rejected_returns += 1
    elif entry == "said":
        order.said[value] += 1
    elif entry == "rating":
        order.rating = value
    else:
        raise ValueError(entry)


def expected(order: OrderBook, timeline: list[Step], back: Pieces, prices_paise: Mapping[int, int]) -> Expected:
    """How the order must stand after these steps, and with these pieces back by completed returns."""
    charged, proposed, proposals = dict(order.pieces), None, iter(order.proposals)
    status = timeline[-1][0]
    for step, _ in timeline:
        if step == AWAITING:
            proposed = {**charged, **next(proposals, {})}
        else:
            if step == "confirmed" and proposed is not None:
                charged = proposed
            proposed = None
    cost = sum(prices_paise[item] * number for item, number in charged.items())
    came_back = sum(prices_paise[item] * number for item, number in back.items())
    kept = 0 if order.mode == "cash" or status in UNDONE else cost - came_back
    return Expected(
        status=status,
        charged=charged,
        shown={item: number for item, number in (proposed or charged).items() if number},
        paid_paise=kept,
        earned_paise=kept if status in DELIVERED else 0,
        taken={} if status in UNDONE else {item: n - back.get(item, 0) for item, n in charged.items()},
    )


def fault_of_moves(order: OrderBook, timeline: list[Step]) -> str | None:
    """What the timeline has that nobody did, or lacks of what somebody did. The timer may cancel by itself."""
    shown = Counter(step for step in timeline if step[1] != "timer")
    wanted = order.moves + Counter({FIRST_STEP: shown[FIRST_STEP]})
    is_whole = timeline[:1] == [FIRST_STEP] or timeline == [("cancelled", "consumer")]  # cancelled before it arrived
    if shown != wanted:
        return f"the timeline lacks {dict(wanted - shown)} and has in excess {dict(shown - wanted)}"
    if not is_whole or shown[FIRST_STEP] > 1:
        return f"the timeline begins in no known way: {timeline}"
    if any(step[1] == "timer" and step[0] != "cancelled" for step in timeline):
        return f"the timer did what only people may: {timeline}"
    return None
