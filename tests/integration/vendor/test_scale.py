"""A page costs the same however many rows there are behind it: rows read and pages touched, by EXPLAIN ANALYZE.

`HABRIO_SCALE=long` (make test-scale) takes the sizes that are promised; by default smaller ones, which show the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import text

from habrio_shared.database import transaction
from habrio_shared.migrations.cli import upgrade
from habrio_vendor.app import FOLDER
from tests.integration.vendor.conftest import IS_SQLITE, dispose, make_app
from tests.integration.vendor.people import Vendor, World, make_world
from tests.support.signed import Signed, service
from tests.support.stack import Servers
from tests.support.statements import NOTHING, Cost, cost_of, sent_by

pytestmark = pytest.mark.skipif(IS_SQLITE, reason="plans are PostgreSQL's")

IS_LONG = os.environ.get("HABRIO_SCALE", "short") == "long"
ORDERS_FEW, ORDERS_MANY = (200, 200_000) if IS_LONG else (200, 6_000)
SHOPS_FEW, SHOPS_MANY = (10, 10_000) if IS_LONG else (10, 500)
DEARER_AT_MOST = 1.5
ROWS_MORE = 10
"""Another plan may read the handful of shops once more, which is dear only beside a page of nothing."""
LEVELS_MORE = 2
"""A B-tree of a thousand times as many rows is about two levels higher, and each index is gone down once."""

PROFILES = """
INSERT INTO profiles (user_id, business_type, business_name, address, created_at)
SELECT 1000000 + n, 'grocery', 'Traders ' || n, 'Gate ' || n, now()
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) n
"""
SHOPS = """
INSERT INTO shops (vendor_id, shop_name, shop_type, description, city, society, city_key, society_key, is_open,
    delivers, appointment_only, category_tags, tag_keys, logo_url, created_at)
SELECT 1000000 + n, 'Store ' || n, 'grocery', '', 'Pune', 'Society ' || n / 10, 'pune', 'society ' || n / 10, true,
    true, false, 'milk', ',milk,', '', now()
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) n
"""
ITEMS = """
INSERT INTO items (shop_id, title, brand, description, price_paise, unit, pack_size, category, tags, sku, image_url,
    on_hand, reserved, stock_version, is_available, is_active, created_at)
SELECT id, 'Item ' || n, 'Brand', '', 1050, 'pcs', '', 'Grains', 'daily', 'SKU-' || n, '', 0, 0, 1, true, true, now()
FROM shops CROSS JOIN generate_series(1, CAST(:items AS integer)) n
WHERE vendor_id BETWEEN 1000000 + CAST(:first AS integer) AND 1000000 + CAST(:last AS integer)
"""
ORDERS = """
INSERT INTO vendor_orders (order_id, shop_id, status, version, moved_by, moved_at, reason, consumer_id, phone, name,
    flat_number, society, payment_mode, delivery_notes, total_paise, commission_basis_points, placed_at)
