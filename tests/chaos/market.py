"""The society that the chaos comes to: shops with little stock and residents who want the same, made by the API."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from tests.chaos import administrator
from tests.chaos.administrator import Administrator
from tests.chaos.book import Books, paise
from tests.chaos.client import PAUSE_SECONDS, Client, Tally
from tests.chaos.newcomer import ROLE_IS_LATE
from tests.chaos.resident import LOAD_RUPEES, Resident, ShopSeen
from tests.chaos.shopkeeper import RESTOCK, Shopkeeper
from tests.support.client import Phone

CITY = "Pune"
ITEMS_EACH = 3
BANK = {"bank_name": "State Bank", "account_number": "001234567890", "ifsc_code": "SBIN0001234"}
AT_ONCE = 6
ROLE_IS_LATE_SECONDS = 10.0
RESIDENT_PAUSE_SECONDS = (0.4, 2.2)
SHOPKEEPER_PAUSE_SECONDS = (0.3, 1.2)
ADMINISTRATOR_PAUSE_SECONDS = (0.5, 2.0)
"""So that two cores are busy and not overrun: what takes long is then the platform's doing."""

PersonT = TypeVar("PersonT", bound=Client)


class Market:
    """All people, their books and their threads; one of four is a shopkeeper, and there is one administrator."""

    def __init__(self, url: str, seed: int, people: int, haste: float) -> None:
        self.books = Books()
        self.tally = Tally()
        self.closing = threading.Event()
        self._url = url
        self._seed = seed
        self._society = f"Green Park {secrets.token_hex(4)}"
        keepers = max(2, people // 4)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            self.shopkeepers = list(pool.map(self._open_shop, range(keepers)))
            self.residents = list(pool.map(self._move_in, range(people - keepers)))
        shops = tuple(ShopSeen(keeper.shop_id, tuple(keeper.items)) for keeper in self.shopkeepers)
        for resident in self.residents:
            resident.shops, resident.city, resident.society = shops, CITY, self._society
        self.administrator = self._administrator()
        self._threads = [
            *_threads_of(self.residents, RESIDENT_PAUSE_SECONDS, haste),
            *_threads_of(self.shopkeepers, SHOPKEEPER_PAUSE_SECONDS, haste),
            *_threads_of([self.administrator], ADMINISTRATOR_PAUSE_SECONDS, haste),
        ]

    def open(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self, seconds: float) -> None:
        """Nobody begins anything more; who still waits for an answer after so many seconds is named."""
        self.closing.set()
        for thread in self._threads:
            thread.join(seconds)
        for person in [*self.residents, *self.shopkeepers, self.administrator]:
            if person.busy_with and person.name in {thread.name for thread in self._threads if thread.is_alive()}:
                self.tally.violation(f"{person.name} still waits for {person.busy_with}")

    def _open_shop(self, number: int) -> Shopkeeper:
        keeper = self._person(Shopkeeper, f"shopkeeper-{number}", "vendor")
        phone = keeper.phone
        profile = {"business_type": "grocery", "business_name": "Asha Traders", "address": "Gate 2"}
        self._do(phone, "POST", "/vendor/profile", profile)
        self._do(phone, "POST", "/vendor/payout/setup", BANK)
        shop = {"shop_name": f"Asha Store {number}", "shop_type": "grocery", "delivers": True}
        self._do(phone, "POST", "/vendor/shop", shop)
        for title in range(1, ITEMS_EACH + 1):
            item = {"title": f"Item {title}", "price": 10.5 * title, "quantity_in_stock": RESTOCK}
            item_id = self._do(phone, "POST", "/vendor/item/add", item)["item_id"]
            self.books.prices_paise[item_id] = paise(10.5 * title)
            self.books.stocked[item_id] += RESTOCK
            keeper.items.append(item_id)
        keeper.shop_id = self._do(phone, "GET", "/vendor/shop/my")["data"]["id"]
        return keeper

    def _move_in(self, number: int) -> Resident:
        resident = self._person(Resident, f"resident-{number}", "consumer")
        self._do(resident.phone, "POST", "/consumer/onboarding", {"flat_number": f"B-{number}"})
        self._do(resident.phone, "POST", "/consumer/wallet/load", {"amount": LOAD_RUPEES})
        self.books.loaded_paise[resident.name] += paise(LOAD_RUPEES)
        return resident

    def _administrator(self) -> Administrator:
        phone = Phone(self._url, administrator.PHONE)
        phone.sign_in()
        name = "administrator"
        person = Administrator(name, phone, hash_of(self._seed, name), self.books, self.tally, self.closing)
        person.wallets = {resident.phone.get("/me")["data"]["id"]: resident.name for resident in self.residents}
        person.shops = tuple(keeper.shop_id for keeper in self.shopkeepers)
        return person

    def _do(self, phone: Phone, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One step of moving in. Nothing is struck yet, but a role may be late, which is a violation and passes."""
        deadline = time.monotonic() + ROLE_IS_LATE_SECONDS
        while True:
            answer = phone.raw(method, path, json=body)
            if answer.status_code != 403 or time.monotonic() > deadline:
                assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
                return dict(answer.json())
            self.tally.violation(ROLE_IS_LATE)
            time.sleep(PAUSE_SECONDS)  # whoever remembers the old role forgets it

    def _person(
        self, kind: Callable[[str, Phone, int, Books, Tally, threading.Event], PersonT], name: str, role: str
    ) -> PersonT:
        phone = Phone(self._url)
        phone.join(role, name=name, city=CITY, society=self._society)
        seed = hash_of(self._seed, name)
        return kind(name, phone, seed, self.books, self.tally, self.closing)


def _threads_of(people: Sequence[Client], pause_seconds: tuple[float, float], haste: float) -> list[threading.Thread]:
    shortest, longest = pause_seconds
    pause_seconds = (shortest / haste, longest / haste)
    return [
        threading.Thread(target=person.live, args=(pause_seconds,), name=person.name, daemon=True) for person in people
    ]


def hash_of(seed: int, name: str) -> int:
    """A seed of a person's own, the same in every run of this seed."""
    return int.from_bytes(f"{seed}:{name}".encode(), "big")
