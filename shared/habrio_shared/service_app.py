"""The factory of every service: settings in, a Flask application with the platform's manners out."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, ValidationError

from habrio_shared import faults, logs, openapi, request_ids, telemetry
from habrio_shared.api import BODY_LIMIT_BYTES, ApiBlueprint, json_response
from habrio_shared.database import engine_options, prepare, reading
from habrio_shared.errors import (
    WORDS_BY_STATUS,
    HabrioError,
    InternalError,
    Unauthorized,
    Unavailable,
    envelope,
)
from habrio_shared.identity import tokens
from habrio_shared.identity.keys import KeyRing
from habrio_shared.metrics import statements, web
from habrio_shared.migrations.cli import register_commands
from habrio_shared.migrations.state import has_what_we_need
from habrio_shared.schemas import ID_MAX
from habrio_shared.settings import ServiceSettings

log = logging.getLogger(__name__)

OPEN_PATHS = frozenset({"/health", "/ready", "/openapi.json", web.PATH})
"""What a service's own port answers without an internal token: probes, its public description, its metrics.

The port is the internal network's; nginx leads to none of them.
"""


class IdConverter(BaseConverter):
    """`<id:order_id>`: a positive integer that a client can hold exactly, in ASCII digits and written in one way only.

    Anything else is no such address, so that one thing has one path: keys of requests hold the path.
    """

    regex = "[1-9][0-9]{0,15}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > ID_MAX:
            raise ValidationError
        return number


def create_service(
    settings: ServiceSettings,
    *,
    title: str,
    version: str,
    folder: Path,
    db: SQLAlchemy,
    blueprints: Iterable[ApiBlueprint],
    mechanisms: Iterable[MetaData] = (),
) -> Flask:
    """A service's application: its database, its blueprints, the envelope, health and readiness, the commands.

    `folder` is the service's own (it holds `migrations/`); `mechanisms` are the tables of `habrio_shared` that it
    uses beside its own. Raises ValueError when the settings lack what it needs.
    """
    logs.set_up(settings)
    faults.arm(faults.parse(settings.faults))
    app = Flask(settings.service)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value() if settings.secret_key else None,
        MAX_CONTENT_LENGTH=BODY_LIMIT_BYTES,
        SQLALCHEMY_DATABASE_URI=settings.service_database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            settings.service_database_url,
            pool_size=settings.database_pool_size,
            statement_timeout_ms=settings.database_statement_timeout_ms,
            application=f"habrio-{settings.service}",
        ),
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.url_map.converters["id"] = IdConverter
    app.url_map.merge_slashes = False
    app.url_map.strict_slashes = True
    app.extensions.update(
        habrio_settings=settings,
        habrio_keys=KeyRing(settings),
        habrio_clients={},
        habrio_blueprints=list(blueprints),
        habrio_metadatas=[db.metadata, *mechanisms],
    )
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        statements.watch(db.engine)
    web.set_up(app)
    telemetry.set_up(app, settings)
    _identify_requests(app, settings)
    _render_errors(app)
    for blueprint in app.extensions["habrio_blueprints"]:
        blueprint.mount(app)
    _describe(app, title=title, version=version, migrations=folder / "migrations")
    register_commands(app, db, folder)
    return app


def _identify_requests(app: Flask, settings: ServiceSettings) -> None:
    keys: KeyRing = app.extensions["habrio_keys"]

    @app.before_request
    def identify() -> None:
        g.request_id = request_ids.request_id(request.headers.get("X-Request-ID"))
        g.traceparent = telemetry.traceparent(request.headers.get("traceparent"))
        if request.path in OPEN_PATHS:
            return
        try:
            g.caller = tokens.verify(
                keys,
                request.headers.get(tokens.HEADER, ""),
                audience=settings.service,
                method=request.method,
                path=request.path,
            )
        except tokens.InvalidInternalToken as error:
            raise Unauthorized from error

    @app.after_request
    def carry_ids(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.get("request_id", "")
        response.headers["traceparent"] = g.get("traceparent", "")
        return response


def error_response(error: HabrioError) -> Response:
    """The envelope of `error` as a response, with Retry-After when it says how long."""
    web.note_error(error.word)
    body = envelope(error.status, error.word, error.message, g.get("request_id", ""), **error.details)
    response = json_response(body, error.status)
    response.headers.update(error.headers)
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _render_errors(app: Flask) -> None:
    @app.errorhandler(HabrioError)
    def expected(error: HabrioError) -> Response:
        if error.status >= 500:
            log.warning("%s %s: %s", request.method, request.path, error)
        return error_response(error)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        word, sentence = WORDS_BY_STATUS.get(status, WORDS_BY_STATUS[400 if status < 500 else 500])
        web.note_error(word)
        response = json_response(envelope(status, word, sentence, g.get("request_id", "")), status)
        if status == 405:
            response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return response

    @app.errorhandler(OperationalError)
    @app.errorhandler(InterfaceError)
    @app.errorhandler(PoolTimeout)
    def database_away(error: SQLAlchemyError) -> Response:
        log.error("%s %s: the database: %s", request.method, request.path, error)
        return error_response(Unavailable())

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        # The outermost edge: whatever was not foreseen is named in the log and answered in the envelope.
        log.error("%s %s: %s", request.method, request.path, type(error).__name__, exc_info=error)
        response = error_response(InternalError())
        web.note_error(type(error).__name__)
        return response


def _describe(app: Flask, *, title: str, version: str, migrations: Path) -> None:
    described: dict[str, Any] = {}

    @app.get("/health")
    def health() -> Response:
        return json_response({"status": "ok"}, 200)

    @app.get("/ready")
    def ready() -> Response:
        checks = {"database": _database_answers(), "migrations": False}
        checks["migrations"] = checks["database"] and has_what_we_need(migrations)
        status, code = ("ready", 200) if all(checks.values()) else ("not ready", 503)
        return json_response({"status": status, "checks": checks}, code)

    @app.get("/openapi.json")
    def openapi_json() -> Response:
        if not described:
            described.update(openapi.document(app, title=title, version=version))
        return json_response(described, 200)


def _database_answers() -> bool:
    try:
        with reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("not ready: %s", error)
        return False
    return True
