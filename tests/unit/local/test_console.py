"""What reaches the terminal: warnings, errors, tracebacks and requests in short; nothing else."""

from __future__ import annotations

import io
import json

import pytest

from habrio_local.console import Console, access_line, level_matters

ACCESS = {"service": "nginx", "method": "GET", "path": "/api/v1/me", "status": 200, "seconds": 0.012}


@pytest.mark.parametrize(
    ("line", "matters"),
    [
        ("INFO    an error was expected", False),
        ("WARNING the relay waits", True),
        ("2026/01/01 00:00:00 [error] 7#7: upstream", True),
        ('{"level": "ERROR", "message": "x"}', True),
        ('{"level": "INFO", "message": "ERROR"}', False),
        ('{"path": "/ERROR"}', False),
        ("LOG:  database system is ready", False),
    ],
)
def test_a_line_matters_by_its_level(line: str, matters: bool) -> None:
    assert level_matters(line) is matters


def test_a_traceback_is_shown_to_its_last_line_and_no_further() -> None:
    stream = io.StringIO()
    console = Console(stream)
    for line in ["quiet", "Traceback (most recent call last):", '  File "x.py"', "ValueError: no", "quiet again"]:
        console.line_if_it_matters("auth", line)
    assert [line.partition("| ")[2] for line in stream.getvalue().splitlines()] == [
        "Traceback (most recent call last):",
        '  File "x.py"',
        "ValueError: no",
    ]


def test_a_request_is_one_short_line_where_a_person_looks_on_and_none_elsewhere() -> None:
    attended, unattended = io.StringIO(), io.StringIO()
    for stream in (attended, unattended):
        Console(stream, shows_requests=stream is attended).line_if_it_matters("nginx", json.dumps(ACCESS))
    assert attended.getvalue().endswith("| GET /api/v1/me 200 in 0.012 s\n")
    assert unattended.getvalue() == ""
    assert access_line(json.dumps({**ACCESS, "path": "/ready"})) == ""


def test_noise_is_left_out_and_a_closed_stream_is_no_error() -> None:
    stream = io.StringIO()
    console = Console(stream)
    console.line_if_it_matters("valkey", "# WARNING overcommit", ("overcommit",))
    assert stream.getvalue() == ""
    stream.close()
    console.say("nobody listens")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_alone_a_level_has_a_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        for line in ("WARNING slow", "ERROR   gone", "INFO    fine"):
            Console(stream).line("auth", line)
    assert "\x1b[33mWARNING\x1b[0m slow" in terminal.getvalue()
    assert "\x1b[31mERROR\x1b[0m   gone" in terminal.getvalue()
    assert " INFO    fine" in terminal.getvalue()
    assert "\x1b" not in pipe.getvalue()
