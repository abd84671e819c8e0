"""The protocol with one thought left out, each as systems of this kind often are."""

from __future__ import annotations

from collections.abc import Iterator

from typing_extensions import override

from habrio_shared.contracts.orders import CANCEL, PLACE
from tests.support.protocol.facts import Bought, Row, State, Word, put
from tests.support.protocol.protocol import Protocol, Step, moved_on, promise


class TimeOutAbort(Protocol):
    """No answer in time is taken for a no, and the money goes back."""

    @override
    def misfortunes(self, state: State) -> Iterator[Step]:
        for number, bought in enumerate(state.bought):
            if bought is not None and bought.status == "placing":
                failed = bought._replace(status="failed", held=0)
                yield (
                    f"order {number} takes too long and is given up",
                    state._replace(wallet=state.wallet + bought.held, bought=put(state.bought, number, failed)),
                )


class NoTombstoneOnRefuse(Protocol):
    """What is refused leaves no row."""

    @override
    def refused(self, state: State, row: Row) -> State:
        return state

    @override
    def said_of_none(self, row: Row) -> Word:
        return Word("refused")


class NoTombstoneOnCancel(Protocol):
    """What is cancelled before it arrives leaves no row."""

    @override
    def cancelled_unseen(self, state: State, row: Row) -> State:
        return state

    @override
    def said_of_none(self, row: Row) -> Word:
        return Word("cancelled")


class ReservationExpiry(Protocol):
    """Stock is held for some time only, whatever becomes of the order."""

    @override
    def misfortunes(self, state: State) -> Iterator[Step]:
        for number, sold in enumerate(state.sold):
            expired = Row("expired", number)
            if sold is not None and sold.status == "pending" and expired not in state.done:
                yield (
                    f"the reservation of order {number} expires",
                    state._replace(
                        reserved=state.reserved - sold.pieces,
                        promised=state.promised | {expired},
                        done=state.done | {expired},
                    ),
                )


class NoInbox(Protocol):
    """A message is handled as often as it comes."""

    @override
    def is_taken(self, state: State, row: Row) -> bool:
        return False


class VersionsIgnored(Protocol):
    """The last word to arrive counts, not the latest one said."""

    @override
    def is_news(self, bought: Bought, word: Word) -> bool:
        return True


class OutboxApart(Protocol):
    """The message is written after the order is committed."""

    @override
    def place(self, state: State, number: int) -> Iterator[Step]:
        row = Row(PLACE.kind, number)
        held = self.held(state, number)
        yield f"consumer places order {number}, its message to follow", held._replace(memory=held.memory | {row})

    @override
    def misfortunes(self, state: State) -> Iterator[Step]:
        for row in sorted(state.memory, key=str):
            yield f"{row} is written", promise(state._replace(memory=state.memory - {row}), row)
        if state.memory:
            yield "the consumer service dies", state._replace(memory=frozenset())


class AtMostOnce(Protocol):
    """A message is sent once and then forgotten, answered or not."""

    @override
    def misfortunes(self, state: State) -> Iterator[Step]:
        for row in sorted(state.promised - state.done, key=str):
            yield f"{row} gets lost", state._replace(done=state.done | {row})


class ConsumerDecides(Protocol):
    """Who cancels is believed at once, and the vendor is told."""

    @override
    def ask(self, state: State, wish: Row) -> Iterator[Step]:
        for words, asked in super().ask(state, wish):
            bought = asked.bought[wish.order]
            if wish.kind != CANCEL.kind or bought is None:
                yield words, asked
                continue
            cancelled, back = moved_on(bought, Word("cancelled", bought.version))
            yield words, asked._replace(wallet=asked.wallet + back, bought=put(asked.bought, wish.order, cancelled))


MUTANTS: tuple[type[Protocol], ...] = (
    TimeOutAbort,
    NoTombstoneOnRefuse,
    NoTombstoneOnCancel,
    ReservationExpiry,
    NoInbox,
    VersionsIgnored,
    OutboxApart,
    AtMostOnce,
    ConsumerDecides,
)
