"""What is counted of a request, and by which labels."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from prometheus_client import REGISTRY

from habrio_shared.errors import NotFound
from habrio_shared.metrics import web
from habrio_shared.metrics.statements import operation_of


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("counted")
    web.set_up(app)

    @app.get("/things/<int:number>")
    def thing(number: int) -> dict[str, float]:
        return {"in_flight": value("flask_http_requests_in_flight")}

    @app.get("/broken")
    def broken() -> str:
        raise NotFound

    @app.errorhandler(NotFound)
    def known(error: NotFound) -> tuple[str, int]:
        web.note_error(error.word)
        return "", error.status

    yield app


def test_requests_are_counted_by_rule_and_not_by_path(app: Flask) -> None:
    labels = {"method": "GET", "route": "/things/<int:number>", "status": "200"}
    before = value("flask_http_request_total", **labels)
    for number in range(3):
        app.test_client().get(f"/things/{number}")
    assert value("flask_http_request_total", **labels) == before + 3
    assert value("flask_http_request_duration_seconds_count", **labels) == before + 3


def test_a_million_unknown_paths_and_methods_are_one_series(app: Flask) -> None:
    labels = {"method": "other", "route": "unmatched", "status": "404"}
    before = value("flask_http_request_total", **labels)
    for number in range(3):
        app.test_client().open(f"/none/{number}", method=f"BREW{number}")
    assert value("flask_http_request_total", **labels) == before + 3


def test_a_request_is_in_flight_while_it_is_answered_and_no_longer(app: Flask) -> None:
    before = value("flask_http_requests_in_flight")
    assert app.test_client().get("/things/1").get_json()["in_flight"] == before + 1
    assert app.test_client().get("/broken").status_code == 404
    assert value("flask_http_requests_in_flight") == before


def test_errors_are_counted_by_their_word(app: Flask) -> None:
    before = value("flask_error_total", route="/broken", error="not_found")
    app.test_client().get("/broken")
    app.test_client().get("/things/1")
    assert value("flask_error_total", route="/broken", error="not_found") == before + 1
    assert value("flask_error_total", route="/things/<int:number>", error="not_found") == 0


@pytest.mark.parametrize(
    ("statement", "operation"),
    [
        ("SELECT 1", "select"),
        ("\n  update x SET y = 1", "update"),
        ("INSERT INTO x VALUES (1)", "insert"),
        ("DELETE FROM x", "delete"),
        ("WITH x AS (SELECT 1) SELECT * FROM x", "other"),
        ("SET LOCAL statement_timeout = '1s'", "other"),
        ("", "other"),
    ],
)
def test_a_statement_is_told_by_what_it_does(statement: str, operation: str) -> None:
    assert operation_of(statement) == operation


def test_a_request_within_a_request_is_another_one(app: Flask) -> None:
    @app.get("/asks")
    def asks() -> str:
        app.test_client().get("/broken")
        return app.test_client().get("/things/1").get_data(as_text=True)

    before = value("flask_http_requests_in_flight")
    with app.app_context():  # which all three share
        answer = app.test_client().get("/asks")
    assert (answer.status_code, answer.get_json(force=True)["in_flight"]) == (200, before + 2)
    assert value("flask_http_requests_in_flight") == before
    assert value("flask_error_total", route="/asks", error="not_found") == 0
