"""The arithmetic that chaos judges the platform by, judged itself."""

from __future__ import annotations

from tests.chaos.book import AWAITING, FIRST_STEP, Books, OrderBook, expected, fault_of_moves
from tests.chaos.figures import first_orders, percentile, undisturbed
from tests.chaos.strikes import Blow

PRICES = {1: 1050, 2: 2100}


def an_order(mode: str = "wallet") -> OrderBook:
    return OrderBook("resident-1", 7, mode, {1: 4, 2: 1})


def test_an_order_is_judged_by_the_moves_of_both_people_in_the_timelines_order() -> None:
    books, order = Books(), an_order()
    books.enter(5, "proposal", {1: 2})  # the vendor was faster than the resident's answer
    books.placed(5, order, at=1.0)
    books.enter(5, "move", ("confirmed", "consumer"))
    books.enter(5, "move", ("delivered", "vendor"))
    timeline = [FIRST_STEP, (AWAITING, "vendor"), ("confirmed", "consumer"), ("delivered", "vendor")]
    assert fault_of_moves(order, timeline) is None
    stands = expected(order, timeline, {1: 1}, PRICES)
    assert (stands.charged, stands.paid_paise, stands.earned_paise) == ({1: 2, 2: 1}, 3150, 3150)
    assert stands.taken == {1: 1, 2: 1}
    assert books.strangers() == []


def test_a_proposal_shows_and_costs_nothing_until_it_is_confirmed() -> None:
    order = an_order()
    order.proposals.append({2: 0})
    stands = expected(order, [FIRST_STEP, (AWAITING, "vendor")], {}, PRICES)
    assert (stands.shown, stands.charged, stands.paid_paise) == ({1: 4}, {1: 4, 2: 1}, 6300)


def test_a_cancelled_order_and_a_cash_order_cost_the_wallet_nothing() -> None:
    cancelled = expected(an_order(), [FIRST_STEP, ("cancelled", "consumer")], {}, PRICES)
    assert (cancelled.paid_paise, cancelled.taken) == (0, {})
    delivered = expected(an_order("cash"), [FIRST_STEP, ("delivered", "vendor")], {}, PRICES)
    assert (delivered.paid_paise, delivered.earned_paise, delivered.taken) == (0, 0, {1: 4, 2: 1})


def test_a_move_that_nobody_made_or_that_is_missing_is_a_fault() -> None:
    order = an_order()
    assert fault_of_moves(order, [FIRST_STEP, ("delivered", "vendor")]) is not None
    order.moves["delivered", "vendor"] += 1
    assert fault_of_moves(order, [FIRST_STEP, ("delivered", "vendor")]) is None
    assert fault_of_moves(order, [FIRST_STEP]) is not None
    assert fault_of_moves(order, [FIRST_STEP, FIRST_STEP, ("delivered", "vendor")]) is not None
    assert fault_of_moves(an_order(), [FIRST_STEP, ("cancelled", "timer")]) is None
    assert fault_of_moves(an_order(), [FIRST_STEP, ("delivered", "timer")]) is not None


def test_an_order_may_be_cancelled_before_it_arrives_and_never_begins_otherwise() -> None:
    order = an_order()
    order.moves["cancelled", "consumer"] += 1
    assert fault_of_moves(order, [("cancelled", "consumer")]) is None
    order = an_order()
    order.moves["rejected", "vendor"] += 1
    assert fault_of_moves(order, [("rejected", "vendor")]) is not None


def test_a_lag_counts_as_the_platforms_own_only_when_nothing_was_struck_meanwhile() -> None:
    assert undisturbed([(10, 0.1), (20, 0.1), (19.5, 9)], [(20, 25)]) == [0.1]
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile([], 0.5) is None


def test_the_first_order_after_the_databases_return_is_measured_from_that_return() -> None:
    blows = [Blow("kill-postmaster", "postgres", 10, 2), Blow("kill-worker", "vendor", 30, 1)]
    assert first_orders(blows, [11.5, 13.5, 31.2]) == [1.5]
