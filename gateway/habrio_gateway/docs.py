"""`/apispec.json`, and `/docs/`: Swagger UI from flasgger's own assets; nothing is loaded from elsewhere."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, jsonify, redirect, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from habrio_gateway.spec import Spec, as_openapi_30

PAGE: Final = Path(__file__).parent / "docs_page"
CACHE_SECONDS: Final = 3600
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self' data:; "
    # Swagger UI sets style attributes as it draws.
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
ASSETS: Final = frozenset({"swagger-ui-bundle.js", "swagger-ui.css", "favicon-16x16.png", "favicon-32x32.png"})


def assets_folder() -> Path:
    """The files of Swagger UI inside flasgger; found without importing it, which would cost a third of a second."""
    flasgger = find_spec("flasgger")
    if flasgger is None or not flasgger.submodule_search_locations:
        raise FileNotFoundError("flasgger is not installed: /docs/ has no Swagger UI")
    return Path(flasgger.submodule_search_locations[0]) / "ui3" / "static"


def docs_pages(spec: Spec) -> Blueprint:
    """The document for programs (OpenAPI 3.1), and the page for people with the same in 3.0."""
    pages = Blueprint("docs", __name__)
    assets = assets_folder()

    @pages.get("/apispec.json")
    def apispec() -> Response:
        return jsonify(spec.document())

    @pages.get("/docs")
    def to_docs() -> AnyResponse:
        return redirect("/docs/", 308)

    @pages.get("/docs/")
    def docs() -> Response:
        return send_from_directory(PAGE, "index.html")

    @pages.get("/docs/start.js")
    def start() -> Response:
        return send_from_directory(PAGE, "start.js", max_age=CACHE_SECONDS)

    @pages.get("/docs/apispec.json")
    def apispec_for_swagger_ui() -> Response:
        return jsonify(as_openapi_30(spec.document()))

    @pages.get("/docs/assets/<name>")
    def asset(name: str) -> Response:
        if name not in ASSETS:
            raise NotFound
        return send_from_directory(assets, name, max_age=CACHE_SECONDS)

    @pages.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    return pages
