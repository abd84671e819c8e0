"""The service's OpenAPI 3 document, made from its routes and schemas; nothing of it is written by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from flask import Flask
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from habrio_shared.api import ApiBlueprint, FileAnswer, Route
from habrio_shared.errors import (
    Forbidden,
    HabrioError,
    NotFound,
    Unauthorized,
    UnsupportedMediaType,
    ValidationFailed,
)
from habrio_shared.examples import error_example, example
from habrio_shared.idempotency import KeyInUse, KeyReused, KeyTooLong

OPENAPI_VERSION = "3.1.0"
REF = "#/components/schemas/{model}"
RETRY_AFTER = {
    "Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}, "description": "seconds to wait"}
}
"""The header of every 429 and 503."""

Refs: TypeAlias = Mapping[tuple[Any, str], str]
"""Where the schema of a model stands in the document, by model and mode (validation or serialization)."""


@dataclass(frozen=True)
class _Parts:
    """What operations refer to: where models stand, their schemas, and the errors' examples found so far."""

    refs: Refs
    schemas: dict[str, Any]
    examples: dict[str, Any] = field(default_factory=dict)

    def content(self, model: type[BaseModel], mode: str) -> dict[str, Any]:
        """A JSON body of this model, with an example."""
        schema = {"$ref": self.refs[model, mode]}
        return {"schema": schema, "example": example(schema, self.schemas)}

    def error(self, failure: type[HabrioError]) -> dict[str, Any]:
        """Where the example of `failure` stands, by its word; a second one of that word is told by its class."""
        shown = {"summary": failure.sentence, "value": error_example(failure)}
        name = failure.word if self.examples.get(failure.word, shown) == shown else failure.__name__
        self.examples[name] = shown
        return {name: {"$ref": f"#/components/examples/{name}"}}


class Problem(BaseModel):
    """The envelope of every error."""

    status: str = Field(examples=["error"])
    message: str = Field(description="a sentence for a person")
    code: int = Field(description="the HTTP status again")
    error: str = Field(description="a stable word for a program")
    request_id: str
    errors: list[dict[str, Any]] | None = Field(default=None, description="of a validation error: loc, msg, type")


def routes_of(app: Flask) -> list[Route]:
    """Every route that the service's blueprints declare, in order of registration."""
    blueprints: list[ApiBlueprint] = app.extensions["habrio_blueprints"]
    return [route for blueprint in blueprints for route in blueprint.routes]


