"""What a log may not show is taken out, whatever it stands in; what helps to find a fault stays."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from habrio_shared.database import engine_options
from habrio_shared.identity.caller import Caller
from habrio_shared.logs import JsonFormatter, TextFormatter
from habrio_shared.masking import masked

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIrOTE5ODEyMzQ1Njc4In0.c2lnbmF0dXJlLW9mLWl0"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("to +919812345678 now", "to ******5678 now"),
        ("to 98123 45678 or +91-98123-45678", "to ******5678 or ******5678"),
        ("9812345678", "******5678"),
        ("account 123456789", "account *****6789"),
        ("account 123456789012345678.", "account *****5678."),
        (f"token {JWT}!", "token <token>!"),
        ("Authorization: Bearer abc.def-1", "Authorization: <hidden> <hidden>"),
        ("sent bearer abc.def-1", "sent bearer <hidden>"),
        ("refresh_token=s3cr3t&x=1", "refresh_token=<hidden>&x=1"),
        ("{'otp': '4711', 'a': 1}", "{'otp': '<hidden>', 'a': 1}"),
        ('"account_number": "0012 "', '"account_number": "<hidden> "'),
        ("the code 123456 is for you", "the code ****** is for you"),
        ("123456 is your OTP", "****** is your OTP"),
        ("redis://:pass@host:1/0", "redis://<hidden>@host:1/0"),
        ("postgresql://habrio_auth:pass@host/habrio", "postgresql://<hidden>@host/habrio"),
    ],
)
def test_what_nobody_may_read_is_hidden(given: str, shown: str) -> None:
    assert masked(given) == shown


@pytest.mark.parametrize(
    "text",
    [
        "GET /api/v1/consumer/orders/123456: RuntimeError",
        "order 1234567 was refused without a reason",
        "took 1795898426.7599 s",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "connection to server at 127.0.0.1, port 54320 failed",
        "message place:17 to vendor: try 3 failed: vendor answered 500",
    ],
)
def test_what_helps_to_find_a_fault_stays(text: str) -> None:
    assert masked(text) == text


def test_what_postgresql_quotes_of_a_row_is_cut_out_to_its_last_line() -> None:
    error = (
        'psycopg.errors.CheckViolation: new row violates check constraint "ck_x"\n'
        "DETAIL:  Failing row contains (7, Ravi\nKumar, Pune).\n\n"
        "The above exception was the direct cause of the following exception:\n"
    )
    shown = masked(error)
    assert "Ravi" not in shown and "Kumar" not in shown and "Pune" not in shown
    assert 'violates check constraint "ck_x"' in shown and "The above exception" in shown


def test_what_pydantic_quotes_of_the_input_is_cut_out() -> None:
    shown = masked("name\n  Input should be 1 [type=x, input_value={'name': 'Ravi, K'}, input_type=dict]")
    assert shown == "name\n  Input should be 1 [type=x, input_value=<hidden>, input_type=dict]"


def test_what_a_statement_was_given_is_not_in_its_error() -> None:
    options = engine_options("sqlite://", pool_size=1, statement_timeout_ms=1000, application="x")
    engine = create_engine("sqlite://", **options)
    with engine.begin() as connection, pytest.raises(IntegrityError) as refused:
        connection.execute(text("CREATE TABLE people (name TEXT UNIQUE)"))
        for _ in range(2):
            connection.execute(text("INSERT INTO people VALUES (:name)"), {"name": "Ravi"})
    assert "Ravi" not in str(refused.value)


def record(message: str, *args: Any, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, None) if error else None
    return logging.LogRecord("x", logging.ERROR, __file__, 1, message, args, exc_info)


@pytest.mark.parametrize("formatter", [JsonFormatter("auth"), TextFormatter()])
def test_arguments_and_exceptions_are_masked_as_the_message_is(formatter: logging.Formatter) -> None:
    line = formatter.format(record("no %s for %s", "OTP 123456", "9812345678", error=ValueError("to +919812345678")))
    assert "123456" not in line.replace("12345678", "") and "98123" not in line
    assert "5678" in line


def test_a_line_says_when_how_bad_who_where_and_of_which_request() -> None:
    app = Flask("x")
    with app.app_context():
        g.request_id = "r1"
        g.traceparent = f"00-{'a' * 32}-{'b' * 16}-01"
        g.caller = Caller(issuer="gateway", role="consumer", user_id=7, phone="+919812345678", name="Ravi")
        line = json.loads(JsonFormatter("auth").format(record("hello")))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "ERROR",
        "service": "auth",
        "logger": "x",
        "request_id": "r1",
        "trace_id": "a" * 32,
        "span_id": "b" * 16,
        "user_id": 7,
        "message": "hello",
    }


def test_outside_a_request_the_ids_are_empty_and_one_event_is_one_line() -> None:
    try:
        raise ValueError("several\nlines")
    except ValueError as error:
        text = JsonFormatter("auth").format(record("two\nlines", error=error))
    assert "\n" not in text
    line = json.loads(text)
    assert (line["request_id"], line["trace_id"], line["span_id"], line["user_id"]) == ("", "", "", None)
    assert line["exception"].endswith("ValueError: several\nlines")
