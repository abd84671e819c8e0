"""The reckoning: every book against what the API says of every order, wallet and item."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.chaos.administrator import Administrator
from tests.chaos.book import NOTED_IN_CHAT, Books, OrderBook, Pieces, Step, expected, fault_of_moves, paise
from tests.chaos.client import Tally
from tests.chaos.resident import Resident
from tests.chaos.shopkeeper import Shopkeeper
from tests.support.client import Phone

AT_ONCE = 8
PAGE = 100
MARKS = {"verify": "verified", "feature": "featured"}


class Audit:
    """Reads everything once; differences are violations."""

    def __init__(
        self,
        books: Books,
        tally: Tally,
        residents: Sequence[Resident],
        shopkeepers: Sequence[Shopkeeper],
        administrator: Administrator,
    ) -> None:
        self._books = books
        self._tally = tally
        self._residents = {resident.name: resident for resident in residents}
        self._shopkeepers = {keeper.shop_id: keeper for keeper in shopkeepers}
        self._administrator = administrator
        self._paid: Counter[str] = Counter()
        self._earned: Counter[int] = Counter()
        self._taken: Counter[int] = Counter()
        self._adding = threading.Lock()

    def run(self) -> None:
        """Orders first: what they must have moved is then compared with wallets and stock."""
        for person in [*self._residents.values(), *self._shopkeepers.values(), self._administrator]:
            person.sign_in()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            theirs = dict(
                pair for found in pool.map(self._vendors_orders, self._shopkeepers.values()) for pair in found
            )
            for faults in pool.map(
                lambda pair: list(self._order(pair[0], pair[1], theirs)), self._books.orders.items()
            ):
                self._note(faults)
            for faults in pool.map(lambda resident: list(self._history(resident)), self._residents.values()):
                self._note(faults)
        for stranger in self._books.strangers():
            self._tally.violation(f"order {stranger} was moved and belongs to nobody")
        for stranger in theirs.keys() - self._books.orders.keys():
            self._tally.violation(f"order {stranger} is the vendor's, and nobody was told that he placed it")
        for keeper in self._shopkeepers.values():
            self._note(self._shop(keeper))
        self._note(self._acts())

    def _note(self, faults: Sequence[str] | Iterator[str]) -> None:
        for fault in faults:
            self._tally.violation(fault)

    def _vendors_orders(self, keeper: Shopkeeper) -> list[tuple[int, dict[str, Any]]]:
        return [(order["order_id"], order) for order in _pages(keeper.phone, "/vendor/orders", "orders", PAGE)]

    def _order(self, order_id: int, book: OrderBook, theirs: dict[int, dict[str, Any]]) -> Iterator[str]:
        resident = self._residents[book.resident]
        seen = resident.phone.get(f"/consumer/orders/{order_id}")["order"]
        timeline = [(step["status"], step["by"]) for step in seen["timeline"]]
        fault = fault_of_moves(book, timeline) if timeline else "it is still being placed"
        if fault:
            yield f"order {order_id}: {fault}"
            return
        yield from (f"order {order_id}: {fault}" for fault in _faults_of_returns(book, seen))
        back = _completed(seen)
        wanted = expected(book, timeline, back, self._books.prices_paise)
        with self._adding:
            self._paid[book.resident] += wanted.paid_paise
            self._earned[book.shop_id] += wanted.earned_paise
            self._taken.update(wanted.taken)
        cost = {
            name: sum(self._books.prices_paise[item] * number for item, number in pieces.items())
            for name, pieces in (("total_amount", wanted.charged), ("final_amount", wanted.shown))
        }
        never_arrived = timeline == [("cancelled", "consumer")]
        for side, view in (("consumer", seen), ("vendor", theirs.get(order_id))):
            if view is None:
                if not never_arrived:
                    yield f"order {order_id} is not in the vendor's list"
                continue
            shown = {line["item_id"]: line["quantity"] for line in view["items"]}
            amounts = {name: paise(view[name]) for name in cost}
            if (view["status"], shown, amounts) != (wanted.status, wanted.shown, cost):
                yield f"order {order_id}, {side}'s side: {view['status']} {shown} {amounts}, and not {wanted} {cost}"
        yield from self._talk(order_id, book, timeline)

    def _talk(self, order_id: int, book: OrderBook, timeline: list[Step]) -> Iterator[str]:
        """Each text that was acknowledged stands on both sides once, beside what moves leave there."""
        if not book.said:
            return
        notes = sum(status in NOTED_IN_CHAT for status, _ in timeline)
        resident, keeper = self._residents[book.resident], self._shopkeepers[book.shop_id]
        for phone, path in ((resident.phone, "consumer"), (keeper.phone, "vendor")):
            messages = list(_pages(phone, f"/{path}/orders/{order_id}/messages", "messages", PAGE))
            texts = Counter(message["message"] for message in messages)
            if book.said - texts or texts.total() != book.said.total() + notes:
                yield f"order {order_id}: the {path} reads {dict(texts)}, said was {dict(book.said)}, noted {notes}"

    def _history(self, resident: Resident) -> Iterator[str]:
        """No order that nobody was told of, none refused that shows; and the wallet, to the paisa."""
        listed = {order["order_id"] for order in _pages(resident.phone, "/consumer/order/history", "orders", 200)}
        mine = {order_id for order_id, book in self._books.orders.items() if book.resident == resident.name}
        if listed != mine:
            yield f"{resident.name} sees orders {sorted(listed - mine)} too many and lacks {sorted(mine - listed)}"
        has = paise(resident.phone.get("/consumer/wallet")["balance"])
        wanted = self._books.loaded_paise[resident.name] - self._paid[resident.name]
        if has != wanted:
            yield f"{resident.name} has {has} paise and should have {wanted}"

    def _shop(self, keeper: Shopkeeper) -> Iterator[str]:
        has = paise(keeper.phone.get("/vendor/wallet")["balance"])
        wanted = self._earned[keeper.shop_id] - self._books.withdrawn_paise[keeper.shop_id]
        if has != wanted:
            yield f"{keeper.name} has {has} paise and should have {wanted}"
        for item in keeper.phone.get("/vendor/item/my", limit=PAGE)["data"]:
            left = self._books.stocked[item["id"]] - self._taken[item["id"]]
            if item["quantity_in_stock"] != left:
                yield f"item {item['id']} can be sold {item['quantity_in_stock']} times and should {left} times"

    def _acts(self) -> Iterator[str]:
        """Each act that was acknowledged is on record as done, once, and nothing else is; what was marked stays so."""
        admin = self._administrator
        entries = _pages(admin.phone, "/admin/audit", "entries", PAGE)
        done = Counter((entry["action"], entry["target"]) for entry in entries if entry["step"] == "done")
        if done != admin.acknowledged:
            yield f"acts done without being acknowledged: {dict(done - admin.acknowledged)}"
            yield f"acts acknowledged that are not on record: {dict(admin.acknowledged - done)}"
        for (shop_id, word), value in admin.marks.items():
            shop = admin.phone.get(f"/admin/shops/{shop_id}")["shop"]
            if shop[MARKS[word]] != value:
                yield f"shop {shop_id} is {MARKS[word]} {shop[MARKS[word]]}, and {value} was acknowledged"


def _faults_of_returns(book: OrderBook, seen: dict[str, Any]) -> Iterator[str]:
    """Every return was asked for, each that was asked for is there, and as many went each way as were sent there."""
    returns = [known for known in seen["returns"] if known["status"] != "refused"]
    there: Counter[tuple[str, tuple[tuple[int, int], ...]]] = Counter(
        (known["by"], tuple((line["item_id"], line["quantity"]) for line in known["items"])) for known in returns
    )
    if there != book.asked_back:
        yield f"returns {dict(there)}, asked for were {dict(book.asked_back)}"
    ways = Counter(known["status"] for known in returns)
    if (ways["completed"], ways["rejected"]) != (book.moves["return_completed", "vendor"], book.rejected_returns):
        yield f"returns ended as {dict(ways)}, and not as {dict(book.moves)} and {book.rejected_returns} rejected"
    if book.rating is not None and (seen["rating"] or {}).get("rating") != book.rating:
        yield f"the rating is {seen['rating']}, given was {book.rating}"


def _completed(seen: dict[str, Any]) -> Pieces:
    back: Counter[int] = Counter()
    for known in seen["returns"]:
        if known["status"] == "completed":
            back.update({line["item_id"]: line["quantity"] for line in known["items"]})
    return dict(back)


def _pages(phone: Phone, path: str, field: str, limit: int) -> Iterator[dict[str, Any]]:
    cursor: dict[str, Any] = {}
    while True:
        found = phone.get(path, limit=limit, **cursor)
        yield from found[field]
        if found.get("next_cursor") is None:
            return
        cursor = {"cursor": found["next_cursor"]}
