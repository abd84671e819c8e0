"""One OpenAPI document of the whole platform, merged from those of the services.

Each service serves its own at `/openapi.json`; the gateway fetches them, keeps the last good one of each, and falls
back to the committed `services/<name>/openapi.json` where it has them (OPENAPI_DIR, or the checkout it runs from).
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import requests

from habrio_gateway.health import direct
from habrio_gateway.verify import DENIALS
from habrio_shared.errors import WORDS_BY_STATUS, envelope
from habrio_shared.examples import REQUEST_ID, error_example
from habrio_shared.openapi import RETRY_AFTER, Problem

log = logging.getLogger(__name__)

Document = dict[str, Any]

KEPT_SECONDS: Final = 60
KEPT_AFTER_FAILURE_SECONDS: Final = 2
INFO: Final = {
    "title": "Habrio",
    "version": "0.1.0",
    "description": (
        "Order from the shops of your housing society.\n\n"
        "To log in from this page: `POST /api/v1/send-otp` with a phone; read the code there or, in development, at"
        " `GET /test_support/otp/{phone}`; `POST /api/v1/verify-otp`; then give the `access_token` of its answer to"
        " **Authorize**."
    ),
}
SCHEMAS: Final = "#/components/schemas/"
EXAMPLES: Final = "#/components/examples/"
RESPONSES: Final = "#/components/responses/"
FRONT_DOOR: Final = (400, 408, 413, 414, 429, 431, 503, 504)
"""What nginx and the verifier may answer in any service's place."""


