"""Each process is told only its own secrets and its own database."""

from __future__ import annotations

from pathlib import Path

import pytest

from habrio_local import databases, environment
from habrio_local.databases import SERVICES
from habrio_local.environment import Surroundings
from habrio_local.home import Home
from habrio_local.options import Options
from habrio_local.ports import DEFAULT_PORTS, Ports
from habrio_local.secrets import GENERATED


def surroundings(environ: dict[str, str] | None = None) -> Surroundings:
    return Surroundings(
        home=Home(Path("/somewhere/.habrio")),
        options=Options.read(environ or {}),
        ports=Ports(by_name=dict(DEFAULT_PORTS)),
        secrets={name: f"secret of {name}" for name in GENERATED},
        databases=databases.for_roles("postgresql://postgres:top@127.0.0.1:54320/habrio", "seed"),
        redis_url="redis://:pw@127.0.0.1:63790/0",
        running=SERVICES,
    )


@pytest.mark.parametrize("service", ["consumer", "vendor", "admin", "agent"])
def test_only_auth_and_the_gateway_know_how_tokens_are_signed(service: str) -> None:
    assert "JWT_SECRET" not in environment.of_service(surroundings({"JWT_SECRET": "given"}), service)
    assert environment.of_service(surroundings(), "auth")["JWT_SECRET"] == "secret of JWT_SECRET"
    assert environment.of_gateway(surroundings())["JWT_SECRET"] == "secret of JWT_SECRET"


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_knows_its_own_database_and_no_other(service: str) -> None:
    own = environment.of_service(surroundings(), service)
    assert own[f"{service.upper()}_DATABASE_URL"].startswith(f"postgresql://habrio_{service}:")
    assert [name for name in own if name.endswith("DATABASE_URL")] == [f"{service.upper()}_DATABASE_URL"]
    assert "top" not in str(own.values())


def test_the_gateway_reads_sessions_and_knows_no_database_of_a_service() -> None:
    own = environment.of_gateway(surroundings())
    assert own["AUTH_VIEW_URL"].startswith("postgresql://habrio_gateway:")
    assert not [name for name in own if name.endswith("DATABASE_URL")]


def test_the_server_of_database_url_is_not_passed_on() -> None:
    own = environment.of_service(surroundings({"DATABASE_URL": "postgresql://boss:top@db/x"}), "vendor")
    assert "DATABASE_URL" not in own


def test_a_database_url_of_one_service_wins() -> None:
    own = environment.of_service(surroundings({"VENDOR_DATABASE_URL": "postgresql://v@db/x"}), "vendor")
    assert own["VENDOR_DATABASE_URL"] == "postgresql://v@db/x"
    assert "VENDOR_DATABASE_URL" not in environment.of_service(surroundings({"VENDOR_DATABASE_URL": "x"}), "auth")


def test_a_secret_in_a_file_passes_as_that_file_to_whom_it_concerns() -> None:
    given = surroundings({"OTP_PEPPER_FILE": "/secrets/pepper"})
    assert environment.of_service(given, "auth")["OTP_PEPPER_FILE"] == "/secrets/pepper"
    assert "OTP_PEPPER" not in environment.of_service(given, "auth")
    assert "OTP_PEPPER_FILE" not in environment.of_service(given, "vendor")


@pytest.mark.parametrize("name", ["PAYOUT_PROVIDER_KEY", "DATA_PREVIOUS_KEYS", "DATA_PREVIOUS_KEYS_FILE"])
def test_only_the_vendor_service_knows_the_payout_providers_key_and_those_of_the_old_seals(name: str) -> None:
    given = surroundings({name: "k"})
    assert environment.of_service(given, "vendor")[name] == "k"
    for other in ("auth", "consumer", "admin", "agent"):
        assert name not in environment.of_service(given, other)
    assert name not in environment.of_gateway(given)


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_API_KEY_FILE"])
def test_only_the_agent_and_the_gateway_know_the_models_key(name: str) -> None:
    given = surroundings({name: "k"})
    assert environment.of_service(given, "agent")[name] == environment.of_gateway(given)[name] == "k"
    for other in ("auth", "consumer", "vendor", "admin"):
        assert name not in environment.of_service(given, other)


@pytest.mark.parametrize(
    ("bind", "door"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("10.1.2.3", "10.1.2.3")],  # noqa: S104 — nothing listens
)
def test_the_agent_alone_is_told_where_the_front_door_is(bind: str, door: str) -> None:
    given = surroundings({"BIND": bind})
    assert environment.of_service(given, "agent")["PLATFORM_URL"] == f"http://{door}:8000"
    assert "PLATFORM_URL" not in environment.of_service(given, "vendor")
    elsewhere = surroundings({"PLATFORM_URL": "http://door:80"})
    assert environment.of_service(elsewhere, "agent")["PLATFORM_URL"] == "http://door:80"


def test_what_the_person_sets_for_the_services_passes_through() -> None:
    own = environment.of_service(surroundings({"MODIFICATION_TIMEOUT": "60", "PORT": "9000"}), "vendor")
    assert own["MODIFICATION_TIMEOUT"] == "60"
    assert "PORT" not in own
    assert own["BIND_ADDRESS"] == "127.0.0.1:8013"
    assert own["CONSUMER_URL"] == "http://127.0.0.1:8012"


def test_a_secret_with_a_services_prefix_is_that_services_alone() -> None:
    given = surroundings({"VENDOR_DATA_KEY": "d" * 40, "AUTH_JWT_SECRET_FILE": "/secrets/jwt"})
    assert environment.of_service(given, "vendor")["VENDOR_DATA_KEY"] == "d" * 40
    for other in ("auth", "consumer", "admin"):
        assert "VENDOR_DATA_KEY" not in environment.of_service(given, other)
    assert "AUTH_JWT_SECRET_FILE" not in environment.of_service(given, "consumer")
