"""Who owns which path."""

from __future__ import annotations

import pytest

from habrio_gateway.routes import MIB, ROUTES, SERVICES, table

TESTING = table(app_env="testing", with_agent=True)


@pytest.mark.parametrize(
    ("path", "service", "public"),
    [
        ("/api/v1/send-otp", "auth", True),
        ("/api/v1/verify-otp", "auth", True),
        ("/api/v1/auth/refresh", "auth", True),
        ("/api/v1/auth/sessions", "auth", False),
        ("/api/v1/auth/sessions/x/revoke", "auth", False),
        ("/api/v1/logout", "auth", False),
        ("/api/v1/me", "auth", False),
        ("/api/v1/profile/me", "auth", False),
        ("/api/v1/onboarding/basic", "auth", False),
        ("/api/v1/test_support/otp/9876543210", "auth", True),
        ("/test_support/ok", "auth", True),
        ("/api/v1/consumer", "consumer", False),
        ("/api/v1/consumer/shopping", "consumer", False),
        ("/api/v1/consumer/orders/7/cancel", "consumer", False),
        ("/api/v1/consumer/shops", "vendor", False),
        ("/api/v1/consumer/shops/search", "vendor", False),
        ("/api/v1/consumer/shop/7/items", "vendor", False),
        ("/api/v1/shop/7/items", "vendor", False),
        ("/api/v1/vendor/orders", "vendor", False),
        ("/api/v1/vendor/documents", "vendor", False),
        ("/api/v1/document-files/7", "vendor", True),
        ("/api/v1/admin/users", "admin", False),
        ("/admin", "admin", False),
        ("/admin/audit", "admin", False),
        ("/api/v1/agent/query", "agent", False),
        ("/docs/", "gateway", True),
        ("/health", "gateway", True),
    ],
)
def test_a_path_belongs_to_its_longest_prefix(path: str, service: str, public: bool) -> None:
    route = TESTING.find(path)
    assert route is not None
    assert (route.service, route.public) == (service, public)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "",
        "/api/v1",
        "/api/v1/",
        "/api/v1/mex",
        "/api/v1/profile",
        "/api/v1/shops",
        "/internal/messages/x",
        "/healthy",
    ],
)
def test_a_prefix_matches_whole_segments_only(path: str) -> None:
    assert TESTING.find(path) is None


@pytest.mark.parametrize("app_env", ["staging", "production"])
def test_test_support_is_not_there_in_production(app_env: str) -> None:
    routes = table(app_env=app_env, with_agent=False)
    assert routes.find("/api/v1/test_support/otp/9876543210") is None
    assert routes.find("/test_support/ok") is None
    assert routes.find("/api/v1/me") is not None


def test_the_agent_is_there_only_where_it_runs() -> None:
    assert table(app_env="production", with_agent=False).find("/api/v1/agent/query") is None


def test_uploads_alone_may_be_larger_and_are_streamed() -> None:
    streamed = {route.prefix for route in ROUTES if route.streamed}
    assert streamed == {"/api/v1/vendor/upload-document", "/api/v1/vendor/item/bulk-upload"}
    assert {route.prefix for route in ROUTES if route.body_limit_bytes > MIB} == streamed


def test_every_prefix_stands_once_and_has_a_known_owner() -> None:
    prefixes = [route.prefix for route in ROUTES]
    assert len(set(prefixes)) == len(prefixes)
    assert {route.service for route in ROUTES} == {*SERVICES, "gateway"}
    assert not any(prefix.endswith("/") or "internal" in prefix for prefix in prefixes)


def test_the_administrators_page_is_the_only_one() -> None:
    """A cookie gives rights there: whatever else takes one has to be thought about."""
    assert [route.prefix for route in ROUTES if route.page] == ["/admin"]
