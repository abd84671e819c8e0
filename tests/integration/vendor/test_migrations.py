"""What the migrations make of rows that were there before them, both ways."""

from __future__ import annotations

import flask_migrate
from flask import Flask
from sqlalchemy import text

from habrio_shared.database import reading, transaction
from habrio_vendor.app import FOLDER
from tests.integration.vendor.conftest import dispose, make_app

MIGRATIONS = str(FOLDER / "migrations")

PROFILE = (
    "INSERT INTO profiles (user_id, business_type, business_name, address, created_at)"
    " VALUES (:shop, 'grocery', 'Asha Traders', 'Gate 2', '2026-01-02 03:04:05')"
)
SHOP = (
    "INSERT INTO shops (id, vendor_id, shop_name, shop_type, description, city, society, city_key, society_key,"
    " is_open, delivers, appointment_only, category_tags, tag_keys, logo_url, created_at)"
    " VALUES (:shop, :shop, 'Asha', 'grocery', '', 'Pune', 'P', 'pune', 'p', true, true, false, '', '', '',"
    " '2026-01-02 03:04:05')"
)
ITEM = (
    "INSERT INTO items (id, shop_id, title, brand, description, price_paise, unit, pack_size, category, tags, sku,"
    " image_url, on_hand, reserved, stock_version, is_available, is_active, created_at)"
    " VALUES (:id, :shop, 'Rice', '', '', 100, 'pcs', '', '', '', :sku, '', 0, 0, 1, true, :active,"
    " '2026-01-02 03:04:05')"
)


def insert_items(app: Flask, items: dict[int, tuple[int, str, bool]]) -> None:
    """Items by id: (shop, SKU, not deleted)."""
    with app.app_context(), transaction() as session:
        for shop in sorted({shop for shop, _, _ in items.values()}):
            session.execute(text(PROFILE), {"shop": shop})
            session.execute(text(SHOP), {"shop": shop})
        for item_id, (shop, sku, active) in items.items():
            session.execute(text(ITEM), {"id": item_id, "shop": shop, "sku": sku, "active": active})


def skus(app: Flask) -> dict[int, str]:
    with app.app_context(), reading() as session:
        return {row.id: row.sku for row in session.execute(text("SELECT id, sku FROM items ORDER BY id"))}


def test_items_that_shared_a_sku_are_told_apart_and_none_is_lost(empty_database_url: str) -> None:
    app = make_app(empty_database_url)
    long = "x" * 200
    with app.app_context():
        flask_migrate.upgrade(directory=MIGRATIONS, revision="0002")
    insert_items(
        app,
        {
            1: (1, "A", True),
            2: (1, "A", True),
            3: (1, "A", False),
            4: (1, "A", True),
            5: (1, "A~4", True),
            6: (1, "", True),
            7: (1, "", True),
            8: (2, "A", True),
            9: (1, long, True),
            10: (1, long, True),
        },
    )
    with app.app_context():
        flask_migrate.upgrade(directory=MIGRATIONS)
        assert skus(app) == {
            1: "A",
            2: "A~2",
            3: "A",
            4: "~A~4",
            5: "A~4",
            6: "",
            7: "",
            8: "A",
            9: long,
            10: "x" * 197 + "~10",
        }
        flask_migrate.downgrade(directory=MIGRATIONS, revision="0001")
        flask_migrate.upgrade(directory=MIGRATIONS)
        assert len(skus(app)) == 10
        flask_migrate.downgrade(directory=MIGRATIONS, revision="base")
        flask_migrate.upgrade(directory=MIGRATIONS)
        assert skus(app) == {}
    dispose(app)
