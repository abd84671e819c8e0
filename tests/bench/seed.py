"""What is measured upon: a society of 50 shops × 40 items and 500 residents among 200 others, and very long lists.

Rows go into the tables by COPY, which is the one way to have 200,000 orders within seconds; so this file knows columns
as migrations do. Money is seeded as the ledgers would have posted it, and the ledgers' own proof is asked afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg import sql

CITY: Final = "Pune"
SOCIETY: Final = "Bench Park"
SHOPS: Final = 50
ITEMS: Final = 40
CONSUMERS: Final = 500
OTHER_SOCIETIES: Final = 200
OTHER_SHOPS: Final = 5
OTHER_ITEMS: Final = 20
HISTORIES: Final = (200, 5_000, 200_000)
"""How many delivered orders the shops have that are asked for their lists; half of them paid by wallet."""

WALLET_PAISE: Final = 1_000_000_000
PRICE_PAISE: Final = 1_050
NOW: Final = datetime.now(UTC)
FIRST_ID: Final = 1_000_000
"""Ids far above what the demo society has."""


@dataclass(frozen=True)
class Person:
    """Somebody with a live session: enough to make their tokens."""

    user_id: int
    phone: str
    role: str
    society: str

    @property
    def session_id(self) -> str:
        return f"bench{self.user_id}"


@dataclass(frozen=True)
class World:
    """What was seeded. `shops`: the society's, each with its items; `histories`: by length, the vendor of that shop."""

    consumers: list[Person]
    vendors: list[Person]
    shops: dict[int, list[int]]
    histories: dict[int, Person]


def _people(role: str, first: int, count: int, society: str) -> list[Person]:
    return [Person(first + n, f"+9170{first + n:08d}", role, society) for n in range(count)]


def seed(database: psycopg.Connection[Any], *, histories: Iterable[int] = HISTORIES) -> World:
    """Fill the platform's database, as its superuser; the services may run."""
    lengths = list(histories)
    consumers = _people("consumer", FIRST_ID, CONSUMERS, SOCIETY)
    vendors = _people("vendor", FIRST_ID + 10_000, SHOPS + len(lengths), SOCIETY)
    others = [
        person
        for number in range(OTHER_SOCIETIES)
        for person in _people("vendor", FIRST_ID + 20_000 + number * OTHER_SHOPS, OTHER_SHOPS, f"Ballast {number}")
    ]
    with database.transaction():
        database.execute("SET LOCAL synchronous_commit = off")
        _seed_people(database, [*consumers, *vendors, *others])
        shops = _seed_shops(database, vendors, ITEMS)
        _seed_shops(database, others, OTHER_ITEMS)
        _seed_consumers(database, consumers)
        long_lists = dict(zip(lengths, vendors[SHOPS:], strict=True))
        order_ids = iter(range(FIRST_ID, FIRST_ID + sum(lengths)))
        for length, vendor in long_lists.items():
            ids = [next(order_ids) for _ in range(length)]
            _seed_history(database, ids, vendor, shops[vendor.user_id], consumers[-1])
        _go_on_from(database)
    for table in ("auth.users", "auth.sessions", "vendor.shops", "vendor.items", "vendor.vendor_orders"):
        database.execute(sql.SQL("VACUUM ANALYZE {}").format(_named(table)))
    database.execute("VACUUM ANALYZE")
    return World(consumers, vendors[:SHOPS], {v.user_id: shops[v.user_id] for v in vendors[:SHOPS]}, long_lists)


def _named(table: str) -> sql.Identifier:
    return sql.Identifier(*table.split("."))


