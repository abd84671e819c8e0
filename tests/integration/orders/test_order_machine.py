"""Whatever consumer, vendor and timer do, and in whatever order, doubled or late the messages about it arrive: money
and stock are conserved at every moment, and in the end both sides agree. The real services, driven by Hypothesis."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from habrio_consumer.orders.models import Order
from habrio_consumer.returns.models import Return
from habrio_shared import inbox, ledger, outbox
from habrio_shared.contracts.orders import DELIVERED, VendorOrderStatus
from habrio_shared.database import after, reading, transaction
from habrio_shared.ledger.tables import entries
from habrio_shared.outbox.tables import outbox as outbox_rows
from habrio_vendor.items.models import Item
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.rules import may_move
from habrio_vendor.orders.time_out import time_out_due
from habrio_vendor.returns.models import VendorReturn
from tests.integration.consumer.people import Resident
from tests.integration.mechanisms.transports import DirectTransport
from tests.integration.vendor.people import Vendor
from tests.support.books import prove_urls

LOADED_PAISE = 50_000
IN_STOCK = 30
ORDERS = 4
"""Few, so that much happens to each."""
HELD: tuple[VendorOrderStatus, ...] = ("pending", "accepted", "awaiting_consumer_confirmation", "confirmed")

Weather = Literal["fine", "cut", "loses the reply"]
WEATHER: st.SearchStrategy[Weather] = st.sampled_from(("fine", "fine", "cut", "loses the reply"))
"""How the wire is while somebody acts: whatever is not delivered then is delivered by a later step, in any order."""

RICE, TEA = st.integers(2, 4), st.integers(0, 3)
End = Literal["rejected", "delivered", "cancelled", "consumer", "time-out"]
ENDS: tuple[End, ...] = ("rejected", "delivered", "delivered", "cancelled", "consumer", "time-out")

WHICH = st.integers(0, 5)
"""Taken modulo how many there are."""

_names = itertools.count()
_messages = itertools.count()


@dataclass
class Place:
    """Where the machine plays."""

    apps: dict[str, Flask]
    wire: DirectTransport


class Trade(RuleBasedStateMachine):
    """One shop, one resident, some orders."""

    place: Place

    def __init__(self) -> None:
        super().__init__()
        self.order_ids: list[int] = []
        self.wire = self.place.wire
        society = f"Machine {next(_names)} {secrets.token_hex(4)}"
        with self._weather("fine"):
            self.vendor = Vendor(self.place.apps["vendor"], "vendor", society)
            self.vendor.open_shop()
            self.items = [
                self.vendor.add_item(title, price, IN_STOCK) for title, price in (("Rice", 10.5), ("Tea", 21))
            ]
            self.resident = Resident(self.place.apps["consumer"], society)
            self.resident.load(LOADED_PAISE / 100)

    # ---- what people do

    @initialize(rice=RICE, tea=TEA, weather=WEATHER, changed_in=WEATHER, confirmed_in=WEATHER)
    def first_order(self, rice: int, tea: int, weather: Weather, changed_in: Weather, confirmed_in: Weather) -> None:
        """One by wallet, on its way to a confirmed change: by chance alone few orders would come so far."""
        self.order(rice=rice, tea=tea, mode="wallet", weather=weather)
        self.modify_and_confirm(which=self._last(), rice=1, weather=changed_in, answered_in=confirmed_in)

    @initialize(
        rice=RICE, tea=TEA, raised_by=st.sampled_from(("consumer", "vendor")), raised_in=WEATHER, ended_in=WEATHER
    )
    def an_order_that_comes_back(
        self, rice: int, tea: int, raised_by: str, raised_in: Weather, ended_in: Weather
    ) -> None:
        """Another on its way to a return, for the same reason."""
        self.order(rice=rice, tea=tea, mode="wallet", weather="fine")
        self._as_vendor(self._last(), "delivered", "fine")
        self.give_back(
            which=self._last(),
            rice=1,
            raised_by=raised_by,
            ends="return/complete",
            raised_in=raised_in,
            ended_in=ended_in,
        )

    @precondition(lambda self: len(self.order_ids) < ORDERS)
    @rule(rice=RICE, tea=TEA, mode=st.sampled_from(("wallet", "cash")), weather=WEATHER)
    def order(self, rice: int, tea: int, mode: str, weather: Weather) -> None:
        self.resident.post("/consumer/cart/clear")
        for item_id, quantity in zip(self.items, (rice, tea), strict=True):
            if quantity:
                self.resident.post("/consumer/cart/add", {"item_id": item_id, "quantity": quantity})
        with self._weather(weather):
            answer = self.resident.raw("POST", "/consumer/order/confirm", json={"payment_mode": mode})
        assert answer.status_code == (200 if weather == "fine" else 202)
        self.order_ids.append(answer.get_json()["order_id"])

    @rule(which=WHICH, weather=WEATHER)
    def accept(self, which: int, weather: Weather) -> None:
        self._as_vendor(which, "accepted", weather)

    @rule(which=WHICH, rice=st.integers(0, 3), weather=WEATHER, answered_in=WEATHER)
    def modify_and_confirm(self, which: int, rice: int, weather: Weather, answered_in: Weather) -> None:
        self.modify(which=which, rice=rice, weather=weather)
        self._as_consumer(which, "confirm-modified", answered_in)

    @rule(which=WHICH, rice=st.integers(0, 3), weather=WEATHER)
    def modify(self, which: int, rice: int, weather: Weather) -> None:
        """The vendor proposes less rice, if it is less."""
        body = {"modifications": [{"item_id": self.items[0], "quantity": rice}]}
        self._as_vendor(which, "awaiting_consumer_confirmation", weather, body)

    @rule(which=WHICH, weather=WEATHER)
    def confirm(self, which: int, weather: Weather) -> None:
        self._as_consumer(which, "confirm-modified", weather)

    @rule(which=WHICH, end=st.sampled_from(ENDS), weather=WEATHER)
    def end(self, which: int, end: End, weather: Weather) -> None:
        """One rule for all ends, or orders would seldom live long."""
        if end == "time-out":
            self._let_time_run_out(self._one(which))
        elif end == "consumer":
            self._as_consumer(which, "cancel", weather)
        else:
            self._as_vendor(which, end, weather)

    @rule(
        which=WHICH,
        rice=st.integers(1, 2),
        raised_by=st.sampled_from(("consumer", "vendor")),
        ends=st.sampled_from(("return/reject", "return/complete", "return/complete", None)),
        raised_in=WEATHER,
        ended_in=WEATHER,
    )
    def give_back(
        self, which: int, rice: int, raised_by: str, ends: str | None, raised_in: Weather, ended_in: Weather
    ) -> None:
        """Some rice comes back, if the order was delivered: asked for by one side, decided by the vendor."""
        body = {"reason": "Stale", "items": [{"item_id": self.items[0], "quantity": rice}]}
        if raised_by == "consumer":
            self._as_consumer(which, "return/raise", raised_in, body)
            if ends != "return/reject":
                self._about_return(which, "return/accept", raised_in)
        else:
            self._about_return(which, "return/initiate", raised_in, body)
        if ends:
            self._about_return(which, ends, ended_in)

    # ---- what becomes of the messages

    @rule(
        side=st.sampled_from(("consumer", "vendor")), which=WHICH, weather=st.sampled_from(("fine", "loses the reply"))
    )
    def relay(self, side: str, which: int, weather: Weather) -> None:
        """Deliver one message that waits, not necessarily the oldest."""
        waiting = self._waiting(side)
        if waiting:
            self._deliver(side, waiting[which % len(waiting)], weather)

    @rule(which=WHICH, version=WHICH)
    def an_old_word_comes_again(self, which: int, version: int) -> None:
        """A state that was told before, or that waits to be, arrives under another message's id."""
        key = outbox_rows.c.key.like(f"moved:{self._one(which)}:%")
        with self.place.apps["vendor"].app_context(), reading() as session:
            told = session.scalars(select(outbox_rows.c.body).where(key).order_by(outbox_rows.c.id)).all()
        if told:
            with self.place.apps["consumer"].app_context():
                inbox.receive("orders.moved", f"again:{next(_messages)}", told[version % len(told)])

    # ---- what is always so

    @invariant()
    def no_piece_is_lost_or_sold_twice(self) -> None:
        for item_id, (on_hand, reserved) in self._stock().items():
            held = sold = 0
            for order in self._vendor_orders():
                pieces = order.quantities.get(item_id, 0)
                held += pieces if order.status in HELD else 0
                if order.status in DELIVERED:
                    back = [found.quantities.get(item_id, 0) for found in order.returns if found.status == "completed"]
                    sold += pieces - sum(back)
            assert (on_hand, reserved) == (IN_STOCK - sold, held)

    @invariant()
    def no_paisa_is_lost_or_paid_twice(self) -> None:
        """The wallet lacks what the consumer's orders cost that are not undone, and no order was paid and refunded."""
        spent = 0
        for order in self._consumer_orders():
            is_open = order.status not in ("failed", "cancelled", "rejected")
            if is_open and order.payment_mode == "wallet":
                spent += order.total_paise - order.refunded_paise
        with self.place.apps["consumer"].app_context(), reading() as session:
            assert ledger.balance(session, ledger.Account(self._wallet(), 0)) == LOADED_PAISE - spent
            ends = [f"{kind}:{order_id}" for order_id in self.order_ids for kind in ("release", "capture")]
            found = session.scalars(select(entries.c.reference).where(entries.c.id.in_(ends))).all()
        assert len(found) == len(set(found))

    @invariant()
    def both_ledgers_prove_right(self) -> None:
        """Whatever is under way at this moment: the wire cut, words lost, money in flight."""
        assert self._proven().problems == []

    def _proven(self) -> ledger.Whole:
        return prove_urls(*(app.config["SQLALCHEMY_DATABASE_URI"] for app in self.place.apps.values()))

    def teardown(self) -> None:
        self._deliver_all()
        if self.order_ids:
            self._as_vendor(0, "delivered", "cut")  # allowed or not
            self._deliver_all()
        assert self._waiting("consumer") == self._waiting("vendor") == []
        there = {order.order_id: order for order in self._vendor_orders()}
        earned = 0
        for order in self._consumer_orders():
            if order.status != "failed":
                self._assert_both_agree(order, there[order.id])
                if order.status in DELIVERED and order.payment_mode == "wallet":
                    earned += order.total_paise - order.refunded_paise
        assert self.vendor.get("/vendor/wallet")["balance"] == earned / 100
        self.no_piece_is_lost_or_sold_twice()
        self.no_paisa_is_lost_or_paid_twice()
        found = self._proven()
        assert found.problems == []
        assert found.clearing.in_flight_paise == 0

    def _assert_both_agree(self, here: Order, there: VendorOrder) -> None:
        assert (here.status, here.vendor_version, here.changes) == (there.status, there.version, there.changes)
        if there.shop_id is None:
            return  # cancelled before it arrived: the tombstone knows no lines
        assert (here.total_paise, here.final_paise) == (there.total_paise, there.final_paise)
        assert {line.item_id: (line.quantity, line.proposed_quantity) for line in here.lines} == {
            line.item_id: (line.quantity, line.proposed_quantity) for line in there.lines
        }
        decided = {(found.number, found.status, found.refund_paise) for found in there.returns}
        assert self._returns_told(here.id) == decided
        assert here.refunded_paise == there.refunded_paise
        assert [step.version for step in here.timeline] == list(range(1, there.version + 1)), "no step is forgotten"

    # ---- how

    def _as_vendor(
        self, which: int, to: VendorOrderStatus, weather: Weather, body: dict[str, Any] | None = None
    ) -> None:
        """The answer is what the table of moves says, however the wire is."""
        order_id = self._one(which)
        before = next((order for order in self._vendor_orders() if order.order_id == order_id), None)
        verb = {"awaiting_consumer_confirmation": "modify", "cancelled": "cancel"}.get(to, "status")
        with self._weather(weather):
            answer = self.vendor.raw("POST", f"/vendor/orders/{order_id}/{verb}", json=body or {"status": to})
        word = answer.get_json().get("error")
        if before is None or before.shop_id is None:
            assert (answer.status_code, word) == (404, "order_not_found")
        elif not may_move(before.status, "vendor", to):
            assert (answer.status_code, word) == (400, "illegal_move")
        else:
            assert answer.status_code == 200 or word in ("more_than_ordered", "nothing_left", "nothing_changed")

    def _about_return(self, which: int, verb: str, weather: Weather, body: dict[str, Any] | None = None) -> None:
        with self._weather(weather):
            answer = self.vendor.raw("POST", f"/vendor/orders/{self._one(which)}/{verb}", json=body)
        assert answer.status_code in (200, 400, 404), answer.text

    def _as_consumer(self, which: int, verb: str, weather: Weather, body: dict[str, Any] | None = None) -> None:
        with self._weather(weather):
            answer = self.resident.raw("POST", f"/consumer/orders/{self._one(which)}/{verb}", json=body)
        assert answer.status_code in ((200, 400) if weather == "fine" else (200, 202, 400))

    def _let_time_run_out(self, order_id: int) -> None:
        overdue = update(VendorOrder).where(VendorOrder.order_id == order_id, VendorOrder.due_at.is_not(None))
        with self.place.apps["vendor"].app_context():
            with transaction() as session:
                session.execute(overdue.values(due_at=after(-1)))
            time_out_due()

    @contextmanager
    def _weather(self, weather: Weather) -> Iterator[None]:
        self.wire.is_cut = weather == "cut"
        self.wire.loses_replies = 10 if weather == "loses the reply" else 0
        try:
            yield
        finally:
            self.wire.is_cut, self.wire.loses_replies = False, 0

    def _deliver_all(self) -> None:
        for _ in range(3):  # a reply may put what follows from it
            for side in ("consumer", "vendor"):
                for row_id in self._waiting(side):
                    self._deliver(side, row_id, "fine")

    def _deliver(self, side: str, row_id: int, weather: Weather) -> None:
        with self._weather(weather), self.place.apps[side].app_context():
            outbox.deliver(outbox.RowId(row_id))

    def _waiting(self, side: str) -> list[int]:
        """Messages about orders that are still to be delivered; those to auth are nobody's business here."""
        query = select(outbox_rows.c.id).where(outbox_rows.c.done_at.is_(None), outbox_rows.c.target != "auth")
        with self.place.apps[side].app_context(), reading() as session:
            return list(session.scalars(query.order_by(outbox_rows.c.id)))

    def _one(self, which: int) -> int:
        return self.order_ids[which % len(self.order_ids)]

    def _last(self) -> int:
        return len(self.order_ids) - 1

    def _wallet(self) -> str:
        return f"wallet:{self.resident.user_id}"

    def _vendor_orders(self) -> list[VendorOrder]:
        query = select(VendorOrder).where(VendorOrder.order_id.in_(self.order_ids))
        with self.place.apps["vendor"].app_context(), reading() as session:
            lines = selectinload(VendorOrder.returns).selectinload(VendorReturn.lines)
            return list(session.scalars(query.options(selectinload(VendorOrder.lines), lines)))

    def _consumer_orders(self) -> list[Order]:
        query = select(Order).where(Order.user_id == self.resident.user_id)
        with self.place.apps["consumer"].app_context(), reading() as session:
            return list(session.scalars(query.options(selectinload(Order.lines), selectinload(Order.timeline))))

    def _returns_told(self, order_id: int) -> set[tuple[int | None, str, int]]:
        """What the consumer's side knows of the returns that the vendor's has numbered."""
        query = select(Return).where(Return.order_id == order_id, Return.number.is_not(None))
        with self.place.apps["consumer"].app_context(), reading() as session:
            return {(found.number, found.status, found.refund_paise) for found in session.scalars(query)}

    def _stock(self) -> dict[int, tuple[int, int]]:
        query = select(Item.id, Item.on_hand, Item.reserved).where(Item.id.in_(self.items))
        with self.place.apps["vendor"].app_context(), reading() as session:
            return {row.id: (row.on_hand, row.reserved) for row in session.execute(query)}


def test_money_and_stock_are_conserved_and_both_sides_agree_in_the_end(
    apps: dict[str, Flask], wire: DirectTransport
) -> None:
    machine = type("TradeHere", (Trade,), {"place": Place(apps, wire)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    with apps["consumer"].app_context(), reading() as session:
        posted = set(session.scalars(select(entries.c.kind)))
    assert {"hold", "amend", "capture", "refund"} <= posted, "the machine has not been everywhere"
