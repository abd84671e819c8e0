"""One reading of a path for nginx, the verifier and the services, or none."""

from __future__ import annotations

import pytest
from flask import Flask, request
from gunicorn.util import split_request_uri, unquote_to_wsgi_str
from hypothesis import given
from hypothesis import strategies as st

from habrio_gateway.paths import MalformedPath, decoded
from habrio_shared.errors import HabrioError, NotFound


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("/api/v1/me", "/api/v1/me"),
        ("/api/v1/me/", "/api/v1/me/"),
        ("/a/%E0%A4%B0%E0%A4%B5%E0%A4%BF", "/a/रवि"),
        ("/a/b%20c;d=1", "/a/b c;d=1"),
        ("/a/%3Fx%23y%25z", "/a/?x#y%z"),
        ("/a/.../..b", "/a/.../..b"),
        ("/", "/"),
    ],
)
def test_a_good_path_is_decoded_once(raw: str, path: str) -> None:
    assert decoded(raw) == path


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "a/b",
        "*",
        "/a b",
        "/a%2Fb",
        "/a%2fb",
        "/a%5Cb",
        "/a\\b",
        "/a%00",
        "/a%0A",
        "/a%7f",
        "/a%C2%85",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%FF",
        "/a%ED%A0%80",
        "/a%C0%AF",
        "/é",
        "/a#b",
        "/a?b",
        "/a|b",
        '/a"b',
        "/a<b",
        "/a\n",
        "/a[0]",
    ],
)
def test_what_could_be_read_differently_is_malformed(raw: str) -> None:
    with pytest.raises(MalformedPath):
        decoded(raw)


@pytest.mark.parametrize(
    "raw", ["//a", "/a//b", "/a//", "/a/./b", "/a/../b", "/a/..", "/a/.", "/..", "/a/%2e%2e/b", "/a/%2E", "/a/.%2e/b"]
)
def test_empty_and_dot_segments_are_nowhere(raw: str) -> None:
    with pytest.raises(NotFound):
        decoded(raw)


SHOWN = Flask("shown")


@given(st.text(alphabet="ab/.%~;é2f0eE9:@ \\", max_size=30) | st.text(max_size=10))
def test_what_is_accepted_is_what_gunicorn_and_flask_show(tail: str) -> None:
    raw = "/" + tail
    try:
        ours = decoded(raw)
    except HabrioError:
        return
    parts = split_request_uri(raw)
    with SHOWN.request_context({**ENVIRON, "PATH_INFO": unquote_to_wsgi_str(parts.path)}):
        assert request.path == ours


ENVIRON = {
    "REQUEST_METHOD": "GET",
    "SERVER_NAME": "x",
    "SERVER_PORT": "80",
    "wsgi.url_scheme": "http",
    "SERVER_PROTOCOL": "HTTP/1.1",
}
