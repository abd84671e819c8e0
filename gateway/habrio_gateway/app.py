"""The gateway's Python process: what nginx asks before each request, and the pages at the root of the platform."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, g, request

from habrio_gateway import answers
from habrio_gateway.docs import docs_pages
from habrio_gateway.health import Readiness, health_pages
from habrio_gateway.metrics import MetricsDoor, metrics_pages
from habrio_gateway.routes import GATEWAY, table
from habrio_gateway.sessions import sessions_at
from habrio_gateway.settings import GatewaySettings
from habrio_gateway.spec import Spec, openapi_folder
from habrio_gateway.tokens import AccessTokens
from habrio_gateway.verify import Asked, Limit, Verifier, default_limit
from habrio_shared import limiter, logs, telemetry
from habrio_shared.errors import HabrioError
from habrio_shared.identity.keys import KeyRing
from habrio_shared.identity.tokens import HEADER
from habrio_shared.metrics import web


def create_app(settings: GatewaySettings | None = None, *, limits: Sequence[Limit] = (default_limit,)) -> Flask:
    """The application, from the environment unless `settings` are given. Connects to nothing before it is asked."""
    settings = settings or GatewaySettings()
    logs.set_up(settings)
    routes = table(app_env=settings.app_env, with_agent=settings.with_agent)
    sessions = sessions_at(settings.auth_view_url)
    services = sorted({route.service for route in routes} - {GATEWAY})
    urls = {name: str(getattr(settings, f"{name}_url")) for name in services}
    verifier = Verifier(
        routes=routes,
        tokens=AccessTokens(
            secret=settings.jwt_secret.get_secret_value(),
            previous_secrets=[secret.get_secret_value() for secret in settings.jwt_previous_secrets],
            lifetime_seconds=settings.access_token_seconds,
        ),
        sessions=sessions,
        keys=KeyRing(settings),
        internal_token_seconds=settings.internal_token_seconds,
        limits=limits,
    )
    app = Flask("habrio_gateway", static_folder=None)
    app.url_map.merge_slashes = False
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024  # nothing here reads a body
    web.set_up(app)
    telemetry.set_up(app, settings, only="/verify", is_front_door=True)
    limiter.set_up(app, settings)
    answers.set_up(app)
    MetricsDoor(settings).guard(app)
    app.register_blueprint(health_pages(Readiness(urls, sessions)))
    workers = {f"{name}-worker": settings.worker_urls[name] for name in services}
    app.register_blueprint(metrics_pages(urls | workers))
    app.register_blueprint(docs_pages(Spec(urls, openapi_folder(settings.openapi_dir))))
    _answer_nginx(app, verifier)
    return app


def _answer_nginx(app: Flask, verifier: Verifier) -> None:
    @app.get("/verify")
    def verify() -> Response:
        """For nginx's auth_request only: 204 with the internal token, or 403 that describes the denial."""
        asked = Asked(
            method=request.headers.get("X-Original-Method", ""),
            raw_path=request.headers.get("X-Original-Path", ""),
            authorization=request.headers.get("Authorization"),
            client_address=request.headers.get("X-Forwarded-For", ""),
            cookie_token=request.headers.get("X-Cookie-Token"),
        )
        try:
            allowed = verifier.decide(asked)
        except HabrioError as error:
            return answers.denial(error)
        response = Response(status=204)
        response.headers[HEADER] = allowed.internal_token
        response.headers["X-Request-ID"] = g.request_id
        if allowed.caller.user_id:
            response.headers["X-User-Id"] = str(allowed.caller.user_id)
        return response
