"""Residents of one society who look, choose and order, with time to think: run by locust (journeys.py).

Locust makes threads of the process into its own: it runs in an environment of its own and imports nothing of ours but
the phone. HABRIO_BENCH_SOCIETY, _SHOP and _ITEM say where these people buy what.
"""

from __future__ import annotations

import os

from locust import HttpUser, SequentialTaskSet, between, task

from tests.support.society import Society

SHOP, ITEM = os.environ["HABRIO_BENCH_SHOP"], int(os.environ["HABRIO_BENCH_ITEM"])
RUPEES = 100_000


class Journey(SequentialTaskSet):
    """From the list of shops to an order, over and over."""

    @task
    def shops(self) -> None:
        self.client.get("/api/v1/consumer/shops")

    @task
    def items(self) -> None:
        self.client.get(f"/api/v1/consumer/shop/{SHOP}/items")

    @task
    def add(self) -> None:
        self.client.post("/api/v1/consumer/cart/add", json={"item_id": ITEM, "quantity": 1})

    @task
    def cart(self) -> None:
        self.client.get("/api/v1/consumer/cart/view")

    @task
    def confirm(self) -> None:
        self.client.post("/api/v1/consumer/order/confirm", json={"payment_mode": "wallet"})

    @task
    def wallet(self) -> None:
        self.client.get("/api/v1/consumer/wallet")


class Resident(HttpUser):
    """One of them, signed in before the first measured request."""

    wait_time = between(0.1, 0.5)
    tasks = (Journey,)

    def on_start(self) -> None:
        society = Society(self.host)
        society.name = os.environ["HABRIO_BENCH_SOCIETY"]
        self.client.headers["Authorization"] = f"Bearer {society.resident(money=RUPEES).token}"
