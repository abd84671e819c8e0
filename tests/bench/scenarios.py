"""What is measured, as data: who does what, over and over; and the ratios that may not get worse."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Literal

import jwt
from pydantic import SecretStr

from habrio_shared.identity import Caller, tokens
from habrio_shared.identity.keys import KeyRing
from habrio_shared.settings import Settings
from tests.bench.seed import CITY, CONSUMERS, Person, World
from tests.bench.wrk import Request

API: Final = "/api/v1"
DIRECT_TOKEN_SECONDS: Final = 290


class Tokens:
    """Makes what nginx would have been given, and what it would have made of it."""

    def __init__(self, jwt_secret: str, internal_secret: str) -> None:
        self._jwt_secret = jwt_secret
        self._keys = KeyRing(_InternalOnly(internal_secret=SecretStr(internal_secret)))

    def access(self, who: Person) -> dict[str, str]:
        """The Authorization header of somebody's live session."""
        now = int(time.time())
        claims = {"sub": who.phone, "role": who.role, "type": "access", "sid": who.session_id, "jti": "bench"}
        token = jwt.encode(claims | {"iat": now, "exp": now + 900}, self._jwt_secret, algorithm="HS256")
        return {"Authorization": f"Bearer {token}"}

    def internal(self, who: Person, service: str, path: str) -> dict[str, str]:
        """A ready internal token for one GET, as the gateway makes it."""
        caller = Caller(
            *("gateway", "consumer", who.user_id, who.session_id, who.phone, "Ravi Kulkarni", CITY, who.society)
        )
        made = tokens.mint(self._keys, caller, audience=service, method="GET", path=path, seconds=DIRECT_TOKEN_SECONDS)
        return {tokens.HEADER: made}


class _InternalOnly(Settings):
    """The one secret that internal tokens are made with."""


Walk = Sequence[Request]
Walks = Callable[[World, Tokens], list[Walk]]


@dataclass(frozen=True)
class Scenario:
    """`walks`: one person's requests each; `to`: nginx, or a service's own port; `connections` at once. `cached`: the
    door may keep catalogue answers for a second (CATALOGUE_CACHE_SECONDS=1)."""

    name: str
    walks: Walks
    to: Literal["nginx", "consumer", "vendor"] = "nginx"
    connections: int = 16
    cached: bool = False


def _gets(path: str) -> Walks:
    def walks(world: World, made: Tokens) -> list[Walk]:
        shops = list(world.shops)
        return [
            [Request("GET", API + path.format(shop=shops[n % len(shops)]), made.access(who))]
            for n, who in enumerate(world.consumers)
        ]

    return walks


def _direct(service: str, path: str) -> Walks:
    def walks(world: World, made: Tokens) -> list[Walk]:
        return [[Request("GET", API + path, made.internal(who, service, API + path))] for who in world.consumers[:64]]

    return walks


