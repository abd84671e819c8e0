"""The protocol's transactions. Each method is one: it takes what is committed and returns what is committed after it.

A mutant (mutants.py) replaces one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from habrio_consumer.orders.rules import CANCELLABLE
from habrio_shared.contracts.orders import (
    CANCEL,
    CONFIRM_CHANGE,
    DELIVERED,
    MOVED,
    PLACE,
    Actor,
    VendorOrderStatus,
)
from habrio_vendor.orders.rules import MOVES, may_move
from tests.support.protocol.facts import Answer, Bought, Row, Scope, State, Word, put

Step = tuple[str, State]
STATUSES = frozenset(get_args(VendorOrderStatus))
ENDED: tuple[VendorOrderStatus, ...] = ("rejected", "cancelled")


class Broken(Exception):
    """A transaction that can never be committed: what caused it will be tried for ever."""


class Protocol:
    """The protocol as it is."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    # What people, shops and timers do.

    def wishes(self, state: State) -> Iterator[Step]:
        """Every transaction that a consumer can cause now."""
        for number, bought in enumerate(state.bought):
            if bought is None:
                if state.wallet >= self.scope.orders[number]:
                    yield from self.place(state, number)
                continue
            if bought.status in CANCELLABLE:
                yield from self.ask(state, Row(CANCEL.kind, number))
            if bought.status == "awaiting_consumer_confirmation":
                yield from self.ask(state, Row(CONFIRM_CHANGE.kind, number, bought.changes + 1))

    def place(self, state: State, number: int) -> Iterator[Step]:
        """T1: the money held, the order promised to the vendor."""
        yield f"consumer places order {number}", promise(self.held(state, number), Row(PLACE.kind, number))

    def held(self, state: State, number: int) -> State:
        paise = self.scope.orders[number]
        return state._replace(
            wallet=state.wallet - paise, bought=put(state.bought, number, Bought(total=paise, held=paise))
        )

    def ask(self, state: State, wish: Row) -> Iterator[Step]:
        """A wish is recorded once; the vendor's row decides."""
        if wish not in state.promised:
            yield f"consumer wishes {wish}", promise(state, wish)

    def moves(self, state: State) -> Iterator[Step]:
        """Every move that a vendor or the timer can make now, with its message in the same transaction."""
        actors: tuple[Actor, ...] = ("vendor", "timer")
        for number, sold in enumerate(state.sold):
            if sold is None:
                continue
            for by in actors:
                for to in sorted(MOVES.get(sold.status, {}).get(by, frozenset()) & (self.scope.moves or STATUSES)):
                    moved = self.moved(state, number, to)
                    word = None if moved is None else moved.sold[number]
                    if moved is not None and word is not None:
                        message = Row(MOVED.kind, number, word.version, word)
                        yield f"{by} moves order {number} to {to}", promise(moved, message)

    def moved(self, state: State, number: int, to: VendorOrderStatus) -> State | None:
        """The move and its effect on the stock; None where a guard besides the table forbids it."""
        sold = state.sold[number]
        assert sold is not None
        word = sold._replace(status=to, version=sold.version + 1, proposed=None)
        reserved, on_hand = state.reserved, state.on_hand
        if to in ENDED:
            reserved -= sold.pieces
        elif to == "delivered":
            reserved, on_hand = reserved - sold.pieces, on_hand - sold.pieces
        elif to == "awaiting_consumer_confirmation":
            if sold.pieces == 1:
                return None  # nothing would be left
            word = word._replace(proposed=sold.pieces - 1)
        elif to == "confirmed":
            assert sold.proposed is not None
            reserved -= sold.pieces - sold.proposed
            word = word._replace(pieces=sold.proposed, changes=sold.changes + 1)
        elif to == "return_accepted":
            if sold.refund:
                return None  # all has come back
        elif to == "return_completed":
            if not state.settled[number]:
                return None  # the vendor has not been paid yet
            on_hand, word = on_hand + sold.pieces, word._replace(refund=sold.pieces)
        return state._replace(reserved=reserved, on_hand=on_hand, sold=put(state.sold, number, word))

    # The wire, and what either side does with a message.

    def deliveries(self, state: State) -> Iterator[Step]:
        """Every message arrives, once more or for the first time; every answer reaches whoever still waits for it."""
        for row in sorted(state.promised, key=str):
            if not self.is_taken(state, row):
                answer, taken = self.take(state, row)
                yield f"{row} arrives: {shown(answer)}", taken._replace(answered=taken.answered | {(row, answer)})
        for row, answer in sorted(state.answered, key=str):
            if row not in state.done:
                settled = self.settle(state, row, answer)
                yield f"the answer to {row} arrives: {shown(answer)}", settled._replace(done=settled.done | {row})

    def is_taken(self, state: State, row: Row) -> bool:
        """The inbox: a message that was taken is answered as it was then, and has no effect."""
        return any(row == taken for taken, _answer in state.answered)

    def take(self, state: State, row: Row) -> tuple[Answer, State]:
        """The receiver's handler; its effect and the note that the message was taken are one transaction."""
        if row.kind == MOVED.kind:
            assert row.word is not None
            followed = self.follow(state, row.order, row.word)
            bought = followed.bought[row.order]
            assert bought is not None
            return (bought.captured if row.word.status in DELIVERED else 0), followed
        handler = {PLACE.kind: self.reserve, CANCEL.kind: self.cancel, CONFIRM_CHANGE.kind: self.confirm}[row.kind]
        after = handler(state, row)
        word = after.sold[row.order]
        return (self.said_of_none(row) if word is None else word), after

    def said_of_none(self, row: Row) -> Word:
        """What is answered about an order of which there is no row."""
        raise Broken(f"{row} finds no row and leaves none")

    def reserve(self, state: State, row: Row) -> State:
        """T2: reserve, or leave a tombstone; a row that is there already is the answer."""
        if state.sold[row.order] is not None:
            return state
        pieces = self.scope.orders[row.order]
        if state.on_hand - state.reserved < pieces:
            return self.refused(state, row)
        word = Word("pending", pieces=pieces)
        return state._replace(reserved=state.reserved + pieces, sold=put(state.sold, row.order, word))

    def refused(self, state: State, row: Row) -> State:
        return state._replace(sold=put(state.sold, row.order, Word("refused")))

    def cancel(self, state: State, row: Row) -> State:
        """Cancel, if the row still allows it; what has not arrived yet never will."""
        sold = state.sold[row.order]
        if sold is None:
            return self.cancelled_unseen(state, row)
        if may_move(sold.status, "consumer", "cancelled"):
            moved = self.moved(state, row.order, "cancelled")
            assert moved is not None
            return moved
        return state

    def cancelled_unseen(self, state: State, row: Row) -> State:
        return state._replace(sold=put(state.sold, row.order, Word("cancelled")))

    def confirm(self, state: State, row: Row) -> State:
        """Confirm that very proposal, if it still stands."""
        sold = state.sold[row.order]
        if sold is None:
            raise Broken(f"{row} finds no order, so nobody can have proposed to change it")
        if may_move(sold.status, "consumer", "confirmed") and row.number == sold.changes + 1:
            return self.moved(state, row.order, "confirmed") or state
        return state

    def settle(self, state: State, row: Row, answer: Answer) -> State:
        """The sender's handler of the answer, in the transaction that marks the message done."""
        if isinstance(answer, Word):
            return self.follow(state, row.order, answer)
        if answer and not state.settled[row.order]:
            return state._replace(settled=put(state.settled, row.order, answer))
        return state

    def follow(self, state: State, number: int, word: Word) -> State:
        """T3: the vendor's word takes effect if it is news."""
        bought = state.bought[number]
        assert bought is not None
        if word.status != "refused":
            bought = bought._replace(timeline=bought.timeline | {word.version})
        wallet = state.wallet
        if self.is_news(bought, word):
            bought, back = moved_on(bought, word)
            wallet += back
        if word.refund and not bought.refunded:
            bought, wallet = bought._replace(refunded=word.refund), wallet + word.refund
        return state._replace(wallet=wallet, bought=put(state.bought, number, bought))

    def is_news(self, bought: Bought, word: Word) -> bool:
        return word.version > bought.version

    def misfortunes(self, _state: State) -> Iterator[Step]:
        """What a mutant can meet besides; whatever is committed, the protocol itself has nothing to fear."""
        yield from ()

    def steps(self, state: State) -> Iterator[Step]:
        """Everything that can happen next, each in words and with what is committed then."""
        yield from self.wishes(state)
        yield from self.moves(state)
        yield from self.deliveries(state)
        yield from self.misfortunes(state)


def moved_on(bought: Bought, word: Word) -> tuple[Bought, int]:
    """The consumer's row at the newer `word`, and how many paise go back to the wallet."""
    back = 0
    if word.changes > bought.changes:
        back = bought.total - word.pieces
        bought = bought._replace(total=word.pieces, changes=word.changes, held=bought.held - back)
    bought = bought._replace(version=word.version, status="failed" if word.status == "refused" else word.status)
    if word.status == "refused" or word.status in ENDED:
        if bought.captured:
            raise Broken("a hold that was captured is released")
        return bought._replace(held=0), back + bought.held
    if word.status in DELIVERED and not bought.captured:
        if bought.held != bought.total:
            raise Broken("a hold that was released is captured")
        return bought._replace(held=0, captured=bought.held), back
    return bought, back


def promise(state: State, row: Row) -> State:
    """The message stands in the outbox, by the transaction that causes it."""
    return state._replace(promised=state.promised | {row})


def shown(answer: Answer) -> str:
    return f"{answer} paise" if isinstance(answer, int) else f"{answer.status}, version {answer.version}"
