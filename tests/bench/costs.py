"""What a request costs in CPU and an order in bytes, by part: `python -m tests.bench.costs` (a stack of its own).

CPU time, not wall time, so that a busy machine hardly changes it; the figures of deploy/GROWTH.md are from here.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable

import psutil
import psycopg

from tests.support.client import Phone
from tests.support.society import Shop, Society, fill_cart
from tests.support.stack import Stack, running_stack

REPEATS = 150
ITEMS = 40


def cpu_seconds(stack: Stack) -> Counter[str]:
    """User and system time of each part so far, its children included."""
    spent: Counter[str] = Counter()
    for name, pid in stack.pids().items():
        process = psutil.Process(pid)
        for member in [process, *process.children(recursive=True)]:
            times = member.cpu_times()
            spent[name] += times.user + times.system
    return spent


def cost(stack: Stack, what: str, act: Callable[[], object]) -> None:
    """Print the milliseconds of CPU that one `act` costs each part."""
    act()
    before = cpu_seconds(stack)
    for _ in range(REPEATS):
        act()
    spent = cpu_seconds(stack)
    spent.subtract(before)
    each = {name: seconds * 1000 / REPEATS for name, seconds in spent.items() if seconds * 1000 / REPEATS >= 0.05}
    parts = ", ".join(f"{name} {milliseconds:.1f}" for name, milliseconds in sorted(each.items()))
    print(f"{what}: {sum(each.values()):.1f} ms ({parts})", flush=True)


def order(resident: Phone, shop: Shop, *, delivered: bool) -> None:
    fill_cart(resident, shop, Item0=1)
    placed = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"}, expect=(200, 202))
    if delivered:
        shop.set_status(placed["order_id"], "delivered")


def bytes_of_schemas(stack: Stack) -> dict[str, int]:
    """Tables and indexes of each service."""
    query = """SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
               WHERE relkind = 'r' AND relnamespace = %s::regnamespace"""
    with psycopg.connect(stack.admin_dsn) as connection:
        found = {}
        for service in ("consumer", "vendor"):
            row = connection.execute(query, (service,)).fetchone()
            found[service] = int(row[0]) if row else 0
        return found


def memory(stack: Stack) -> str:
    """Proportional set size of each part in MiB."""
    found = {}
    for name, pid in stack.pids().items():
        process = psutil.Process(pid)
        members = [process, *process.children(recursive=True)]
        found[name] = sum(member.memory_full_info().pss for member in members) / 2**20
    return ", ".join(f"{name} {size:.0f}" for name, size in sorted(found.items()))


def main() -> int:
    with running_stack({"WORKERS": "1"}) as stack:
        society = Society(stack.url)
        shop = society.open_shop(**{f"Item{number}": 100_000 for number in range(ITEMS)})
        resident = society.resident(money=500_000)
        cost(stack, "nothing but the door (/health)", lambda: resident.raw("GET", "//health"))
        cost(stack, "the wallet", lambda: resident.get("/consumer/wallet"))
        cost(stack, f"items of a shop ({ITEMS})", lambda: resident.get(f"/consumer/shop/{shop.shop_id}/items"))
        before = bytes_of_schemas(stack)
        cost(stack, "an order by wallet: into the cart, confirm", lambda: order(resident, shop, delivered=False))
        cost(stack, "the same and delivered", lambda: order(resident, shop, delivered=True))
        grown = {name: size - before[name] for name, size in bytes_of_schemas(stack).items()}
        orders = 2 * (REPEATS + 1)
        print("bytes an order:", {name: size // orders for name, size in grown.items()})
        cost(stack, "a page of the vendor's orders (50)", lambda: shop.owner.get("/vendor/orders", limit=50))
        print("memory, MiB:", memory(stack))
    return 0


if __name__ == "__main__":
    sys.exit(main())
