"""The answers of the gateway's own pages: ids and errors in the envelope."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from habrio_shared import request_ids, telemetry
from habrio_shared.errors import WORDS_BY_STATUS, HabrioError, InternalError, envelope
from habrio_shared.metrics import web

log = logging.getLogger(__name__)


def problem(error: HabrioError) -> Response:
    """The envelope of `error` as a response."""
    web.note_error(error.word)
    response = jsonify(envelope(error.status, error.word, error.message, g.request_id, **error.details))
    response.status_code = error.status
    if error.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def set_up(app: Flask) -> None:
    """Ids for every request, the envelope for every error."""

    @app.before_request
    def identify() -> None:
        g.request_id = request_ids.request_id(request.headers.get("X-Request-ID"))
        g.traceparent = telemetry.traceparent(request.headers.get("traceparent"))

    @app.after_request
    def carry_ids(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        response.headers["traceparent"] = g.traceparent
        return response

    @app.errorhandler(HabrioError)
    def expected(error: HabrioError) -> Response:
        return problem(error)

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        word, sentence = WORDS_BY_STATUS.get(status, WORDS_BY_STATUS[400 if status < 500 else 500])
        web.note_error(word)
        response = jsonify(envelope(status, word, sentence, g.request_id))
        response.status_code = status
        if status == 405:
            response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        return response

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        # The outermost edge: whatever was not foreseen is named in the log and answered in the envelope.
        log.error("%s %s: %s", request.method, request.path, type(error).__name__, exc_info=error)
        response = problem(InternalError())
        web.note_error(type(error).__name__)
        return response
