"""A payment is written down, charged outside every transaction, and credited once, whatever fails on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from habrio_consumer.wallet.errors import PaymentDeclined
from habrio_consumer.wallet.models import Payment
from habrio_consumer.wallet.provider import Sandbox
from habrio_consumer.wallet.tasks import finish_payments
from habrio_shared.database import after, in_transaction, reading, transaction
from habrio_shared.errors import Unavailable
from tests.integration.consumer.people import World

KEY = {"Idempotency-Key": "load-1"}


class Bank:
    """A payment provider: `taken` by payment id is the money that it took; `before` and `after` may raise."""

    def __init__(self) -> None:
        self.taken: dict[str, int] = {}
        self.asked: list[str] = []
        self.before: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None

    def charge(self, payment_id: str, user_id: int, amount_paise: int) -> None:
        assert user_id > 0
        assert not in_transaction(), "nothing leaves the process inside a transaction"
        self.asked.append(payment_id)
        self.before()
        self.taken.setdefault(payment_id, amount_paise)
        self.after()


def fails(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bank]:
    found = Bank()

    def charge(_sandbox: Sandbox, payment_id: str, user_id: int, amount_paise: int) -> None:
        found.charge(payment_id, user_id, amount_paise)

    monkeypatch.setattr(Sandbox, "charge", charge)
    yield found


def payment(world: World, payment_id: str) -> Payment:
    with world.app.app_context(), reading() as session:
        return session.get_one(Payment, payment_id)


def finish_what_is_old(world: World) -> int:
    """The task, once what the resident asked for is more than a minute old."""
    with world.app.app_context():
        with transaction() as session:
            mine = update(Payment).where(Payment.user_id == world.resident.user_id)
            session.execute(mine.values(requested_at=after(-61)))
        return int(finish_payments())


def test_a_payment_is_charged_once_and_credited_once(world: World, bank: Bank) -> None:
    answer = world.resident.post("/consumer/wallet/load", {"amount": 50.5, "reference": "upi-1"})
    assert answer["balance"] == 50.5
    assert bank.taken == {answer["payment_id"]: 5050}
    row = payment(world, answer["payment_id"])
    assert (row.status, row.provider, row.reference) == ("credited", "sandbox", "upi-1")
    assert finish_what_is_old(world) == 0
    assert world.resident.movements() == [("recharge", 50.5)]


def test_a_payment_whose_request_died_after_the_charge_is_credited_by_the_task(world: World, bank: Bank) -> None:
    bank.after = fails(RuntimeError("the process dies"))
    world.resident.post("/consumer/wallet/load", {"amount": 50}, expect=500)
    bank.after = lambda: None
    (payment_id,) = bank.taken
    assert (payment(world, payment_id).status, world.resident.balance()) == ("requested", 0)
    with world.app.app_context():
        assert finish_payments() == 0, "a request may still be at it"
    assert finish_what_is_old(world) == 1
    assert finish_what_is_old(world) == 0
    assert (bank.taken, world.resident.balance()) == ({payment_id: 5000}, 50)


def test_a_repeat_with_the_same_key_goes_on_with_the_same_payment(world: World, bank: Bank) -> None:
    bank.after = fails(RuntimeError("the process dies"))
    world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=KEY, expect=500)
    bank.after = lambda: None
    answer = world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=KEY)
    world.resident.load(1)
    assert world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=KEY) == answer
    assert (bank.taken[answer["payment_id"]], world.resident.balance()) == (5000, 51)


def test_without_the_providers_word_it_is_202_and_finished_later(world: World, bank: Bank) -> None:
    bank.before = fails(Unavailable("the bank is away"))
    answer = world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=KEY, expect=202)
    assert answer["balance"] == 0
    assert world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=KEY, expect=202) == answer
    assert finish_what_is_old(world) == 0
    bank.before = lambda: None
    assert finish_what_is_old(world) == 1
    assert world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=KEY)["balance"] == 50
    assert world.resident.movements() == [("recharge", 50)]


def test_a_declined_payment_is_400_credits_nothing_and_frees_its_key(world: World, bank: Bank) -> None:
    bank.before = fails(PaymentDeclined())
    refused = world.resident.post("/consumer/wallet/load", {"amount": 50}, headers=KEY, expect=400)
    assert refused["error"] == "payment_declined"
    assert (payment(world, bank.asked[0]).status, world.resident.balance()) == ("failed", 0)
    bank.before = lambda: None
    assert finish_what_is_old(world) == 0, "what failed is over"
    assert world.resident.post("/consumer/wallet/load", {"amount": 60}, headers=KEY)["balance"] == 60
    assert len(bank.taken) == 1


def test_a_payment_that_is_declined_when_asked_again_is_over(world: World, bank: Bank) -> None:
    bank.before = fails(Unavailable())
    payment_id = world.resident.post("/consumer/wallet/load", {"amount": 50}, expect=202)["payment_id"]
    bank.before = fails(PaymentDeclined())
    assert finish_what_is_old(world) == 1
    assert (payment(world, payment_id).status, world.resident.balance()) == ("failed", 0)


def test_one_key_at_once_is_one_payment(world: World, bank: Bank) -> None:
    def load(_number: int) -> int:
        return world.resident.raw("POST", "/consumer/wallet/load", json={"amount": 50}, headers=KEY).status_code

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(load, range(4))) == {200}
    assert (len(bank.taken), world.resident.balance()) == (1, 50)
    assert world.resident.movements() == [("recharge", 50)]
