"""Every route of every service is given recognisable secrets, and fails with them: no log has one."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import text

from habrio_shared.api import ApiBlueprint, Route
from habrio_shared.database import transaction
from habrio_shared.errors import HabrioError
from habrio_shared.identity.caller import Role
from habrio_shared.logs import JsonFormatter, TextFormatter
from tests.support.database import service_app
from tests.support.signed import Signed, anonymous, person, service
from tests.support.stack import Servers

SERVICES = ("auth", "consumer", "vendor", "admin", "agent")
NOBODY_LISTENS = "http://127.0.0.1:9"

NAME = "Zarathustra"
PHONE = "9876501234"
OTP = "739151"
ACCOUNT = "50100234567891"
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ6YXJhdGh1c3RyYSJ9.c2lnbmF0dXJlLW9mLXphcmF0aHVzdHJh"
SECRETS = re.compile(rf"{NAME}|{PHONE}|(?<!\d){OTP}(?!\d)|{ACCOUNT}|{re.escape(TOKEN)}", re.IGNORECASE)
BY_WORD = {
    "phone": PHONE,
    "otp": OTP,
    "token": TOKEN,
    "account": ACCOUNT,
    "ifsc": "HDFC0001234",
    "gst": "29ABCDE1234F1Z5",
}
ALL_AT_ONCE = f"{NAME} {PHONE} OTP {OTP} {ACCOUNT} {TOKEN}"
LINE = {"time", "level", "service", "logger", "request_id", "trace_id", "span_id", "user_id", "message"}


@pytest.fixture(scope="module")
def apps(postgres: Servers) -> dict[str, Flask]:
    """Each service on a database of its own; whatever it calls is away."""
    away = {f"{name.upper()}_URL": NOBODY_LISTENS for name in SERVICES}
    away |= {"OPENAI_BASE_URL": NOBODY_LISTENS, "PLATFORM_URL": NOBODY_LISTENS, "NOTIFY_URL": "none"}
    return {
        name: service_app(postgres, import_module(f"habrio_{name}.app").create_app, name, databases=None, **away)
        for name in SERVICES
    }


@pytest.fixture(params=["json", "text"])
def said(request: pytest.FixtureRequest, apps: dict[str, Flask]) -> Iterator[io.StringIO]:
    """What the processes say, in one of the two formats, down to the last level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter("tested") if request.param == "json" else TextFormatter())
    root = logging.getLogger()
    before, root.handlers[:] = root.handlers[:], [handler]
    root.setLevel("DEBUG")
    yield stream
    root.handlers[:] = before
    root.setLevel("WARNING")


def routes_of(app: Flask) -> list[Route]:
    return [route for part in cast("list[ApiBlueprint]", app.extensions["habrio_blueprints"]) for route in part.routes]


def filled(schema: dict[str, Any], definitions: dict[str, Any], name: str, text_for: str) -> Any:
    """A value of this JSON schema; texts are the secret that their name speaks of, unless `text_for` is given."""
    if "$ref" in schema:
        return filled(definitions[schema["$ref"].rpartition("/")[2]], definitions, name, text_for)
    if "anyOf" in schema:
        return filled(schema["anyOf"][0], definitions, name, text_for)
    if "properties" in schema:
        return {key: filled(inner, definitions, key, text_for) for key, inner in schema["properties"].items()}
    if schema.get("type") == "array":
        return [filled(schema["items"], definitions, name, text_for)]
    plain = {"integer": max(1, int(schema.get("minimum", 1))), "number": 1.0, "boolean": True}
    secret = next((secret for word, secret in BY_WORD.items() if word in name.lower()), NAME)
    return plain.get(schema.get("type", ""), text_for or schema.get("const") or schema.get("enum", [secret])[0])


def caller_for(app: Flask, route: Route) -> Signed:
    """The first of all kinds of callers whom the route lets in."""
    roles: tuple[Role, ...] = ("consumer", "vendor", "admin", "none")
    everybody = [person(app, role, phone=f"+91{PHONE}", name=NAME) for role in roles]
    for caller in (*everybody, anonymous(app), *(service(app, name) for name in ("gateway", *SERVICES))):
        try:
            route.access.check(caller.caller)
        except HabrioError:
            continue
        return caller
    raise AssertionError(f"nobody may use {route.rule}")


def drive(app: Flask, text_for: str = "") -> list[str]:
    """Call each route once; which of them have answered 500."""
    faults: list[str] = []
    for route in routes_of(app):
        path = re.sub(r"<(\w+:)?(\w+)>", lambda found: PHONE if "phone" in found[2] else "1", route.rule)
        schema = route.body.model_json_schema() if route.body else {}
        body = filled(schema, schema.get("$defs", {}), "", text_for) if schema else None
        headers = {"Authorization": f"Bearer {TOKEN}", "User-Agent": NAME, "Idempotency-Key": f"{text_for[:1]}k1"}
        query = {"q": ALL_AT_ONCE, "phone": PHONE} if route.method == "GET" else None
        answer = caller_for(app, route).request(route.method, path, json=body, headers=headers, query_string=query)
        if answer.status_code == 500 and not route.rule.endswith("/test_support/boom"):  # which is one of its own
            faults.append(f"{route.method} {route.rule}")
    return faults


def lose_all_tables(app: Flask) -> None:
    """Each statement fails from now on, with what it was given at hand."""
    with app.app_context(), transaction() as session:
        schema = session.scalar(text("SELECT current_schema()"))
        tables = session.scalars(text(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")).all()
        for table in tables:
            session.execute(text(f'ALTER TABLE "{table}" RENAME TO "lost_{table}"'))


def find_all_tables(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        for table in session.scalars(text("SELECT tablename FROM pg_tables WHERE tablename LIKE 'lost!_%' ESCAPE '!'")):
            session.execute(text(f'ALTER TABLE "{table}" RENAME TO "{table.removeprefix("lost_")}"'))


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_is_said(name: str, apps: dict[str, Flask], said: io.StringIO) -> None:
    app = apps[name]
    assert not drive(app) + drive(app, ALL_AT_ONCE), "these are requests of people who err"
    lose_all_tables(app)
    try:
        broken = drive(app)
    finally:
        find_all_tables(app)
    assert len(broken) >= len(routes_of(app)) / 4, f"a lost table is a fault: {broken}"
    lines = said.getvalue().splitlines()
    assert not [line for line in lines if SECRETS.search(line)]
    assert "UndefinedTable" in said.getvalue()
    if lines[0].startswith("{"):
        assert all(json.loads(line).keys() >= LINE for line in lines)
