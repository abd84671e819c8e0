"""The committed OpenAPI documents, and the platform's own, merged from them as the gateway does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from habrio_gateway.spec import merged
from habrio_local.home import CHECKOUT

Document = dict[str, Any]
SERVICES = sorted(path.parent.name for path in CHECKOUT.glob("services/*/openapi.json"))


@cache
def committed(service: str) -> Document:
    """The document of one service. Not to be changed."""
    document: Document = json.loads((CHECKOUT / "services" / service / "openapi.json").read_text(encoding="utf-8"))
    return document


@cache
def platform() -> Document:
    """The document of all services, which clients find at /apispec.json. Not to be changed."""
    return merged({service: committed(service) for service in SERVICES})


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of all."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def resolved(document: Document, node: Any) -> Any:
    """`node`, or what its `$ref` points to."""
    while "$ref" in node:
        found: Any = document
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node
