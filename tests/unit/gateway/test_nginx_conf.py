"""nginx's configuration as text; how it behaves is seen in tests/integration/gateway."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from habrio_gateway.nginx_conf import Build, NginxSettings, cors_origins, quoted, render, render_from
from habrio_gateway.routes import ROUTES

UPSTREAMS = {"auth": "auth:8000", "consumer": "consumer:8000", "vendor": "v1:8000, v2:8000", "admin": "admin:8000"}


def rendered(**changes: Any) -> str:
    arguments: dict[str, Any] = {
        "listen": "127.0.0.1:8000",
        "gateway": "127.0.0.1:8001",
        "upstreams": UPSTREAMS,
        "runtime_dir": Path("/run/habrio"),
        "app_env": "testing",
        "user": None,
        "cors_allowed_origins": "",
    }
    return render(**arguments | changes)


def locations(text: str) -> set[str]:
    return {prefix for prefix in re.findall(r"location = (/[\w./-]+) \{", text) if "_habrio" not in prefix}


def test_every_prefix_of_the_table_has_its_locations() -> None:
    text = rendered(upstreams=UPSTREAMS | {"agent": "agent:8000"})
    assert locations(text) == {route.prefix for route in ROUTES}
    for route in ROUTES:
        assert f"location ^~ {route.prefix}/ {{" in text


def test_production_has_no_test_support_and_without_a_key_there_is_no_agent() -> None:
    assert not {prefix for prefix in locations(rendered(app_env="production")) if "test_support" in prefix}
    assert "/api/v1/agent" not in locations(rendered())


def test_of_all_services_only_the_agent_gets_the_access_token() -> None:
    passing = "set $habrio_access_token $http_authorization;"
    for upstreams, paths in (
        (UPSTREAMS | {"agent": "agent:8000"}, {"/api/v1/agent", "/metrics"}),
        (UPSTREAMS, {"/metrics"}),
    ):
        blocks = re.findall(r"location (?:=|\^~) (/\S+) \{(.*?)\n        \}", rendered(upstreams=upstreams), re.DOTALL)
        assert {path.rstrip("/") for path, block in blocks if passing in block} == paths


def test_every_location_of_a_service_asks_the_verifier() -> None:
    for block in re.findall(r"location (?:=|\^~) /\S+ \{(.*?)\n        \}", rendered(), re.DOTALL):
        to_service = re.search(r"proxy_pass http://habrio_(?!gateway)", block)
        assert bool(to_service) == ("auth_request /_habrio/verify;" in block)


def test_everything_nginx_writes_is_below_the_runtime_folder() -> None:
    text = rendered(runtime_dir=Path("/tmp/with space's"))
    written = re.findall(r"^\s*(?:pid|access_log|\w+_temp_path) (.*);$", text, re.MULTILINE)
    assert len(written) == 7
    assert all(path.startswith("'/tmp/with space\\'s/") for path in written)


def test_several_upstreams_stand_beside_each_other() -> None:
    assert re.search(r"server v1:8000 .*\n\s*server v2:8000 ", rendered())


def test_containers_find_moved_upstreams_again() -> None:
    new = rendered(resolver="127.0.0.11 ipv6=off")
    assert "server auth:8000 resolve " in new
    assert "resolver 127.0.0.11 ipv6=off valid=10s;" in new
    old = rendered(resolver="127.0.0.11", build=Build((1, 22, 1), headers_more=False))
    assert "upstream habrio_" not in old
    assert "set $habrio_to_auth auth:8000; proxy_pass http://$habrio_to_auth;" in old
    assert "more_clear_headers" not in old


@pytest.mark.parametrize(
    ("given", "app_env", "origins"),
    [
        ("", "development", ["*"]),
        ("", "testing", ["*"]),
        ("", "staging", []),
        ("", "production", []),
        ("*", "production", ["*"]),
        ("https://a.example, *", "production", ["*"]),
        ("https://a.example/, capacitor://localhost", "production", ["https://a.example", "capacitor://localhost"]),
    ],
)
def test_origins_default_to_all_outside_production_only(given: str, app_env: str, origins: list[str]) -> None:
    assert cors_origins(given, app_env) == origins


@pytest.mark.parametrize(
    "changes",
    [
        {"cors_allowed_origins": "a.example"},
        {"cors_allowed_origins": 'https://a"; evil'},
        {"cors_allowed_origins": "https://a.example/path"},
        {"listen": "8000; evil"},
        {"gateway": "nowhere"},
        {"gateway": "http://gateway:1"},
        {"upstreams": {"auth": "auth:1"}},
        {"upstreams": UPSTREAMS | {"auth": "auth:1; evil"}},
        {"runtime_dir": Path("/tmp/$HOME")},
        {"user": "nobody; evil"},
        {"resolver": "1.1.1.1; evil"},
        {"trusted_proxies": "everybody"},
        {"access_log": "/tmp/a\nb"},
    ],
    ids=str,
)
def test_what_nginx_would_misread_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        rendered(**changes)


def test_words_are_quoted() -> None:
    assert quoted("it's") == "'it\\'s'"
    with pytest.raises(ValueError, match="not allowed"):
        quoted("$uri")


def test_the_command_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AUTH", "CONSUMER", "VENDOR", "ADMIN", "AGENT", "GATEWAY"):
        monkeypatch.setenv(f"{name}_URL", f"http://{name.lower()}:8000")
    monkeypatch.setenv("APP_ENV", "production")
    monkeypatch.setenv("NGINX_RESOLVER", "127.0.0.11")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    text = render_from(NginxSettings())
    assert "server vendor:8000 resolve" in text
    assert "set_real_ip_from 192.168.1.1/32;" in text
    assert "habrio_agent" not in text
    monkeypatch.setenv("OPENAI_API_KEY", "k" * 40)
    assert "server agent:8000 resolve" in render_from(NginxSettings())
