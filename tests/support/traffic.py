"""People who go on while parts of the platform are replaced below them."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import requests

from tests.support.client import Phone
from tests.support.society import Shop

PEOPLE = 6


class Traffic:
    """People who look and buy, over and over; an answer other than 200 raises."""

    def __init__(self, url: str, shop: Shop, resident: Phone) -> None:
        self.asked = 0
        self._url = url
        self._shop, self._resident = shop, resident
        self._over = threading.Event()
        self._pool = ThreadPoolExecutor(PEOPLE)
        self._going: list[Future[None]] = []

    def __enter__(self) -> Traffic:
        self._going = [self._pool.submit(self._go) for _ in range(PEOPLE)]
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for going in self._going:
            going.result(60)
        self._pool.shutdown()

    def has_asked(self, often: int) -> bool:
        """Whether there were so many requests; at once an error, if one has failed."""
        for going in self._going:
            if going.done():
                going.result()
        return self.asked >= often

    def _go(self) -> None:
        buyer, owner = Phone(self._url, self._resident.phone), Phone(self._url, "")
        buyer.token, owner.token = self._resident.token, self._shop.owner.token
        while not self._over.is_set():
            buyer.get("/consumer/shops")
            buyer.post("/consumer/wallet/load", {"amount": 1})
            buyer.get("/consumer/wallet")
            owner.get("/vendor/orders")
            owner.post("/vendor/shop/toggle-status", {"is_open": True})
            requests.get(f"{self._url}/health", timeout=10).raise_for_status()  # a connection of its own
            self.asked += 6
