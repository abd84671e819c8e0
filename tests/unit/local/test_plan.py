"""Which processes a stack has."""

from __future__ import annotations

from pathlib import Path

import pytest

from habrio_local import databases, plan
from habrio_local.databases import SERVICES
from habrio_local.environment import Surroundings
from habrio_local.home import Home
from habrio_local.options import Options
from habrio_local.ports import DEFAULT_PORTS, Ports
from habrio_local.secrets import GENERATED


def surroundings(environ: dict[str, str]) -> Surroundings:
    return Surroundings(
        home=Home(Path("/somewhere/.habrio")),
        options=Options.read(environ),
        ports=Ports(by_name=dict(DEFAULT_PORTS)),
        secrets={name: f"secret of {name}" for name in GENERATED},
        databases=databases.for_roles("postgresql://postgres:top@127.0.0.1:54320/habrio", "seed"),
        redis_url="redis://:pw@127.0.0.1:63790/0",
        running=plan.services_here(environ),
    )


def names(environ: dict[str, str]) -> set[str]:
    around = surroundings(environ)
    return {process.name for process in (*plan.applications(around), *plan.workers(around))}


def test_without_a_key_there_is_no_agent() -> None:
    assert "agent" not in plan.services_here({})
    assert not {name for name in names({}) if "agent" in name}
    assert "agent" not in plan.services_here({"OPENAI_API_KEY": ""})


@pytest.mark.parametrize("name", ["OPENAI_API_KEY", "OPENAI_API_KEY_FILE"])
def test_with_a_key_the_agent_and_its_worker_run_beside_the_others(name: str) -> None:
    assert plan.services_here({name: "k"}) == SERVICES
    assert names({name: "k"}) - names({}) == {"agent", "agent-worker"}


def test_the_platforms_clock_is_in_one_worker_and_the_agent_brings_its_own() -> None:
    around = surroundings({"OPENAI_API_KEY": "k"})
    with_beat = {process.name for process in plan.workers(around) if "--beat" in process.command}
    assert with_beat == {"consumer-worker", "agent-worker"}
    assert "--beat" not in plan.worker(around, "agent", name="agent-worker-2").command


def test_each_gunicorn_has_a_folder_for_its_figures_and_each_worker_a_port() -> None:
    around = surroundings({"OPENAI_API_KEY": "k", "PROMETHEUS_MULTIPROC_DIR": "/shared", "METRICS_PORT": "9100"})
    applications, workers = plan.applications(around), plan.workers(around)
    folders = {process.env["PROMETHEUS_MULTIPROC_DIR"] for process in applications}
    assert folders == {f"{around.home.root}/metrics/{process.name}" for process in applications}
    assert not [process for process in workers if "PROMETHEUS_MULTIPROC_DIR" in process.env]
    assert {process.env["METRICS_PORT"] for process in workers} == {"8021", "8022", "8023", "8024", "8025"}
    assert {process.env["METRICS_BIND"] for process in workers} == {"127.0.0.1"}
    assert "METRICS_PORT" not in plan.worker(around, "vendor", name="vendor-worker-2").env
    assert not [process for process in applications if "METRICS_PORT" in process.env]
    own = plan.applications(around)[0].env
    assert own["AGENT_WORKER_URL"] == "http://127.0.0.1:8025"
