"""The platform as the person who asks sees it: its public API at the front door, with their own access token.

There is no other verb here than `read`, and no other address than those of `READS`: whatever a model asks for, nothing
can be changed from here, and nobody's rights but the caller's are at hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Literal, Self, get_args

import requests
from flask import g

from habrio_agent.questions.errors import SignedOut
from habrio_shared.database import in_transaction

CONNECT_TIMEOUT_SECONDS = 1.0
READ_TIMEOUT_SECONDS = 5.0
BODY_BYTES_MAX = 1024 * 1024
NOT_NOW = "This could not be read just now"

Address = Literal[
    "/api/v1/consumer/shops",
    "/api/v1/consumer/shops/search",
    "/api/v1/consumer/shop/{shop_id}/items",
    "/api/v1/consumer/cart/view",
    "/api/v1/consumer/order/history",
    "/api/v1/consumer/orders/{order_id}",
    "/api/v1/consumer/wallet",
    "/api/v1/vendor/shop/my",
    "/api/v1/vendor/item/my",
    "/api/v1/vendor/orders",
]
READS: Final = frozenset(get_args(Address))
"""All that can be asked of the platform. Each is a GET that changes nothing."""


class Unread(Exception):
    """What the platform says instead of an answer, in a sentence for the model."""


class Platform:
    """One question's view of the platform. A connection of its own, so that nothing of one person stays for the next.

    `authorization`: the caller's own header, as it came. It is held for the question and sent to `url` alone.
    """

    def __init__(self, url: str, authorization: str) -> None:
        self._url = url.rstrip("/")
        self._authorization = authorization
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._session.close()

    def read(
        self,
        address: Address,
        *,
        ids: Mapping[str, int] | None = None,
        query: Mapping[str, str | int | list[str] | None] | None = None,
        timeout_seconds: float = READ_TIMEOUT_SECONDS,
    ) -> dict[str, Any]:
        """The JSON object that GET of `address` answers the caller.

        `ids` fill its placeholders; what is None in `query` is left out. ValueError for an address that is not one of
        READS; Unread when the platform refuses or fails; SignedOut when the caller's session is over.
        """
        if address not in READS:
            raise ValueError(f"{address} is not among what may be read")
        if in_transaction():
            raise RuntimeError("no call may leave the process inside a transaction")
        path = address.format(**{name: int(value) for name, value in (ids or {}).items()})
        try:
            with self._session.get(
                self._url + path,
                params=dict(query or {}),
                headers={
                    "Authorization": self._authorization,
                    "X-Request-ID": g.request_id,
                    "traceparent": g.traceparent,
                },
                timeout=(CONNECT_TIMEOUT_SECONDS, max(0.05, min(READ_TIMEOUT_SECONDS, timeout_seconds))),
                allow_redirects=False,
                stream=True,
            ) as response:
                body = _json_of(response)
        except (requests.RequestException, ValueError) as error:
            raise Unread(NOT_NOW) from error
        return _checked(response.status_code, body)


def _json_of(response: requests.Response) -> Any:
    """The body as JSON; ValueError when it is none, or longer than anything that is read here."""
    parts = bytearray()
    for part in response.iter_content(64 * 1024):
        parts += part
        if len(parts) > BODY_BYTES_MAX:
            raise ValueError("too long")
    return json.loads(parts)


def _checked(status: int, body: Any) -> dict[str, Any]:
    if status == 401:
        raise SignedOut
    if not isinstance(body, dict) or status >= 500:
        raise Unread(NOT_NOW)
    if status != 200:
        raise Unread(str(body.get("message", "This was refused"))[:300])
    return body
