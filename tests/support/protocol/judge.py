"""What must hold: at every instant, and whenever nothing is under way."""

from __future__ import annotations

from collections.abc import Iterator

from habrio_consumer.orders.rules import CANCELLABLE
from habrio_shared.contracts.orders import DELIVERED
from habrio_vendor.orders.rules import may_move
from tests.support.protocol.facts import Bought, Scope, State, Word


def wrongs(scope: Scope, state: State) -> Iterator[str]:
    """Everything that is wrong with this state; nothing, if all is well."""
    yield from _of_stock(scope, state)
    yield from _of_money(scope, state)
    if state.is_quiet:
        for number, (bought, sold) in enumerate(zip(state.bought, state.sold, strict=True)):
            if bought is not None:
                yield from _of_rest(number, bought, sold, state.settled[number])


def _of_stock(scope: Scope, state: State) -> Iterator[str]:
    rows = [sold for sold in state.sold if sold is not None]
    held = sum(row.pieces for row in rows if may_move(row.status, "consumer", "cancelled"))
    gone = sum(row.pieces - row.refund for row in rows if row.status in DELIVERED)
    if not 0 <= state.reserved <= state.on_hand:
        yield f"{state.reserved} pieces are reserved of {state.on_hand}"
    if state.reserved != held:
        yield f"{state.reserved} pieces are reserved, and open orders hold {held}"
    if state.on_hand != scope.stock - gone:
        yield f"{state.on_hand} pieces are on hand, and {gone} of {scope.stock} are gone"


def _of_money(scope: Scope, state: State) -> Iterator[str]:
    rows = [bought for bought in state.bought if bought is not None]
    if state.wallet < 0:
        yield f"the wallet has {state.wallet} paise"
    if state.wallet + sum(row.held + row.captured - row.refunded for row in rows) != scope.money:
        yield "paise came or went from nowhere"
    for number, row in enumerate(state.bought):
        due = 0 if row is None or row.status not in CANCELLABLE else row.total
        if row is not None and row.held != due:
            yield f"order {number} is {row.status} with {row.held} paise held, which is not {due}"
        if state.settled[number] not in (0, row.captured if row else 0):
            yield f"the vendor got {state.settled[number]} paise for order {number}, and others were captured"


def _of_rest(number: int, bought: Bought, sold: Word | None, settled: int) -> Iterator[str]:
    """Both sides of an order agree once all is quiet."""
    if bought.status == "failed":
        if sold is not None and sold.status != "refused":
            yield f"order {number} failed for its consumer and is {sold.status} for its vendor"
        return
    if sold is None or (bought.status, bought.version) != (sold.status, sold.version):
        there = "not there" if sold is None else f"{sold.status}, version {sold.version}"
        here = f"{bought.status}, version {bought.version}"
        yield f"order {number} is {here}, for its consumer and {there} for its vendor"
        return
    if sold.pieces and bought.total != sold.pieces:
        yield f"order {number} costs {bought.total} paise here and {sold.pieces} there"
    if bought.timeline != frozenset(range(1, sold.version + 1)):
        yield f"the timeline of order {number} has versions {sorted(bought.timeline)} of {sold.version}"
    if settled != bought.captured:
        yield f"{bought.captured} paise were captured for order {number} and {settled} reached its vendor"
    if sold.refund != bought.refunded:
        yield f"the vendor gave {sold.refund} paise back for order {number} and {bought.refunded} arrived"