SELECT 10000000 + n, (CAST(:shops AS bigint[]))[1 + n % cardinality(CAST(:shops AS bigint[]))],
    (ARRAY['pending', 'accepted', 'delivered', 'delivered', 'cancelled'])[1 + n / 7 % 5], 1, 'consumer', now(), '', 7,
    '+919812345678', 'Ravi Kulkarni', 'B-402', 'Green Park', (ARRAY['cash', 'wallet'])[1 + n / 3 % 2], 'Ring twice',
    2100, 0, timestamptz '2020-01-01' + n * interval '7 minutes'
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) n
"""
LINES = """
INSERT INTO vendor_order_lines (order_id, item_id, position, name, unit, quantity, unit_price_paise)
SELECT 10000000 + n, item, 1, 'Rice', 'pcs', 1, 1050
FROM generate_series(CAST(:first AS integer), CAST(:last AS integer)) n
CROSS JOIN unnest(CAST(:items AS bigint[])) item
"""


@dataclass
class Ground:
    """A database of its own with one shop that is looked at, and as many others as are wanted."""

    app: Flask
    world: World
    shops: int = 0
    orders: int = 0

    def fill(self, *statements: str, **values: object) -> None:
        """Run these INSERTs, and let PostgreSQL see what they made."""
        with self.app.app_context():
            with transaction() as session:
                session.execute(text("SET LOCAL statement_timeout = 0"))
                for statement in statements:
                    session.execute(text(statement), values)
            engine = self.app.extensions["sqlalchemy"].engine
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("SET statement_timeout = 0")
                connection.exec_driver_sql("VACUUM ANALYZE")
                connection.invalidate()  # its setting is not the pool's

    def shops_up_to(self, count: int) -> None:
        """So many shops of others, ten a society, each with twenty items."""
        self.fill(PROFILES, SHOPS, ITEMS, first=self.shops + 1, last=count, items=20)
        self.shops = count

    def orders_up_to(self, count: int, shops: list[int], items: list[int]) -> None:
        """So many orders of two lines, in turn at each of the shops."""
        self.fill(ORDERS, LINES, first=self.orders + 1, last=count, shops=shops, items=items)
        self.orders = count

    def cost(self, who: Signed, path: str, *, only_by_index: bool = False) -> Cost:
        """What all statements of one GET cost together."""
        with sent_by(self.app) as seen:
            answer = who.request("GET", path)
        assert answer.status_code == 200, answer.text
        return sum((cost_of(self.app, one, only_by_index=only_by_index) for one in seen), NOTHING)


@pytest.fixture
def ground(postgres: Servers) -> Iterator[Ground]:
    app = make_app(postgres.fresh_database().urls["vendor"])
    upgrade(app, FOLDER)
    yield Ground(app, make_world(app))
    dispose(app)


Asked = dict[str, tuple[Signed, str]]


def assert_costs_the_same(ground: Ground, asked: Asked, grow: Callable[[], None], *, big_tables: set[str]) -> None:
    """Each request, before and after growing, within 1.5×: as many rows read; by index, as many pages touched, but for
    the levels that the indexes have grown by; and none of the big tables read from beginning to end."""

    def measured() -> dict[str, tuple[Cost, Cost]]:
        return {
            name: (ground.cost(who, path), ground.cost(who, path, only_by_index=True))
            for name, (who, path) in asked.items()
        }

    few = measured()
    grow()
    many = measured()
    for name, (as_planned, by_index) in many.items():
        small_as_planned, small_by_index = few[name]
        said = f"{name}: rows {small_as_planned.rows} → {as_planned.rows}, pages by index {small_by_index.pages} → "
        said += f"{by_index.pages}, by {sorted(as_planned.indexes)}"
        print(said)
        assert as_planned.rows <= DEARER_AT_MOST * small_as_planned.rows + ROWS_MORE, said
        pages_most = DEARER_AT_MOST * small_by_index.pages + LEVELS_MORE * len(by_index.indexes)
        assert by_index.pages <= pages_most, said
        assert not as_planned.whole_tables & big_tables, f"{name} reads all of {as_planned.whole_tables}"


def test_a_page_of_orders_costs_the_same_at_few_and_at_many(ground: Ground) -> None:
    world, admin = ground.world, service(ground.app, "admin")
    items = [world.vendor.add_item() for _ in range(2)]
    ground.shops_up_to(2)
    quiet = Vendor(ground.app, "vendor", world.society)
    quiet_id = quiet.open_shop()
    with ground.app.app_context(), transaction() as session:
        others = list(session.scalars(text("SELECT id FROM shops WHERE vendor_id > 1000000")))
    shops = [world.shop_id, world.shop_id, *others]
    mine = "/api/v1/vendor/orders"
    ground.orders_up_to(ORDERS_FEW, shops, items)
    page = world.vendor.get("/vendor/orders", limit=20)
    queries = {
        "all": "",
        "the second page": f"?cursor={page['next_cursor']}",
        "one status": "?status=delivered",
        "one way to pay": "?payment_mode=cash",
        "one day": "?since=2020-01-01&until=2020-01-01",
        "a status that none has": "?status=return_completed",
    }
    asked: Asked = {name: (world.vendor, mine + query) for name, query in queries.items()}
    for name in ("all", "the second page", "one status", "a status that none has"):
        asked[f"administrator: {name}"] = (admin, "/internal/admin/orders" + queries[name])
    for name, shop_id in (("one shop", world.shop_id), ("a quiet shop", quiet_id)):
        asked[f"administrator: {name}"] = (admin, f"/internal/admin/orders?shop_id={shop_id}")
    asked |= {f"a quiet shop: {name}": (quiet, mine + query) for name, query in queries.items()}
    assert_costs_the_same(
        ground,
        asked,
        lambda: ground.orders_up_to(ORDERS_MANY, shops, items),
        big_tables={"vendor_orders", "vendor_order_lines"},
    )


def test_one_shop_costs_the_same_among_few_and_among_many(ground: Ground) -> None:
    world, admin = ground.world, service(ground.app, "admin")
    for number in range(20):
        world.vendor.add_item(f"Item {number}", sku=f"SKU-{number}")
    ground.shops_up_to(SHOPS_FEW)
    asked: Asked = {
        "items of a shop": (world.resident, f"/api/v1/shop/{world.shop_id}/items"),
        "items of a shop, searched": (world.resident, f"/api/v1/shop/{world.shop_id}/items?q=item&category=x"),
        "shops of a society": (world.resident, "/api/v1/consumer/shops?status=open&tag=milk"),
        "search in a society": (world.resident, "/api/v1/consumer/shops/search?q=zzz"),
        "a vendor's items": (world.vendor, "/api/v1/vendor/item/my?q=item"),
        "a shop's log": (world.vendor, "/api/v1/vendor/shop/log"),
        "administrator: shops": (admin, "/internal/admin/shops?limit=10"),
    }
    assert_costs_the_same(
        ground, asked, lambda: ground.shops_up_to(SHOPS_MANY), big_tables={"shops", "items", "profiles"}
    )


def test_a_quiet_shop_costs_the_same_beside_a_small_one_and_a_huge_one(ground: Ground) -> None:
    """Three shops are all there is: what PostgreSQL takes for the usual shop is the huge one."""
    world = ground.world
    world.vendor.add_item()
    for number in range(1, 4):
        ground.fill(PROFILES, SHOPS, ITEMS, first=number, last=number, items=60)
    quiet_shop = f"/api/v1/shop/{world.shop_id}/items"
    asked: Asked = {
        "items": (world.resident, quiet_shop),
        "items, the second page": (world.resident, f"{quiet_shop}?cursor=1"),
        "items, searched": (world.resident, f"{quiet_shop}?q=zzz"),
        "search": (world.resident, "/api/v1/consumer/shops/search?q=zzz"),
        "the vendor's items": (world.vendor, "/api/v1/vendor/item/my"),
        "the vendor's items, searched": (world.vendor, "/api/v1/vendor/item/my?q=zzz&is_available=true"),
        "the vendor's log": (world.vendor, "/api/v1/vendor/shop/log"),
    }

    def grow() -> None:
        ground.fill(ITEMS.replace("'SKU-'", "'SKU-MANY-'"), first=1, last=1, items=ORDERS_MANY)

    assert_costs_the_same(ground, asked, grow, big_tables={"items"})
