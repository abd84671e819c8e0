"""Returns of the test world's orders, as its consumer and its vendor ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from habrio_shared import ledger
from habrio_shared.contracts.orders import ReturnLine
from habrio_shared.contracts.returns import RaiseReturn
from habrio_shared.database import reading, transaction
from habrio_vendor.wallet.models import COMMISSION, DUE_FROM_CONSUMER, wallet
from tests.integration.vendor.people import World, new_id


def delivered(world: World, quantities: Mapping[int, int], **fields: Any) -> int:
    """The id of an order that is delivered, and paid if by wallet."""
    order_id = world.place(quantities, **fields)
    world.vendor.set_status(order_id, "delivered")
    return order_id


def raise_return(
    world: World, order_id: int, quantities: Mapping[int, int], *, wish_id: int = 0, message_id: str = ""
) -> dict[str, Any]:
    """What the vendor service answers to a consumer's wish."""
    wish_id = wish_id or new_id()
    lines = [ReturnLine(item_id=item_id, quantity=quantity) for item_id, quantity in quantities.items()]
    body = RaiseReturn(order_id=order_id, wish_id=wish_id, reason="Broken", lines=lines).model_dump(mode="json")
    return world.consumer.tell("orders.raise_return", message_id or f"return:{wish_id}", body)


def raised(world: World, order_id: int, quantities: Mapping[int, int]) -> None:
    """A return that the consumer raised and that was taken."""
    assert raise_return(world, order_id, quantities)["fault"] is None


def asked(quantities: Mapping[int, object], reason: object = "Wrong item sent") -> dict[str, object]:
    """A body for `initiate`."""
    return {"reason": reason, "items": [{"item_id": item_id, "quantity": n} for item_id, n in quantities.items()]}


def act(world: World, order_id: int, verb: str, body: object = None, *, key: str = "") -> TestResponse:
    """accept, reject, complete or initiate, whatever the answer."""
    headers = {"Idempotency-Key": key} if key else {}
    return world.vendor.raw("POST", f"/vendor/orders/{order_id}/return/{verb}", json=body, headers=headers)


def do(world: World, order_id: int, *verbs: str) -> None:
    """These in turn, each of which succeeds."""
    for verb in verbs:
        answer = act(world, order_id, verb)
        assert answer.status_code == 200, answer.text


def refused(world: World, order_id: int, verb: str, body: object = None) -> dict[str, Any]:
    """The 400 that it is answered with."""
    answer = act(world, order_id, verb, body)
    assert answer.status_code == 400, answer.text
    envelope: dict[str, Any] = answer.get_json()
    return envelope


def order_of(world: World, order_id: int) -> dict[str, Any]:
    return next(order for order in world.vendor.orders() if order["order_id"] == order_id)


def states(world: World, order_id: int) -> list[str]:
    """The states of the order's returns, the first one first."""
    return [known["status"] for known in order_of(world, order_id)["returns"]]


def money(world: World) -> tuple[int, int, int]:
    """(the vendor's wallet, what all commissions are, what is due from consumers), in paise."""
    with world.app.app_context(), reading() as session:
        accounts = wallet(world.vendor.user_id), COMMISSION, DUE_FROM_CONSUMER
        held, kept, due = (ledger.balance(session, account) for account in accounts)
    return held, kept, due


def spend(world: World, amount_paise: int) -> None:
    """So much of the vendor's money leaves the wallet, as by a payout. InsufficientFunds."""
    paid = ledger.Entry(
        id=f"spent:{new_id()}",
        kind="spent",
        postings=ledger.moves((wallet(world.vendor.user_id), ledger.Account("elsewhere"), amount_paise)),
    )
    with world.app.app_context(), transaction() as session:
        ledger.post(session, paid)
