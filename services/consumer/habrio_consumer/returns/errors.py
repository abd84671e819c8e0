"""How raising a return can fail."""

from __future__ import annotations

from habrio_consumer.orders.rules import OrderStatus, status_shown
from habrio_shared.contracts.returns import ReturnFault, sentence
from habrio_shared.errors import BadRequest


class ReturnRefused(BadRequest):
    """These pieces may not come back; the word says why, and the message names the order's state where that is why."""

    word = "return_refused"
    sentence = (
        "These pieces cannot be returned; `error` is illegal_move, return_open, unknown_item, repeated_item, "
        "more_than_delivered or too_often_rejected"
    )

    def __init__(self, fault: ReturnFault, status: OrderStatus) -> None:
        super().__init__(sentence(fault, status_shown(status)))
        self.word = fault
