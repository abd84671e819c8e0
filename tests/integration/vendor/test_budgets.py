"""How many statements a list takes, whatever it finds; and that connections which are over are noticed without one."""

from __future__ import annotations

import psycopg
import pytest

from tests.integration.vendor.conftest import IS_SQLITE, Statements
from tests.integration.vendor.people import World

BUDGETS = {
    "/consumer/shops": 1,
    "/consumer/shops?status=open&type=gro&tag=milk": 1,
    "/consumer/shops/search?q=rice": 1,
    "/consumer/shop/{shop}/items": 2,
    "/shop/{shop}/items?q=rice&category=grains": 2,
}


@pytest.mark.parametrize("path", BUDGETS)
def test_a_list_takes_as_many_statements_for_one_row_as_for_many(
    world: World, statements: Statements, path: str
) -> None:
    for more in (1, 20):
        for _ in range(more):
            world.vendor.add_item()
        with statements() as seen:
            answer = world.resident.raw("GET", path.format(shop=world.shop_id))
        assert answer.status_code == 200, answer.text
        assert len(seen) == BUDGETS[path], [one.sql for one in seen]


@pytest.mark.skipif(IS_SQLITE, reason="a file has no connections to lose")
def test_connections_that_the_server_has_ended_are_replaced_unnoticed(world: World, vendor_database_url: str) -> None:
    end = (
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = user AND pid <> pg_backend_pid()"
    )
    for _ in range(3):
        assert world.resident.raw("GET", "/consumer/shops").status_code == 200
        with psycopg.connect(vendor_database_url, autocommit=True) as connection:
            assert connection.execute(end).fetchall()
        assert world.resident.raw("GET", "/consumer/shops").status_code == 200
        world.vendor.add_item()