def _copy(database: psycopg.Connection[Any], table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns.split())
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(_named(table), names)
    with database.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def _seed_people(database: psycopg.Connection[Any], people: list[Person]) -> None:
    _copy(
        database,
        "auth.users",
        "id phone name city society role status onboarded_at role_onboarded_at created_at",
        ((p.user_id, p.phone, "Ravi Kulkarni", CITY, p.society, p.role, "active", NOW, NOW, NOW) for p in people),
    )
    _copy(
        database,
        "auth.sessions",
        "sid user_id device refresh_hash created_at seen_at expires_at",
        ((p.session_id, p.user_id, "bench", f"hash{p.user_id}", NOW, NOW, NOW + timedelta(days=30)) for p in people),
    )


def _seed_shops(database: psycopg.Connection[Any], vendors: list[Person], items: int) -> dict[int, list[int]]:
    """One shop a vendor, of the vendor's id; the items' ids by shop."""
    _copy(
        database,
        "vendor.profiles",
        "user_id business_type business_name address created_at",
        ((v.user_id, "grocery", f"Traders {v.user_id}", "Gate 2", NOW) for v in vendors),
    )
    _copy(
        database,
        "vendor.shops",
        "id vendor_id shop_name shop_type description city society city_key society_key is_open delivers "
        "appointment_only category_tags tag_keys logo_url created_at",
        (
            (
                *(v.user_id, v.user_id, f"Store {v.user_id}", "grocery", "Daily needs", CITY, v.society),
                *(CITY.lower(), v.society.lower(), True, True, False, "milk", ",milk,", "", NOW),
            )
            for v in vendors
        ),
    )
    by_shop = {v.user_id: [v.user_id * 100 + n for n in range(items)] for v in vendors}
    _copy(
        database,
        "vendor.items",
        "id shop_id title brand description price_paise mrp_paise unit pack_size category tags sku image_url on_hand "
        "reserved is_available is_active created_at stock_version",
        (
            (
                *(item, shop, f"Item {item % 100}", "Brand", "Fresh every morning", PRICE_PAISE, 1_200, "pcs", "500 g"),
                *("Grains", "daily", f"SKU-{item}", "", 1_000_000, 0, True, True, NOW, 1),
            )
            for shop, found in by_shop.items()
            for item in found
        ),
    )
    _copy(
        database,
        "vendor.stock_moves",
        "item_id quantity kind created_at",
        ((item, 1_000_000, "added", NOW) for found in by_shop.values() for item in found),
    )
    return by_shop


def _seed_consumers(database: psycopg.Connection[Any], consumers: list[Person]) -> None:
    _copy(
        database,
        "consumer.profiles",
        "user_id flat_number profile_image_url gender preferred_language created_at",
        ((c.user_id, "B-402", "", "", "", NOW) for c in consumers),
    )
    _copy(
        database,
        "consumer.ledger_accounts",
        "name floor_paise balance_paise",
        ((f"wallet:{c.user_id}", 0, WALLET_PAISE) for c in consumers),
    )
    database.execute(
        "INSERT INTO consumer.ledger_accounts (name) VALUES ('world'), ('escrow'), ('due:vendor') "
        "ON CONFLICT DO NOTHING"
    )
    payments = [(f"bench-{c.user_id}", c.user_id) for c in consumers]
    _copy(
        database,
        "consumer.payments",
        "id user_id amount_paise reference provider status requested_at ended_at",
        ((ref, user, WALLET_PAISE, ref, "sandbox", "credited", NOW, NOW) for ref, user in payments),
    )
    _post(
        database,
        "consumer",
        ((f"topup:{ref}", "topup", None, ref, "world", f"wallet:{user}", WALLET_PAISE) for ref, user in payments),
    )


def _post(database: psycopg.Connection[Any], service: str, moves: Iterable[tuple[Any, ...]]) -> None:
    """Entries of one posting each: (id, kind, resolves, reference, src, dst, paise)."""
    kept = list(moves)
    _copy(
        database,
        f"{service}.ledger_entries",
        "id kind resolves reference created_at",
        ((entry, kind, resolves, reference, NOW) for entry, kind, resolves, reference, *_ in kept),
    )
    _copy(
        database,
        f"{service}.ledger_postings",
        "entry_id src dst amount_paise",
        ((entry, src, dst, paise) for entry, _, _, _, src, dst, paise in kept),
    )


