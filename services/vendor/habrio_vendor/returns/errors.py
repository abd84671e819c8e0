"""How a vendor's call about a return can fail."""

from __future__ import annotations

from habrio_shared.contracts.orders import ReturnStatus, VendorOrderStatus
from habrio_shared.contracts.returns import ReturnFault, sentence
from habrio_shared.errors import BadRequest


class BadReturn(BadRequest):
    """These pieces may not come back; the word says why."""

    word = "bad_return"
    sentence = (
        "These pieces cannot be returned; `error` is return_open, unknown_item, repeated_item, more_than_delivered or "
        "too_often_rejected"
    )

    def __init__(self, fault: ReturnFault, status: VendorOrderStatus) -> None:
        super().__init__(sentence(fault, status))
        self.word = fault


class IllegalReturnMove(BadRequest):
    """The state of the order's last return forbids the move; the message names the states."""

    word = "illegal_move"
    sentence = "The state of the order's return does not allow this"

    def __init__(self, status: VendorOrderStatus, last: ReturnStatus | None, to: ReturnStatus) -> None:
        if last is None:
            super().__init__(f"An order that is {status} and has no return cannot have one {to}")
        else:
            super().__init__(f"The order is {status}: its last return, which is {last}, cannot become {to}")


class NotSettled(BadRequest):
    """The order's own money is still on its way from the consumer service."""

    word = "not_settled"
    sentence = "The money of this order has not reached your wallet yet; please try again in a moment"


class TooLittleMoney(BadRequest):
    word = "insufficient_balance"
    sentence = "There is not enough money in your wallet to refund this return"
