"""A vendor service that takes returns, around the double that places and cancels."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from habrio_shared.contracts.orders import ReturnLine, ReturnState, VendorOrderState, VendorOrderStatus
from habrio_shared.contracts.returns import RaiseReturn, ReturnDecided, ReturnFault
from tests.integration.consumer.people import World


class Returns:
    """Stands between the wire and the vendor's double: `orders.raise_return` ends here, all else there.

    Every change writes a new state into the double's `history`; who tells it is the test. `refuses_with`, if set, is
    the answer to every wish.
    """

    def __init__(self, world: World) -> None:
        self.refuses_with: ReturnFault | None = None
        self._vendor = world.vendor
        self._replies: dict[str, dict[str, Any]] = {}
        self._lock = threading.RLock()
        world.wire._vendor = self  # type: ignore[assignment]  # it has what the wire asks of a vendor

    @property
    def is_away(self) -> bool:
        return self._vendor.is_away

    def receive(self, kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """The reply to a message; the stored one to a repeat."""
        if kind != "orders.raise_return":
            return self._vendor.receive(kind, key, body)
        with self._lock:
            if key not in self._replies:
                self._replies[key] = self._decide(RaiseReturn.model_validate(body)).model_dump(mode="json")
            return self._replies[key]

    def last(self, order_id: int) -> VendorOrderState:
        return self._vendor.history[order_id][-1]

    def initiate(self, order_id: int, quantities: Mapping[int, int]) -> VendorOrderState:
        """A return of the vendor's own, which is accepted at once; not told."""
        lines = [ReturnLine(item_id=item_id, quantity=quantity) for item_id, quantity in quantities.items()]
        return self._write(self._added(order_id, lines, status="accepted", by="vendor"), "return_accepted")

    def accept(self, order_id: int) -> VendorOrderState:
        return self._write(self._changed(order_id, status="accepted"), "return_accepted")

    def reject(self, order_id: int) -> VendorOrderState:
        return self._write(self._changed(order_id, status="rejected"), None)

    def complete(self, order_id: int, *, refund_paise: int = 0) -> VendorOrderState:
        return self._write(self._changed(order_id, status="completed", refund_paise=refund_paise), "return_completed")

    def _decide(self, wish: RaiseReturn) -> ReturnDecided:
        if self.refuses_with:
            return ReturnDecided(state=self.last(wish.order_id), fault=self.refuses_with)
        new = self._added(wish.order_id, wish.lines, status="raised", by="consumer", wish_id=wish.wish_id)
        return ReturnDecided(state=self._write(new, None))

    def _added(self, order_id: int, lines: list[ReturnLine], **facts: Any) -> VendorOrderState:
        before = self.last(order_id)
        given = {"number": len(before.returns) + 1, "reason": "Broken", "raised_at": datetime.now(UTC), "lines": lines}
        new = ReturnState.model_validate({**given, **facts})
        return before.model_copy(update={"returns": [*before.returns, new]})

    def _changed(self, order_id: int, **facts: Any) -> VendorOrderState:
        before = self.last(order_id)
        *earlier, last = before.returns
        return before.model_copy(update={"returns": [*earlier, last.model_copy(update=facts)]})

    def _write(self, state: VendorOrderState, to: VendorOrderStatus | None) -> VendorOrderState:
        changes: dict[str, Any] = {"returns_version": state.returns_version + 1}
        if to is not None:
            changes |= {"status": to, "version": state.version + 1, "by": "vendor", "at": datetime.now(UTC)}
        written = state.model_copy(update=changes)
        self._vendor.history[state.order_id].append(written)
        return written


def delivered(world: World, mode: str = "wallet", *, quantity: int = 4) -> int:
    """The id of an order of so much rice (10.50 each) that was delivered."""
    order_id = world.placed(mode, quantity=quantity)
    world.vendor.move_and_tell(order_id, "delivered")
    return order_id


def wanted(quantities: Mapping[int, object], reason: object = "Broken") -> dict[str, object]:
    """A body for `return/raise`."""
    return {"reason": reason, "items": [{"item_id": item_id, "quantity": n} for item_id, n in quantities.items()]}


def raise_return(world: World, order_id: int, quantity: int = 1, *, expect: int = 200, key: str = "") -> dict[str, Any]:
    """The resident asks for so much rice to go back."""
    headers = {"Idempotency-Key": key} if key else None
    body = wanted({world.rice: quantity})
    return world.resident.post(f"/consumer/orders/{order_id}/return/raise", body, expect=expect, headers=headers)


def states(world: World, order_id: int) -> list[str]:
    return [known["status"] for known in world.resident.order(order_id)["returns"]]
