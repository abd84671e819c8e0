"""Every part is replaced while people go on: no request fails. What has begun is ended before a process goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psutil
import psycopg
import pytest

from tests.support.client import Phone
from tests.support.society import Shop, fill_cart
from tests.support.stack import Stack
from tests.support.traffic import PEOPLE, Traffic
from tests.support.waiting import until

ROUNDS = 2
SERVICES = ("auth", "consumer", "vendor", "admin")
PARTS = ("gateway", *SERVICES, *(f"{service}-worker" for service in SERVICES))


def test_every_part_is_replaced_and_no_request_fails(platform: Stack, people: tuple[Shop, Phone]) -> None:
    with Traffic(platform.url, *people) as traffic:
        for part in PARTS * ROUNDS:
            platform.roll(part)
            wanted = traffic.asked + PEOPLE
            until(partial(traffic.has_asked, wanted), seconds=30, what="people go on")
    print(f"{traffic.asked} requests while {len(PARTS) * ROUNDS} parts were replaced")


@pytest.mark.parametrize("part", ["consumer", "vendor"])
def test_what_has_begun_is_answered_before_a_process_goes(
    platform: Stack, people: tuple[Shop, Phone], part: str
) -> None:
    shop, resident = people
    resident.post("/consumer/cart/clear")
    fill_cart(resident, shop, Rice=1)
    with psycopg.connect(platform.dsn("vendor")) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute("LOCK TABLE items IN EXCLUSIVE MODE")
        asked = pool.submit(resident.raw, "POST", "/consumer/order/confirm", json={"payment_mode": "cash"})
        until(lambda: is_waiting(platform), seconds=10, what="the order waits for its stock")
        psutil.Process(platform.pids()[part]).terminate()
        holder.rollback()
        answer = asked.result(30)
    assert answer.status_code == 200, answer.text
    platform.wait_until_ready()
    assert answer.json()["order_id"] in shop.orders()


def is_waiting(platform: Stack) -> bool:
    """Whether somebody waits for a lock in the platform's database."""
    with psycopg.connect(platform.admin_dsn) as looker:
        found = looker.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return found is not None and found[0] > 0