class Spec:
    """The merged document; safe to share between threads."""

    def __init__(self, urls: Mapping[str, str], folder: Path | None) -> None:
        self._urls = {name: f"{url.rstrip('/')}/openapi.json" for name, url in urls.items()}
        self._folder = folder
        self._lock = threading.Lock()
        self._good: dict[str, Document] = {}
        self._merged: Document = merged({})
        self._fresh_until = float("-inf")

    def document(self) -> Document:
        """The document as fresh as a minute; services that were never seen are left out. Not to be changed."""
        with self._lock:
            if time.monotonic() >= self._fresh_until:
                complete = self._refresh()
                self._merged = merged({name: self._good[name] for name in self._urls if name in self._good})
                self._fresh_until = time.monotonic() + (KEPT_SECONDS if complete else KEPT_AFTER_FAILURE_SECONDS)
            return self._merged

    def _refresh(self) -> bool:
        with ThreadPoolExecutor(max_workers=len(self._urls), thread_name_prefix="spec") as pool:
            fetched = dict(zip(self._urls, pool.map(_fetched, self._urls.values()), strict=True))
        for name, document in fetched.items():
            if document is not None:
                self._good[name] = document
            elif name not in self._good:
                committed = self._committed(name)
                if committed is not None:
                    self._good[name] = committed
        return None not in fetched.values()

    def _committed(self, name: str) -> Document | None:
        if self._folder is None:
            return None
        try:
            document: Document = json.loads((self._folder / name / "openapi.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            log.warning("no committed OpenAPI document of %s: %s", name, error)
            return None
        return document


def openapi_folder(configured: str) -> Path | None:
    """Where the committed documents are: OPENAPI_DIR, else `services/` of the checkout that this file lies in."""
    if configured:
        return Path(configured)
    checkout = Path(__file__).parents[2] / "services"
    return checkout if checkout.is_dir() else None


def _fetched(url: str) -> Document | None:
    try:
        with direct() as session:
            answer = session.get(url, timeout=(0.5, 2.0), allow_redirects=False)
        document = answer.json()
    except requests.RequestException as error:
        log.warning("%s: %s", url, type(error).__name__)
        return None
    if answer.status_code != 200 or not isinstance(document, dict) or "paths" not in document:
        log.warning("%s: no OpenAPI document (%s)", url, answer.status_code)
        return None
    return document


def merged(documents: Mapping[str, Document]) -> Document:
    """One document of the services' documents, by service name.

    A schema or example whose name another service uses for something else becomes `<Service>_<name>`; `/internal/…`
    is left out.
    To what an operation answers comes what the front door may answer in its place: of the caller, to one that needs a
    token; of anything else, where the service says nothing of that status.
    """
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {"schemas": {}, "examples": {}, "securitySchemes": {}}
    for service, original in documents.items():
        document = original
        for place in (SCHEMAS, EXAMPLES):
            section = place.split("/")[2]
            renamed = _renamed(service, place, document.get("components", {}).get(section, {}), components[section])
            document = _with_refs(document, renamed)
            for name, part in document.get("components", {}).get(section, {}).items():
                components[section][renamed.get(place + name, place + name).removeprefix(place)] = part
        components["securitySchemes"] |= document.get("components", {}).get("securitySchemes", {})
        for path, operations in document["paths"].items():
            if not path.startswith("/internal/"):
                paths.setdefault(path, {}).update(operations)
    components["responses"] = {WORDS_BY_STATUS[status][0]: _front_doors(status) for status in FRONT_DOOR}
    components["schemas"].setdefault("Problem", Problem.model_json_schema())
    for operation in (operation for operations in paths.values() for operation in operations.values()):
        for status in FRONT_DOOR:
            operation["responses"].setdefault(str(status), {"$ref": RESPONSES + WORDS_BY_STATUS[status][0]})
        if operation.get("security"):
            _add_denials(operation["responses"], components["examples"])
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": components,
    }


def _renamed(service: str, place: str, own: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, str]:
    """The new place of each part in `own`, all at `place`, that is not what is `known` by its name, by its old place.

    Parts that read alike still differ when what they refer to does, so that it is looked at until nothing changes.
    """
    renamed: dict[str, str] = {}
    while True:
        found = {
            place + name: f"{place}{service.capitalize()}_{name}"
            for name, part in own.items()
            if name in known and known[name] != _with_refs(part, renamed)
        }
        if found == renamed:
            return renamed
        renamed = found


def _front_doors(status: int) -> Document:
    word, sentence = WORDS_BY_STATUS[status]
    answer = {
        "description": f"`{word}`: {sentence}",
        "content": {
            "application/json": {
                "schema": {"$ref": f"{SCHEMAS}Problem"},
                "example": envelope(status, word, sentence, REQUEST_ID),
            }
        },
    }
    return answer | {"headers": RETRY_AFTER} if status in (429, 503) else answer


def _add_denials(responses: Document, examples: Document) -> None:
    """Say what the verifier answers to a caller whom it does not let in."""
    for failure in DENIALS:
        examples.setdefault(failure.word, {"summary": failure.sentence, "value": error_example(failure)})
        response = responses[str(failure.status)]
        words = dict.fromkeys([*response["description"].split("; "), f"`{failure.word}`: {failure.sentence}"])
        response["description"] = "; ".join(words)
        response["content"]["application/json"]["examples"][failure.word] = {"$ref": EXAMPLES + failure.word}


def _with_refs(node: Any, renamed: Mapping[str, str]) -> Any:
    """A copy of `node` in which every `$ref` that `renamed` names points to the new place."""
    if isinstance(node, dict):
        return {
            key: renamed.get(value, value) if key == "$ref" and isinstance(value, str) else _with_refs(value, renamed)
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [_with_refs(item, renamed) for item in node]
    return node


def as_openapi_30(document: Document) -> Document:
    """The same document in the words of OpenAPI 3.0, which is what flasgger's Swagger UI can show."""
    older = deepcopy(document)
    older["openapi"] = "3.0.3"
    schemas = older["components"]["schemas"]
    older["components"]["schemas"] = {name: _schema_30(schema) for name, schema in schemas.items()}
    for operations in older["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _schema_30(parameter["schema"])
            for carrier in (operation.get("requestBody", {}), *operation.get("responses", {}).values()):
                for content in carrier.get("content", {}).values():
                    content["schema"] = _schema_30(content["schema"])
    return older


def _schema_30(node: Any) -> Any:
    """One schema: null becomes nullable, exclusive bounds become flags, const an enum, examples an example."""
    if isinstance(node, list):
        return [_schema_30(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {
        key: {name: _schema_30(part) for name, part in value.items()} if key == "properties" else _schema_30(value)
        for key, value in node.items()
    }
    options = schema.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        del schema["anyOf"]
        schema |= {"nullable": True}
        schema |= {"anyOf": rest} if len(rest) > 1 or "$ref" in rest[0] else rest[0]
    for old, new in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if isinstance(schema.get(old), int | float) and not isinstance(schema[old], bool):
            schema[new], schema[old] = schema[old], True
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if isinstance(schema.get("examples"), list):
        schema["example"] = schema.pop("examples")[0]
    return schema