def document(app: Flask, *, title: str, version: str) -> dict[str, Any]:
    """The OpenAPI document of the routes that clients may use (`/internal/…` is not part of it)."""
    routes = [route for route in routes_of(app) if route.access.kind != "internal"]
    requests = [(model, "validation") for route in routes for model in (route.body, route.query) if model]
    models = [route.answer for route in routes if not issubclass(route.answer, FileAnswer)]
    answers = [(model, "serialization") for model in (Problem, *models)]
    names, definitions = models_json_schema(
        sorted({*requests, *answers}, key=str),  # type: ignore[arg-type]  # the tuples' second parts are the two literals
        ref_template=REF,
    )
    refs = {(model, str(mode)): str(schema["$ref"]) for (model, mode), schema in names.items()}
    parts = _Parts(refs, definitions["$defs"])
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.rule)
        paths.setdefault(path, {})[route.method.lower()] = _operation(app.name, route, parts)
    for query in {route.query for route in routes if route.query}:
        del parts.schemas[_name(refs[query, "validation"])]
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": title, "version": version},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(parts.schemas.items())),
            "examples": dict(sorted(parts.examples.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _operation(service: str, route: Route, parts: _Parts) -> dict[str, Any]:
    feature = route.handler.__module__.split(".")[-2]
    operation: dict[str, Any] = {
        "operationId": f"{route.method.lower()}_{_slug(route.rule)}",
        "tags": [f"{service}: {feature}"],
        "summary": route.summary,
        "parameters": _path_parameters(route),
        "responses": _responses(route, parts),
        "security": [] if route.access.kind == "public" else [{"bearer": []}],
    }
    if route.description:
        operation["description"] = route.description
    if route.access.requirement:
        operation["x-habrio-requires"] = route.access.requirement
    if route.query is not None:
        operation["parameters"] += _query_parameters(parts.schemas[_name(parts.refs[route.query, "validation"])])
    if route.idempotent:
        operation["parameters"].append(
            {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}}
        )
    if route.has_etag:
        operation["parameters"].append(
            {
                "name": "If-None-Match",
                "in": "header",
                "schema": {"type": "string"},
                "description": "an ETag seen before",
            }
        )
    if route.body is not None or route.takes_upload:
        operation["requestBody"] = _request_body(route, parts)
    return operation


def _request_body(route: Route, parts: _Parts) -> dict[str, Any]:
    content: dict[str, Any] = {}
    required = route.takes_upload
    body = [] if route.body is None else [{"$ref": parts.refs[route.body, "validation"]}]
    if route.body is not None and (not route.takes_upload or route.upload_is_optional):
        required = any(field.is_required() for field in route.body.model_fields.values())
        content["application/json"] = parts.content(route.body, "validation")
    if route.takes_upload:
        file = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
        content["multipart/form-data"] = {"schema": {"allOf": [*body, file]} if body else file}
    return {"required": required, "content": content}


def _slug(rule: str) -> str:
    """A name for the path, unique over the platform: consumer_orders_order_id_cancel."""
    path = rule.removeprefix("/api/v1/") if rule.startswith("/api/v1/") else f"root{rule}"
    return re.sub(r"\W+", "_", re.sub(r"<(?:\w+:)?(\w+)>", r"\1", path))


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = []
    for converter, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.rule):
        schema = {"type": "integer", "minimum": 1} if converter == "id" else {"type": "string"}
        parameters.append({"name": name, "in": "path", "required": True, "schema": schema})
    return parameters


def _name(ref: str) -> str:
    return ref.rpartition("/")[2]


def _query_parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": field}
        for name, field in schema["properties"].items()
    ]


def _responses(route: Route, parts: _Parts) -> dict[str, Any]:
    content: dict[str, Any] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    if not issubclass(route.answer, FileAnswer):
        content = {"application/json": parts.content(route.answer, "serialization")}
    if route.file_type:
        content[route.file_type] = {"schema": {"type": "string"}}
    responses: dict[str, Any] = {str(route.status): {"description": "success", "content": content}}
    if route.may_end_later:
        responses["202"] = responses[str(route.status)] | {"description": "taken, but how it ends is not known yet"}
    if route.has_etag:
        responses["304"] = {"description": "what the client has, by its ETag, is still so"}
    failures: dict[int, list[type[HabrioError]]] = {}
    for failure in (*_failures(route), *route.errors):
        failures.setdefault(failure.status, []).append(failure)
    for status, those in sorted(failures.items()):
        lines = dict.fromkeys(f"`{failure.word}`: {failure.sentence}" for failure in those)
        shown = {name: where for failure in those for name, where in parts.error(failure).items()}
        problem = {"schema": {"$ref": REF.format(model="Problem")}, "examples": shown}
        responses[str(status)] = {"description": "; ".join(lines), "content": {"application/json": problem}}
        if status in (429, 503):
            responses[str(status)]["headers"] = RETRY_AFTER
    return responses


def _failures(route: Route) -> list[type[HabrioError]]:
    """What the kind of route may answer, beside what its own declaration says."""
    failures: list[type[HabrioError]] = [ValidationFailed] if route.body or route.query or route.takes_upload else []
    if route.access.kind != "public":
        failures += [Unauthorized, Forbidden]
    if route.body and (not route.takes_upload or route.upload_is_optional):
        failures.append(UnsupportedMediaType)
    if "<" in route.rule:
        failures.append(NotFound)
    if route.idempotent:
        failures += [KeyTooLong, KeyReused, KeyInUse]
    return failures
