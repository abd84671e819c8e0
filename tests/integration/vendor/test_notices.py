"""A vendor is told of a new order once, and only when there is one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from celery.exceptions import OperationalError
from flask import Flask
from sqlalchemy import select, update

from habrio_shared import notify
from habrio_shared.database import db_now, reading, transaction
from habrio_vendor.notices.hand_out import NOTIFY_TASK, hand_out_due
from habrio_vendor.notices.models import Notice
from habrio_vendor.notices.notify import notify_of
from tests.integration.vendor.people import World


class Queue:
    """In the broker's place: what was enqueued, or nothing while it `is_away`."""

    def __init__(self) -> None:
        self.is_away = False
        self.sent: list[tuple[int, int]] = []

    def send_task(self, name: str, args: list[int], **_options: Any) -> None:
        assert name == NOTIFY_TASK
        if self.is_away:
            raise OperationalError("away")
        self.sent.append((args[0], args[1]))


@pytest.fixture
def queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    made = Queue()
    monkeypatch.setitem(app.extensions, "celery", made)
    with app.app_context():
        while hand_out_due():  # what other tests left, a batch at a time
            pass
        made.sent.clear()
        yield made


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Messages that a provider took."""
    messages: list[tuple[str, str, str]] = []
    monkeypatch.setattr(notify, "send", lambda _settings, *message: messages.append(message))
    return messages


def notice(order_id: int) -> Notice | None:
    with reading() as session:
        return session.get(Notice, order_id)


def make_due(order_id: int) -> None:
    with transaction() as session:
        session.execute(update(Notice).where(Notice.order_id == order_id).values(due_at=db_now()))


def test_a_new_order_is_told_of_once_to_its_vendor(
    world: World, queue: Queue, taken: list[tuple[str, str, str]]
) -> None:
    order_id = world.place({world.vendor.add_item(): 2})
    assert (hand_out_due(), hand_out_due()) == (1, 0)
    for task in (*queue.sent, *queue.sent):
        notify_of(*task)
    text = f"Habrio: new order {order_id}, 2 pieces, Rs 21, paid by wallet. Please answer it in the app."
    assert taken == [(world.vendor.phone, text, str(order_id))]
    done = notice(order_id)
    assert done is not None
    assert (done.outcome, done.due_at) == ("sent", None)


def test_an_order_that_comes_twice_or_was_refused_makes_no_other_notice(world: World, queue: Queue) -> None:
    item_id = world.vendor.add_item(stock=1)
    order = world.order({item_id: 1})
    world.consumer.place(order)
    world.consumer.place(order, message_id=f"again:{order.order_id}")
    refused = world.order({item_id: 1})
    assert world.consumer.place(refused)["status"] == "refused"
    hand_out_due()
    assert [order_id for order_id, _ in queue.sent] == [order.order_id]
    assert notice(refused.order_id) is None


def test_an_order_that_was_answered_meanwhile_is_not_told_of(
    world: World, queue: Queue, taken: list[tuple[str, str, str]]
) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    hand_out_due()
    world.vendor.set_status(order_id, "accepted")
    notify_of(*queue.sent[0])
    assert not taken
    done = notice(order_id)
    assert done is not None
    assert done.outcome == "answered before"


def test_with_the_broker_away_a_notice_waits_and_is_not_lost(world: World, queue: Queue) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    queue.is_away = True
    assert hand_out_due() == 0
    queue.is_away = False
    make_due(order_id)
    assert hand_out_due() == 1


def test_a_worker_that_died_leaves_its_notice_to_another_and_comes_too_late_itself(
    world: World, queue: Queue, taken: list[tuple[str, str, str]]
) -> None:
    order_id = world.place({world.vendor.add_item(): 1})
    hand_out_due()
    make_due(order_id)
    hand_out_due()
    late, other = queue.sent
    notify_of(*late)
    assert not taken
    notify_of(*other)
    assert len(taken) == 1


def test_a_message_that_nobody_took_is_due_again_later_until_it_is_given_up(
    world: World, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_message: object) -> None:
        raise notify.NotTaken("json did not take it in 0.1 s")

    monkeypatch.setattr(notify, "send", refuse)
    order_id = world.place({world.vendor.add_item(): 1})
    for tries in range(1, notify.ATTEMPTS_MAX + 1):
        make_due(order_id)
        hand_out_due()
        notify_of(*queue.sent[-1])
        left = notice(order_id)
        assert left is not None
        assert left.claims == tries
        if tries < notify.ATTEMPTS_MAX:
            with reading() as session:
                now = session.execute(select(db_now())).scalar_one()
            assert left.outcome is None
            assert left.due_at is not None
            assert 0 < (left.due_at - now).total_seconds() <= 60
    assert left is not None
    assert left.outcome == "given up"
