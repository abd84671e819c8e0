"""The vendor service as its contract has it: one row an order, a version that grows, replies that are kept."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from habrio_shared.contracts.catalogue import QuotedItem
from habrio_shared.contracts.orders import (
    CancelOrder,
    ConfirmChange,
    LineState,
    OrderLine,
    PlaceOrder,
    Refusal,
    RefusalWord,
    RefusedLine,
    VendorOrderState,
    VendorOrderStatus,
)
from tests.support.signed import service

_messages = itertools.count(1)

OPEN = ("pending", "accepted", "awaiting_consumer_confirmation", "confirmed")
VENDOR_PHONE = "+919700000001"


def item(item_id: int, title: str, **facts: Any) -> QuotedItem:
    """An item on sale: 10 rupees, 50 in stock, unless `facts` say otherwise."""
    usual = {
        "brand": "Asha",
        "image_url": f"https://img.example/{item_id}.png",
        "unit": "kg",
        "pack_size": "1 kg",
        "price_paise": 1000,
        "mrp_paise": None,
        "in_stock": 50,
        "available": True,
        "shop_id": 1,
        "shop_name": "Asha General Store",
        "shop_type": "grocery",
        "shop_is_open": True,
    }
    return QuotedItem.model_validate({**usual, "item_id": item_id, "title": title, **facts})


class VendorDouble:
    """Items, orders and the inbox of a vendor service; `told` are PLACE bodies by order, `history` all states by it.

    `refuses_with`, if set, is its answer to every order; `noted` are the messages that it only takes down.
    """

    def __init__(self, app: Flask) -> None:
        self.items: dict[int, QuotedItem] = {}
        self.told: dict[int, PlaceOrder] = {}
        self.history: dict[int, list[VendorOrderState]] = {}
        self.is_away = False
        self.refuses_with: Refusal | None = None
        self.noted: list[tuple[str, dict[str, Any]]] = []
        self._replies: dict[str, dict[str, Any]] = {}
        self._lock = threading.RLock()
        self._signed = service(app, "vendor")

    def offer(self, offered: QuotedItem) -> QuotedItem:
        self.items[offered.item_id] = offered
        return offered

    def change(self, item_id: int, **facts: Any) -> None:
        self.items[item_id] = self.items[item_id].model_copy(update=facts)

    def receive(self, kind: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """The reply to a message; the stored one to a repeat."""
        with self._lock:
            if key not in self._replies:
                handlers = {
                    "orders.place": self._place,
                    "orders.cancel": self._cancel,
                    "orders.confirm_change": self._confirm,
                }
                handler = handlers.get(kind)
                self._replies[key] = handler(body).model_dump(mode="json") if handler else self._note(kind, body)
            return self._replies[key]

    def move(self, order_id: int, to: VendorOrderStatus, *, by: str = "vendor", reason: str = "") -> VendorOrderState:
        """Move an order on without telling anybody."""
        with self._lock:
            last = self.history[order_id][-1]
            assert last.status in OPEN, f"{last.status} is final"
            assert last.status != "awaiting_consumer_confirmation" or to == "cancelled", "its consumer has to answer"
            if to in ("cancelled", "rejected"):
                self._give_back(last.lines)
            return self._write(order_id, to, by, reason=reason)

    def modify(self, order_id: int, quantities: dict[int, int]) -> VendorOrderState:
        """Propose so many pieces without telling anybody."""
        with self._lock:
            last = self.history[order_id][-1]
            assert last.status in ("pending", "accepted", "confirmed"), f"{last.status} cannot be changed"
            lines = [line.model_copy(update={"proposed_quantity": quantities.get(line.item_id)}) for line in last.lines]
            return self._write(order_id, "awaiting_consumer_confirmation", "vendor", lines=lines)

    def modify_and_tell(self, order_id: int, quantities: dict[int, int]) -> None:
        self.tell(self.modify(order_id, quantities))

    def tell(self, state: VendorOrderState, *, message_id: str = "") -> int:
        """Tell the consumer service of a state, as MOVED does; what it says is captured (paise)."""
        response = self._signed.request(
            "POST",
            "/internal/messages/orders.moved",
            json=state.model_dump(mode="json"),
            headers={"X-Message-Id": message_id or f"moved:{state.order_id}:{state.version}:{next(_messages)}"},
        )
        assert response.status_code == 200, response.text
        return int(response.get_json()["reply"]["captured_paise"])

    def say(self, kind: str, body: dict[str, Any], *, message_id: str = "") -> None:
        """Send the consumer service a message that it only takes down."""
        headers = {"X-Message-Id": message_id or f"say:{next(_messages)}"}
        response = self._signed.request("POST", f"/internal/messages/{kind}", json=body, headers=headers)
        assert response.status_code == 200, response.text

    def move_and_tell(self, order_id: int, to: VendorOrderStatus) -> int:
        return self.tell(self.move(order_id, to))

    def _place(self, body: dict[str, Any]) -> VendorOrderState:
        wanted = PlaceOrder.model_validate(body)
        if wanted.order_id in self.history:
            return self.history[wanted.order_id][-1]
        self.told[wanted.order_id] = wanted
        why_not = self._refusal(wanted.lines)
        if why_not is not None:
            return self._write(wanted.order_id, "refused", "vendor", refusal=why_not)
        for line in wanted.lines:
            self.change(line.item_id, in_stock=self.items[line.item_id].in_stock - line.quantity)
        return self._write(wanted.order_id, "pending", "consumer")

    def _note(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        self.noted.append((kind, body))
        return {}

    def _cancel(self, body: dict[str, Any]) -> VendorOrderState:
        wanted = CancelOrder.model_validate(body)
        if wanted.order_id not in self.history:
            return self._write(wanted.order_id, "cancelled", "consumer", reason=wanted.reason)
        if self.history[wanted.order_id][-1].status in OPEN:
            return self.move(wanted.order_id, "cancelled", by="consumer", reason=wanted.reason)
        return self.history[wanted.order_id][-1]

    def _confirm(self, body: dict[str, Any]) -> VendorOrderState:
        wanted = ConfirmChange.model_validate(body)
        last = self.history[wanted.order_id][-1]
        if (last.status, last.changes + 1) != ("awaiting_consumer_confirmation", wanted.change):
            return last
        lines = []
        for line in last.lines:
            left = line.quantity if line.proposed_quantity is None else line.proposed_quantity
            self.change(line.item_id, in_stock=self.items[line.item_id].in_stock + line.quantity - left)
            lines.append(LineState(item_id=line.item_id, quantity=left))
        return self._write(wanted.order_id, "confirmed", "consumer", lines=lines, changes=wanted.change)

    def _refusal(self, lines: list[OrderLine]) -> Refusal | None:
        def refused(word: RefusalWord, wrong: list[OrderLine]) -> Refusal:
            offers = [(line, self.items[line.item_id]) for line in wrong]
            return Refusal(
                word=word,
                message=f"Refused: {word}",
                lines=[
                    RefusedLine(
                        item_id=line.item_id, title=now.title, price_paise=now.price_paise, available=now.in_stock
                    )
                    for line, now in offers
                ],
            )

        if self.refuses_with:
            return self.refuses_with
        if any(not self.items[line.item_id].shop_is_open for line in lines):
            return refused("shop_closed", [])
        if gone := [line for line in lines if not self.items[line.item_id].available]:
            return refused("item_unavailable", gone)
        if dearer := [line for line in lines if self.items[line.item_id].price_paise != line.unit_price_paise]:
            return refused("price_changed", dearer)
        if short := [line for line in lines if self.items[line.item_id].in_stock < line.quantity]:
            return refused("not_enough_stock", short)
        return None

    def _give_back(self, lines: list[LineState]) -> None:
        for line in lines:
            self.change(line.item_id, in_stock=self.items[line.item_id].in_stock + line.quantity)

    def _write(self, order_id: int, status: VendorOrderStatus, by: str, **facts: Any) -> VendorOrderState:
        states = self.history.setdefault(order_id, [])
        given = {"order_id": order_id, "status": status, "version": len(states) + 1, "by": by, "at": datetime.now(UTC)}
        content = {"vendor_phone": VENDOR_PHONE, **self._content(order_id, facts)}
        state = VendorOrderState.model_validate({**given, **content})
        states.append(state)
        return state

    def _content(self, order_id: int, facts: dict[str, Any]) -> dict[str, Any]:
        """Lines and totals as they stood before, unless `facts` say otherwise; a proposal lasts for one state."""
        before = self.history[order_id][-1:]
        lines: list[LineState] = facts.get("lines") or [
            line.model_copy(update={"proposed_quantity": None}) for state in before for line in state.lines
        ]
        prices = {line.item_id: line.unit_price_paise for line in self._lines_told(order_id)}
        if not before:
            told = self._lines_told(order_id)
            lines = [LineState(item_id=line.item_id, quantity=line.quantity) for line in told]
        shown = {
            line.item_id: line.quantity if line.proposed_quantity is None else line.proposed_quantity for line in lines
        }
        return {
            "changes": before[0].changes if before else 0,
            "total_paise": sum(line.quantity * prices[line.item_id] for line in lines),
            "final_paise": sum(quantity * prices[item_id] for item_id, quantity in shown.items()),
            **facts,
            "lines": lines,
        }

    def _lines_told(self, order_id: int) -> list[OrderLine]:
        return self.told[order_id].lines if order_id in self.told else []
