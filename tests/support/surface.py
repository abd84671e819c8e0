"""What a document promises to clients, one line a promise, and what a newer one has broken of a released one's.

Apps that exist go on sending what was taken and reading what was given, so for each operation

    takes body.role: string      must stay; a choice's values are "takes body.role = vendor"
    gives 200 data.id: integer   must stay; so must "always 200 data.id", said of fields that are never left out
    needs body.role              must not come to be

and whatever else is added breaks nobody (API.md: unknown fields are ignored). Bounds are not compared: they are the
rules' affair and have tests. `python -m tests.support.surface 0.2.0` writes down what a version promises, once it is
released.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from habrio_local.home import CHECKOUT
from tests.support.documents import Document, operations, platform, resolved

RELEASED = CHECKOUT / "tests" / "contract" / "released"
Surface = dict[str, list[str]]
"""Promises by operation, "POST /api/v1/send-otp"."""


def surface(document: Document) -> Surface:
    return {
        f"{method.upper()} {path}": sorted(set(_promises(document, one))) for path, method, one in operations(document)
    }


def broken(released: Surface, now: Surface) -> list[str]:
    """What clients of `released` can no longer rely on, or must do that they do not know of."""
    faults = [f"{operation} is gone" for operation in released.keys() - now.keys()]
    for operation in released.keys() & now.keys():
        before, after = set(released[operation]), set(now[operation])
        faults += [f"{operation} no longer {line}" for line in before - after if not line.startswith("needs ")]
        faults += [f"{operation} now {line}" for line in after - before if line.startswith("needs ")]
    return sorted(faults)


def _promises(document: Document, operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation["parameters"]:
        name = f"{parameter['in']}.{parameter['name']}"
        yield from _taken(document, parameter["schema"], name)
        if parameter.get("required"):
            yield f"needs {name}"
    for content in operation.get("requestBody", {}).get("content", {}).values():
        yield from _taken(document, content["schema"], "body")
    for status, response in operation["responses"].items():
        if int(status) < 300:
            for content in resolved(document, response).get("content", {}).values():
                yield from _given(document, content["schema"], status, "")


def _taken(document: Document, schema: dict[str, Any], name: str) -> Iterator[str]:
    yield f"takes {name}: {_kind(document, schema)}"
    for part in _variants(document, schema):
        yield from (f"takes {name} = {value}" for value in _choices(part))
        yield from (f"needs {name}.{field}" for field in part.get("required", ()))
        for field, inner in part.get("properties", {}).items():
            yield from _taken(document, inner, f"{name}.{field}")
        if "items" in part:
            yield from _taken(document, part["items"], f"{name}[]")


def _given(document: Document, schema: dict[str, Any], status: str, name: str) -> Iterator[str]:
    yield f"gives {status} {name}: {_kind(document, schema)}"
    for part in _variants(document, schema):
        yield from (f"always {status} {name}.{field}" for field in part.get("required", ()))
        for field, inner in part.get("properties", {}).items():
            yield from _given(document, inner, status, f"{name}.{field}")
        if "items" in part:
            yield from _given(document, part["items"], status, f"{name}[]")


def _variants(document: Document, schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What a value of this schema may be, or is all of."""
    schema = resolved(document, schema)
    parts = schema.get("anyOf", []) + schema.get("allOf", [])
    return [variant for part in parts for variant in _variants(document, part)] if parts else [schema]


def _kind(document: Document, schema: dict[str, Any]) -> str:
    return " or ".join(sorted({str(part.get("type", "anything")) for part in _variants(document, schema)}))


def _choices(schema: dict[str, Any]) -> list[Any]:
    return [schema["const"]] if "const" in schema else list(schema.get("enum", []))


def main() -> int:
    file = RELEASED / f"{sys.argv[1]}.json"
    file.write_text(json.dumps(surface(platform()), indent=1) + "\n", encoding="utf-8")
    print(f"{file.relative_to(CHECKOUT)}: {sum(map(len, surface(platform()).values()))} promises")
    return 0


if __name__ == "__main__":
    sys.exit(main())
