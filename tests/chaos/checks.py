"""What must hold at every instant, read from the database in one snapshot, and what must hold once it is quiet."""

from __future__ import annotations

import time

import psycopg
from sqlalchemy.exc import InterfaceError, OperationalError

from tests.chaos.client import Tally
from tests.support.audit_log import verify_audit
from tests.support.books import prove
from tests.support.stack import Stack

OPEN = "('pending', 'accepted', 'awaiting_consumer_confirmation', 'confirmed')"

AT_EVERY_INSTANT: dict[str, str] = {
    "more is held or sold of an item than there is": """
        SELECT id, on_hand, reserved FROM vendor.items WHERE reserved < 0 OR on_hand < reserved""",
    "an item's stock is not the sum of its moves": """
        SELECT i.id, i.on_hand, coalesce(sum(m.quantity), 0) FROM vendor.items i
        LEFT JOIN vendor.stock_moves m ON m.item_id = i.id
        GROUP BY i.id, i.on_hand HAVING i.on_hand <> coalesce(sum(m.quantity), 0)""",
    "what is held of an item is not what open orders hold": f"""
        SELECT i.id, i.reserved, coalesce(h.pieces, 0) FROM vendor.items i LEFT JOIN (
            SELECT l.item_id, sum(l.quantity) AS pieces FROM vendor.vendor_order_lines l
            JOIN vendor.vendor_orders o ON o.order_id = l.order_id WHERE o.status IN {OPEN} GROUP BY l.item_id
        ) h ON h.item_id = i.id WHERE i.reserved <> coalesce(h.pieces, 0)""",
    "the money held is not that of the open orders": f"""
        SELECT held.paise, due.paise FROM (
            SELECT coalesce(sum(CASE WHEN dst = 'escrow' THEN amount_paise ELSE -amount_paise END), 0) AS paise
            FROM consumer.ledger_postings WHERE src = 'escrow' OR dst = 'escrow'
        ) held, (
            SELECT coalesce(sum(total_paise), 0) AS paise FROM consumer.orders
            WHERE payment_mode = 'wallet' AND (status = 'placing' OR status IN {OPEN})
        ) due WHERE held.paise <> due.paise""",
    "the first word about an order is not what was answered first": """
        SELECT o.id, o.status FROM consumer.orders o JOIN consumer.outbox m ON m.id = o.place_row_id
        WHERE m.done_at IS NOT NULL AND o.status <> 'failed' AND NOT EXISTS (
            SELECT 1 FROM consumer.order_timeline t WHERE t.order_id = o.id AND t.version = 1)""",
}
"""Each query finds what is wrong; no row means that all is well."""

WHEN_QUIET: dict[str, str] = {
    "the two sides of an order differ": """
        SELECT coalesce(o.id, v.order_id), o.status, v.status, o.vendor_version, v.version, o.total_paise, v.total_paise
        FROM consumer.orders o FULL JOIN vendor.vendor_orders v ON v.order_id = o.id
        WHERE o.id IS NULL OR v.order_id IS NULL
            OR (o.status = 'failed') <> (v.status = 'refused')
            OR (o.status <> 'failed' AND (o.status, o.vendor_version) <> (v.status, v.version))
            OR (v.shop_id IS NOT NULL AND (o.total_paise, o.changes, o.returns_version)
                <> (v.total_paise, v.changes, v.returns_version))""",
    "a message between services was never settled": """
        SELECT key, attempts, last_error FROM consumer.outbox WHERE done_at IS NULL
        UNION ALL SELECT key, attempts, last_error FROM vendor.outbox WHERE done_at IS NULL
        UNION ALL SELECT key, attempts, last_error FROM admin.outbox WHERE done_at IS NULL""",
    "a payout was never settled": "SELECT id, status FROM vendor.payouts WHERE settled_at IS NULL",
}

OUTBOXES = ("consumer", "vendor", "admin")


def look_at_books(stack: Stack, tally: Tally) -> bool:
    """Prove both ledgers and the stock, each in one snapshot; False if the database could not be read just now."""
    try:
        for problem in prove(stack).problems:
            tally.violation(f"the ledgers: {problem}")
        for words, rows in _wrong(stack, AT_EVERY_INSTANT).items():
            tally.violation(f"{words}: {rows}")
    except (psycopg.OperationalError, OperationalError, InterfaceError):
        return False  # the nemesis has just struck it
    return True


def look_when_quiet(stack: Stack, tally: Tally) -> None:
    """Both sides agree, nothing is under way, what is due to vendors has reached them, the audit log's chain holds."""
    for words, rows in _wrong(stack, WHEN_QUIET).items():
        tally.violation(f"{words}: {rows}")
    due = prove(stack).clearing.in_flight_paise
    if due:
        tally.violation(f"{due} paise are on their way between the ledgers although all is quiet")
    proof = verify_audit(stack)
    if proof.returncode:
        tally.violation(f"the audit log: {proof.stdout} {proof.stderr}")


def undelivered(stack: Stack, before: float | None = None) -> int:
    """Messages that are not settled; with `before` (time.time()) only those that were put by then."""
    query = " + ".join(
        f"(SELECT count(*) FROM {service}.outbox WHERE done_at IS NULL AND created_at <= to_timestamp(%(before)s))"
        for service in OUTBOXES
    )
    with psycopg.connect(stack.admin_dsn, connect_timeout=5) as connection:
        row = connection.execute(f"SELECT {query}", {"before": before or time.time() + 60}).fetchone()
    assert row is not None
    return int(row[0])


def seconds_until_delivered(stack: Stack, *, longest: float, before: float | None = None) -> float | None:
    """How long from now until `undelivered` is 0; None if it takes longer than `longest`."""
    began = time.monotonic()
    while time.monotonic() - began < longest:
        if undelivered(stack, before) == 0:
            return time.monotonic() - began
        time.sleep(0.1)  # the event is in the database
    return None


def lags(stack: Stack) -> list[tuple[float, float]]:
    """(put at, seconds until settled) of every message, by the database's clock."""
    query = " UNION ALL ".join(
        f"SELECT extract(epoch FROM created_at), extract(epoch FROM done_at - created_at) FROM {service}.outbox "
        "WHERE done_at IS NOT NULL"
        for service in OUTBOXES
    )
    with psycopg.connect(stack.admin_dsn, connect_timeout=5) as connection:
        return [(float(at), float(seconds)) for at, seconds in connection.execute(query)]


def _wrong(stack: Stack, queries: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    with psycopg.connect(stack.admin_dsn, connect_timeout=5) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for words, query in queries.items():
            rows = connection.execute(query).fetchmany(5)
            if rows:
                found[words] = "; ".join(str(tuple(map(str, row))) for row in rows)
    return found
