"""The one table of prefixes: who owns which path, and what the front door must know about it.

nginx's locations are rendered from it and the verifier looks paths up in it. The longest prefix wins, compared by
whole path segments: `/api/v1/shop` owns `/api/v1/shop/7/items`, not `/api/v1/shopping`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

MIB: Final = 1024 * 1024
SERVICES: Final = ("auth", "consumer", "vendor", "admin", "agent")
GATEWAY: Final = "gateway"


@dataclass(frozen=True, slots=True)
class Route:
    """What holds for every path at or below `prefix`.

    `service` is one of SERVICES, or "gateway" for pages that the gateway's own Python serves. `public` paths need no
    access token. `streamed` bodies are passed on as they arrive (and so are never sent to a second upstream).
    `read_timeout_seconds` bounds the wait for the service between two reads. `testing_only` paths exist when APP_ENV
    is development or testing. `passes_access_token`: whoever serves it gets the Authorization header as it came, the
    agent to ask the platform in the caller's name, the gateway for a scraper's token; no other service ever sees it.
    `page`: people open it in a browser, which has no header for a token: the access token comes in the cookie
    ACCESS_COOKIE, whoever has no good one is anonymous, and what goes wrong on the way is told in HTML (ADR 0018).
    `shared` GETs are answered alike to whoever has the same role, city and society: nginx may keep such an answer for a
    moment (ADR 0027).
    """

    prefix: str
    service: str
    public: bool = False
    body_limit_bytes: int = MIB
    streamed: bool = False
    read_timeout_seconds: int = 10
    testing_only: bool = False
    passes_access_token: bool = False
    page: bool = False
    shared: bool = False


def _upload(prefix: str) -> Route:
    return Route(prefix, "vendor", body_limit_bytes=5 * MIB, streamed=True, read_timeout_seconds=30)


ROUTES: Final[tuple[Route, ...]] = (
    Route("/health", GATEWAY, public=True),
    Route("/ready", GATEWAY, public=True),
    Route("/apispec.json", GATEWAY, public=True),
    Route("/docs", GATEWAY, public=True),
    Route("/metrics", GATEWAY, public=True, passes_access_token=True),
    Route("/test_support", "auth", public=True, testing_only=True),
    Route("/api/v1/test_support", "auth", public=True, testing_only=True),
    Route("/api/v1/send-otp", "auth", public=True),
    Route("/api/v1/verify-otp", "auth", public=True),
    Route("/api/v1/auth", "auth"),
    Route("/api/v1/auth/refresh", "auth", public=True),
    Route("/api/v1/logout", "auth"),
    Route("/api/v1/me", "auth"),
    Route("/api/v1/profile/me", "auth"),
    Route("/api/v1/onboarding/basic", "auth"),
    Route("/api/v1/consumer", "consumer"),
    Route("/api/v1/consumer/shops", "vendor", shared=True),
    Route("/api/v1/consumer/shop", "vendor", shared=True),
    Route("/api/v1/shop", "vendor", shared=True),
    Route("/api/v1/vendor", "vendor"),
    _upload("/api/v1/vendor/upload-document"),
    _upload("/api/v1/vendor/item/bulk-upload"),
    # Files by signed links: whoever has the link has the right, until it expires.
    Route("/api/v1/document-files", "vendor", public=True),
    Route("/api/v1/admin", "admin"),
    # The administrators' page shows the ledgers' verdict, and so proves them as well.
    Route("/admin", "admin", page=True, read_timeout_seconds=60),
    # Both ledgers are proven whole, which takes a while once they are long.
    Route("/api/v1/admin/ledger", "admin", read_timeout_seconds=60),
    # A language model thinks for a while; the agent answers 504 by itself before this runs out.
    Route("/api/v1/agent", "agent", read_timeout_seconds=60, passes_access_token=True),
)


class RouteTable:
    """The routes that exist in one environment, looked up by the longest prefix."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_prefix = {route.prefix: route for route in routes}

    def __iter__(self) -> Iterator[Route]:
        return iter(self._by_prefix.values())

    def find(self, path: str) -> Route | None:
        """The owner of `path` (decoded, without a query), or None when no prefix matches."""
        candidate = path
        while candidate:
            route = self._by_prefix.get(candidate)
            if route is not None:
                return route
            candidate = candidate[: candidate.rfind("/")] if "/" in candidate else ""
        return None


def table(*, app_env: str, with_agent: bool) -> RouteTable:
    """The routes of this environment: test support only in development and testing, the agent only where it runs."""
    testing = app_env in ("development", "testing")
    return RouteTable(
        route for route in ROUTES if (testing or not route.testing_only) and (with_agent or route.service != "agent")
    )