def _seed_history(
    database: psycopg.Connection[Any], ids: list[int], vendor: Person, items: list[int], consumer: Person
) -> None:
    """Delivered orders of one item each, an hour apart, every other one by wallet; on both sides, with their money."""
    modes = ["wallet" if number % 2 else "cash" for number in range(len(ids))]
    when = [NOW - timedelta(hours=len(ids) - number) for number in range(len(ids))]
    shop, item = vendor.user_id, items[0]
    _copy(
        database,
        "vendor.vendor_orders",
        "order_id shop_id status version moved_by moved_at reason consumer_id phone name flat_number society "
        "vendor_phone payment_mode delivery_notes total_paise commission_basis_points placed_at",
        (
            (
                *(order, shop, "delivered", 2, "vendor", at, "", consumer.user_id, consumer.phone, "Ravi Kulkarni"),
                *("B-402", SOCIETY, vendor.phone, mode, "Ring twice", PRICE_PAISE, 0, at),
            )
            for order, mode, at in zip(ids, modes, when, strict=True)
        ),
    )
    _copy(
        database,
        "vendor.vendor_order_lines",
        "order_id item_id position name unit quantity unit_price_paise",
        ((order, item, 1, "Item 0", "pcs", 1, PRICE_PAISE) for order in ids),
    )
    _copy(
        database,
        "consumer.orders",
        "id user_id cart_version shop_id shop_name shop_type payment_mode status vendor_version total_paise "
        "delivery_notes vendor_phone created_at",
        (
            (
                *(order, consumer.user_id, -order, shop, f"Store {shop}", "grocery", mode, "delivered", 2, PRICE_PAISE),
                *("Ring twice", vendor.phone, at),
            )
            for order, mode, at in zip(ids, modes, when, strict=True)
        ),
    )
    _copy(
        database,
        "consumer.order_lines",
        "order_id item_id position title unit quantity unit_price_paise",
        ((order, item, 1, "Item 0", "pcs", 1, PRICE_PAISE) for order in ids),
    )
    by_wallet = [order for order, mode in zip(ids, modes, strict=True) if mode == "wallet"]
    _seed_money(database, by_wallet, vendor, consumer)


def _seed_money(database: psycopg.Connection[Any], orders: list[int], vendor: Person, consumer: Person) -> None:
    """What delivered wallet orders have moved: held, captured, settled; and what the wallets hold now."""
    mine, theirs = f"wallet:{consumer.user_id}", f"wallet:{vendor.user_id}"
    total = PRICE_PAISE * len(orders)

    def captured() -> Iterator[tuple[Any, ...]]:
        for order in orders:
            yield f"hold:{order}", "hold", None, f"order:{order}", mine, "escrow", PRICE_PAISE
            yield (
                *(f"capture:{order}", "capture", f"hold:{order}", f"order:{order}"),
                *("escrow", "due:vendor", PRICE_PAISE),
            )

    _post(database, "consumer", captured())
    take = "UPDATE consumer.ledger_accounts SET balance_paise = balance_paise - %s WHERE name = %s"
    database.execute(take, (total, mine))
    database.execute("INSERT INTO vendor.ledger_accounts (name) VALUES ('due:consumer') ON CONFLICT DO NOTHING")
    _post(
        database,
        "vendor",
        ((f"settle:{o}", "settle", None, f"order:{o}", "due:consumer", theirs, PRICE_PAISE) for o in orders),
    )
    database.execute("INSERT INTO vendor.ledger_accounts VALUES (%s, 0, %s)", (theirs, total))


def _go_on_from(database: psycopg.Connection[Any]) -> None:
    """Ids of what people make from now on come after the seeded ones."""
    for table in ("auth.users", "vendor.shops", "vendor.items", "consumer.orders"):
        last = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))")
        database.execute(last.format(sql.Literal(table), _named(table)))