def _cart(*then: tuple[str, dict[str, Any]]) -> Walks:
    """An item is put into the cart, and then this."""

    def walks(world: World, made: Tokens) -> list[Walk]:
        shops = list(world.shops.values())
        found: list[Walk] = []
        for n, who in enumerate(world.consumers[: CONSUMERS // 2]):
            add: dict[str, Any] = {"item_id": shops[n % len(shops)][n % len(shops[0])], "quantity": 1}
            steps = [("/consumer/cart/add", add), *then]
            found.append([Request("POST", API + path, made.access(who), body) for path, body in steps])
        return found

    return walks


def _the_same_two(world: World, made: Tokens) -> list[Walk]:
    """Everybody orders the same two items of one shop; every other one puts them into the cart the other way round.

    Not the people who order elsewhere: what the end of a run leaves in a cart would be of another shop.
    """
    two = next(iter(world.shops.values()))[:2]
    return [
        [
            *(
                Request("POST", f"{API}/consumer/cart/add", made.access(who), {"item_id": item, "quantity": 1})
                for item in (two if n % 2 else two[::-1])
            ),
            Request("POST", f"{API}/consumer/order/confirm", made.access(who), {"payment_mode": "wallet"}),
        ]
        for n, who in enumerate(world.consumers[CONSUMERS // 2 : -1])
    ]


def _orders_of(length: int) -> Walks:
    def walks(world: World, made: Tokens) -> list[Walk]:
        vendor = world.histories[length]
        return [[Request("GET", f"{API}/vendor/orders", made.access(vendor))]] * 16

    return walks


_newcomers = count(1)


def _log_ins(_world: World, _made: Tokens) -> list[Walk]:
    """A code is sent to each of many new phones; the other half of a log-in needs the code (behind.py)."""
    return [[Request("POST", f"{API}/send-otp", {}, {"phone": f"+9171{next(_newcomers):08d}"})] for _ in range(4000)]


# What is compared stands beside each other: it is measured one after the other.
SHOPS, ITEMS, WALLET = "/consumer/shops", "/consumer/shop/{shop}/items", "/consumer/wallet"
SCENARIOS: Final = (
    Scenario("shops of the society (50)", _gets(SHOPS)),
    Scenario("shops of the society, direct", _direct("vendor", SHOPS), to="vendor"),
    Scenario("items of a shop (40)", _gets(ITEMS)),
    Scenario("wallet", _gets(WALLET)),
    Scenario("wallet, direct", _direct("consumer", WALLET), to="consumer"),
    Scenario("cart view", _gets("/consumer/cart/view")),
    Scenario("cart add and clear", _cart(("/consumer/cart/clear", {}))),
    Scenario("order by cash, add + confirm", _cart(("/consumer/order/confirm", {"payment_mode": "cash"}))),
    Scenario("order by wallet, add + confirm", _cart(("/consumer/order/confirm", {"payment_mode": "wallet"}))),
    Scenario("everybody buys the same two items, add + add + confirm", _the_same_two),
    Scenario("vendor's orders, 200 in the shop", _orders_of(200)),
    Scenario("vendor's orders, 5,000 in the shop", _orders_of(5_000)),
    Scenario("vendor's orders, 200,000 in the shop", _orders_of(200_000)),
    Scenario("a code is sent", _log_ins),
    Scenario("wallet, one connection", _gets(WALLET), connections=1),
    Scenario("wallet, direct, one connection", _direct("consumer", WALLET), to="consumer", connections=1),
    Scenario("shops of the society, kept a second", _gets(SHOPS), cached=True),
    Scenario("items of a shop, kept a second", _gets(ITEMS), cached=True),
    Scenario("wallet, where lists are kept", _gets(WALLET), cached=True),
)


@dataclass(frozen=True)
class Budget:
    """`above` / `below` in `figure` ("rate", "cpu_ms", "p50" or "sql"), or their difference: the median of what each
    turn of one run says."""

    what: str
    figure: str
    above: str
    below: str
    least: float | None = None
    most: float | None = None
    is_difference: bool = False


BUDGETS: Final = (
    Budget("wallet through the gateway / direct", "rate", "wallet", "wallet, direct", least=0.6),
    Budget(
        "shops through the gateway / direct",
        *("rate", "shops of the society (50)", "shops of the society, direct"),
        least=0.8,
    ),
    Budget(
        "ms that the gateway adds, p50, one connection",
        *("p50", "wallet, one connection", "wallet, direct, one connection"),
        most=2.0,
        is_difference=True,
    ),
    Budget(
        "CPU of a list among 200,000 / 200 orders",
        *("cpu_ms", "vendor's orders, 200,000 in the shop", "vendor's orders, 200 in the shop"),
        most=1.5,
    ),
    Budget(
        "SQL of a list among 200,000 / 200 orders",
        *("sql", "vendor's orders, 200,000 in the shop", "vendor's orders, 200 in the shop"),
        most=1.0,
    ),
    Budget(
        "shops kept a second / wallet",
        *("rate", "shops of the society, kept a second", "wallet, where lists are kept"),
        least=1.0,
    ),
)
IDLE_MEGABYTES_MAX: Final = 1536
IMPORT_SECONDS_MAX: Final = 1.0
START_SECONDS_MAX: Final = 15.0
