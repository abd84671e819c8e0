"""`/metrics/<process>`: what a service's processes count, fetched for whoever watches the platform from outside.

`/metrics` itself is this process's own (habrio_shared.metrics.web). What both tell of traffic and money is for those
who run the platform: in staging and production it takes their token, or an address of their own network.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

import requests
from flask import Blueprint, Flask, Response, request

from habrio_gateway.health import direct
from habrio_gateway.settings import GatewaySettings
from habrio_shared.errors import Forbidden, NotFound, Unavailable
from habrio_shared.metrics.web import PATH

PRIVATE: Final = tuple(
    ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "::1", "fc00::/7")
)
TIMEOUT_SECONDS: Final = (0.5, 3.0)


class NotForEverybody(Forbidden):
    sentence = "The metrics are for those who run the platform"


class ProcessAway(Unavailable):
    sentence = "This process hands out no metrics just now"


def is_private(address: str) -> bool:
    """Whether this is a loopback or RFC 1918 (or, of IPv6, a unique local) address; no address is none."""
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return any(parsed.version == network.version and parsed in network for network in PRIVATE)


class MetricsDoor:
    """Who may read `/metrics` and below: everybody in development and testing, else who is named above."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._is_open = not settings.is_strict
        self._token = settings.metrics_token.get_secret_value().encode() if settings.metrics_token else b""

    def guard(self, app: Flask) -> None:
        @app.before_request
        def check() -> None:
            if request.path == PATH or request.path.startswith(f"{PATH}/"):
                self.check()

    def check(self) -> None:
        """Let this request pass, or raise NotForEverybody."""
        if self._is_open or self._has_token(request.headers.get("Authorization", "")):
            return
        # nginx names the one address that it knows; who comes past it, from within the network, has only his own.
        client = request.headers.get("X-Forwarded-For", request.remote_addr or "")
        if not (is_private(request.remote_addr or "") and is_private(client)):
            raise NotForEverybody

    def _has_token(self, authorization: str) -> bool:
        scheme, _, given = authorization.partition(" ")
        is_right = hmac.compare_digest(given.strip().encode(), self._token)
        return bool(self._token) and scheme.lower() == "bearer" and is_right


def metrics_pages(urls: Mapping[str, str]) -> Blueprint:
    """The pages of the processes at `urls`: 404 for any other name, 503 for one that is away or too slow."""
    pages = Blueprint("metrics", __name__)
    addresses = {name: f"{url.rstrip('/')}{PATH}" for name, url in urls.items()}

    @pages.get(f"{PATH}/<process>")
    def of_process(process: str) -> Response:
        if process not in addresses:
            raise NotFound
        try:
            with direct() as session:
                answer = session.get(addresses[process], timeout=TIMEOUT_SECONDS, allow_redirects=False)
                answer.raise_for_status()
        except requests.RequestException as error:
            raise ProcessAway from error
        return Response(answer.content, 200, content_type=answer.headers.get("Content-Type", "text/plain"))

    return pages
