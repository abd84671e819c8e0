"""Every route with a body, as the platform's document has them, and a good request to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from habrio_gateway.spec import SCHEMAS, Document
from tests.proof.fuzz.cast import Cast, document, rightful

BOUNDARY = "fuzz-boundary"


@dataclass(frozen=True)
class Target:
    """One route: its path (ids filled in), the token of somebody it is for, and a body of the right shape."""

    label: str
    path: str
    token: str
    body: bytes
    content_type: str
    text_field: str

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON, and not a form."""
        return self.content_type == "application/json"

    def head(self, *lines: str, line: str = "", length: int | None = None, keeps: bool = False) -> bytes:
        """Request line and headers up to the empty line; `lines` are added, `length` is Content-Length.

        `keeps`: the connection is to stay, so that whatever comes after this request would be taken for another.
        """
        wanted = [line or f"POST {self.path} HTTP/1.1", "Host: habrio.example", f"Content-Type: {self.content_type}"]
        if not keeps:
            wanted.append("Connection: close")
        if self.token:
            wanted.append(f"Authorization: Bearer {self.token}")
        if length is not None:
            wanted.append(f"Content-Length: {length}")
        return "\r\n".join([*wanted, *lines, "", ""]).encode("latin-1")

    def request(self, body: bytes | None = None, *lines: str) -> bytes:
        """A well-formed request with this body, or with the good one."""
        sent = self.body if body is None else body
        return self.head(*lines, length=len(sent)) + sent


def targets(cast: Cast) -> list[Target]:
    """All of them, in the document's order; each in the session of its rightful person."""
    whole = document()
    users = cycle(cast.ids["user_id"])  # who acts on one that another act has not left yet waits
    return [
        _target(f"{method.upper()} {path}", path.replace("{user_id}", str(next(users))), operation, whole, cast)
        for path, operations in whole["paths"].items()
        for method, operation in operations.items()
        if "requestBody" in operation
    ]


def _target(label: str, path: str, operation: Document, whole: Document, cast: Cast) -> Target:
    person = cast.people[rightful(operation)]
    for name, known in cast.ids.items():
        path = path.replace(f"{{{name}}}", str(known[-1]))
    content = operation["requestBody"]["content"]
    token = person.token if person.user else ""
    if "application/json" not in content:
        disposition = 'Content-Disposition: form-data; name="file"; filename="items.csv"'
        form = f"--{BOUNDARY}\r\n{disposition}\r\n\r\ntitle,price\n\r\n--{BOUNDARY}--\r\n".encode()
        return Target(label, path, token, form, f"multipart/form-data; boundary={BOUNDARY}", "title")
    schema = _resolved(content["application/json"]["schema"], whole)
    sample = _sample(schema, whole)
    texts = [name for name, value in sample.items() if isinstance(value, str)]
    return Target(label, path, token, json.dumps(sample).encode(), "application/json", (texts or ["unknown"])[0])


def _resolved(schema: Document, whole: Document) -> Document:
    while "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].removeprefix(SCHEMAS)]
    return schema


def _sample(given: Document, whole: Document) -> Any:
    """A value of the schema's shape; whether the rules of the shop like it is another matter."""
    schema = _resolved(given, whole)
    if options := schema.get("anyOf"):
        return _sample(options[0], whole)
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kinds: dict[str, Callable[[], Any]] = {
        "object": lambda: {name: _sample(field, whole) for name, field in schema.get("properties", {}).items()},
        "array": lambda: [_sample(schema.get("items", {}), whole)],
        "integer": lambda: schema.get("minimum", 1),
        "number": lambda: schema.get("minimum", 1),
        "boolean": lambda: True,
    }
    return kinds.get(schema.get("type", ""), lambda: "x")()
