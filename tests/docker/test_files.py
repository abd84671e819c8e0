"""What can be said of the Dockerfile and of docker-compose.yml without an engine."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.compose.env import filled
from deploy.docker import parts
from tests.docker.engine import ROOT

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
TOOLS = Path(sys.executable).parent


def passes(*command: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"
    return done.stdout


def settings() -> dict[str, str]:
    lines = [line for line in filled(EXAMPLE).splitlines() if line and not line.startswith("#")]
    return {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}


def test_hadolint_finds_nothing() -> None:
    passes(str(TOOLS / "hadolint"), "Dockerfile")


def test_shellcheck_finds_nothing() -> None:
    passes(str(TOOLS / "shellcheck"), *map(str, sorted((ROOT / "deploy").rglob("*.sh"))))


def test_the_compose_file_is_of_the_schema() -> None:
    passes(str(TOOLS / "check-jsonschema"), "--builtin-schema", "vendor.compose-spec", "docker-compose.yml")


@pytest.fixture
def composed(tmp_path: Path) -> dict[str, Any]:
    """docker-compose.yml as Compose reads it, with all profiles."""
    if shutil.which("docker") is None or subprocess.run(["docker", "compose", "version"], check=False).returncode:
        pytest.skip("NOT TESTED, for there is no docker compose on this machine")
    (tmp_path / "env").write_text(filled(EXAMPLE), encoding="utf-8")
    command = ("docker", "compose", "--env-file", str(tmp_path / "env"), "--profile", "*", "config", "--format", "json")
    found: dict[str, Any] = json.loads(passes(*command))
    return found


def test_every_container_is_restrained(composed: dict[str, Any]) -> None:
    for name, service in composed["services"].items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["tmpfs"], name
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= set(limits), name


def test_only_the_front_door_is_open_to_others(composed: dict[str, Any]) -> None:
    open_to_all = {
        name
        for name, service in composed["services"].items()
        for port in service.get("ports", [])
        if port.get("host_ip") != "127.0.0.1"
    }
    assert open_to_all == {"nginx"}
    assert composed["networks"]["internal"]["internal"] is True


def test_no_service_is_told_anothers_secret(composed: dict[str, Any]) -> None:
    for name, service in composed["services"].items():
        own = re.sub(r"-(worker|migrate)$", "", name)
        environment = service.get("environment") or {}
        keys = json.loads(environment.get("INTERNAL_KEYS", "{}"))
        assert all(own in pair.split(">") for pair in keys if own != "beat"), name
        if own in ("consumer", "admin", "agent", "nginx"):
            assert not {"JWT_SECRET", "OTP_PEPPER", "DATA_KEY"} & set(environment), name


def test_the_gateway_knows_where_each_workers_metrics_are(composed: dict[str, Any]) -> None:
    services = composed["services"]
    told = services["gateway"]["environment"]
    workers = {name for name in services if name.endswith("-worker")}
    assert len(workers) == 5
    for name in workers:
        port = services[name]["environment"]["METRICS_PORT"]
        assert told[f"{name.upper().replace('-', '_')}_URL"] == f"http://{name}:{port}"


def test_prometheus_asks_everybody_who_counts_and_nobody_else(composed: dict[str, Any]) -> None:
    wanted = {
        f"{name}:{service['environment'].get('METRICS_PORT', '8000')}"
        for name, service in composed["services"].items()
        if service["image"].startswith("habrio/") and name not in ("nginx", "beat") and not name.endswith("-migrate")
    }
    written = yaml.safe_load((ROOT / "monitoring" / "prometheus.compose.yml").read_text(encoding="utf-8"))
    asked = [
        target for job in written["scrape_configs"] for group in job["static_configs"] for target in group["targets"]
    ]
    assert sorted(asked) == sorted(wanted)


def test_a_key_is_the_same_at_both_ends_and_nothing_else_is_twice() -> None:
    found = settings()
    rings = {name: json.loads(value) for name, value in found.items() if name.endswith("_INTERNAL_KEYS")}
    holders: dict[str, set[str]] = {}
    for ring in rings.values():
        for pair, key in ring.items():
            holders.setdefault(pair, set()).add(key)
    assert holders and all(len(keys) == 1 for keys in holders.values())
    for pair in holders:
        ends = {f"HABRIO_{end.upper()}_INTERNAL_KEYS" for end in pair.split(">")}
        assert {name for name, ring in rings.items() if pair in ring} == ends
    secrets = [value for name, value in found.items() if re.fullmatch(r"[0-9a-f]{64}", value)]
    assert len(secrets) >= 15 and len(set(secrets)) == len(secrets)


def test_the_example_has_no_secret() -> None:
    assert not re.search(r"[0-9a-f]{32}", EXAMPLE)


MODULE = '''"""A module."""

from typing import get_type_hints


class Said:
    """Only this."""


def asked(count: int) -> int:
    """A function."""
    assert count > 0, "none"
    return count
'''

ASK = """
import package.module as m
assert m.__file__.endswith("module.pyc"), m.__file__
assert m.__doc__ == m.Said.__doc__ == m.asked.__doc__ == "."
assert m.asked.__annotations__["count"] is int and m.asked(2) == 2
try:
    m.asked(0)
except AssertionError as error:
    print(error)
"""


def test_of_others_modules_an_image_keeps_all_but_what_is_written_for_people(tmp_path: Path) -> None:
    site_packages = tmp_path / "lib" / "python3.12" / "site-packages"
    package = site_packages / "package"
    package.mkdir(parents=True)
    (package / "module.py").write_text(MODULE)
    (package / "template.py").write_text("import ${name}\n")
    (site_packages / "apprise").mkdir()
    (site_packages / "apprise" / "provider.py").write_text(MODULE)
    parts.trim(tmp_path)
    assert sorted(file.name for file in package.iterdir()) == ["module.pyc", "template.py"]
    assert (site_packages / "apprise" / "provider.py").read_text() == MODULE
    assert passes(sys.executable, "-c", ASK, env={"PYTHONPATH": str(site_packages)}) == "none\n"
