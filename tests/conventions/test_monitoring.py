"""Nobody is alarmed without being told what to do, and no alert or panel asks for a series that is not there."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Gauge, Histogram

from habrio_local.ports import DEFAULT_PORTS
from habrio_shared.metrics import series

ROOT = Path(__file__).resolve().parents[2]
MONITORING = ROOT / "monitoring"
NOT_OURS = {"up", "ALERTS", "probe_ssl_earliest_cert_expiry"}
"""Series of Prometheus itself and of the blackbox exporter."""

PROMQL = {
    *("sum", "by", "on", "or", "and", "unless", "offset", "rate", "increase", "count", "max", "topk", "time", "vector"),
    *("max_over_time", "histogram_quantile", "label_values"),
}


@cache
def text(name: str) -> str:
    return (MONITORING / name).read_text(encoding="utf-8")


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(text("alert_rules.yml"))["groups"] for rule in group["rules"]]


def expressions() -> list[str]:
    dashboard = json.loads(text("grafana/dashboards/habrio.json"))
    panels = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    asked = [note["expr"] for note in dashboard["annotations"]["list"]]
    return [*panels, *asked, *(rule["expr"] for rule in rules())]


def names_in(expression: str) -> set[str]:
    """The series that a query of PromQL asks for."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|on)\s*\([^)]*\)", " ", expression)
    return set(re.findall(r"\b[a-zA-Z_][\w:]*\b", bare)) - PROMQL


def our_series() -> set[str]:
    collectors = [value for value in vars(series).values() if isinstance(value, Counter | Gauge | Histogram)]
    counted = {metric.name for collector in collectors for metric in collector.describe()}
    read = re.findall(r'"(habrio_\w+)"', (ROOT / "shared/habrio_shared/metrics/figures.py").read_text(encoding="utf-8"))
    return counted | set(read)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_how_bad_it_is_and_what_to_do(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"]
    anchor = rule["alert"].lower()
    assert rule["annotations"]["runbook"].endswith(f"(README.md#{anchor}).")
    assert f"\n### {rule['alert']}\n" in text("README.md")


@pytest.mark.parametrize("name", [rule["alert"] for rule in rules()])
def test_an_alert_has_a_story_in_which_it_fires_and_a_moment_in_which_it_does_not(name: str) -> None:
    stories = yaml.safe_load(text("alert_rules_test.yml"))["tests"]
    about = [(story, moment) for story in stories for moment in story["alert_rule_test"] if moment["alertname"] == name]
    assert [moment for _story, moment in about if moment.get("exp_alerts")]
    quiet = [story for story, moment in about if len(moment.get("exp_alerts", ())) < len(story["input_series"])]
    assert quiet, f"nothing in the stories of {name} must stay quiet"


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_every_series_that_is_asked_for_is_there(expression: str) -> None:
    asked = {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in names_in(expression)}
    assert asked
    assert asked <= our_series() | NOT_OURS


def targets(file: str) -> dict[tuple[str, str], str]:
    jobs = yaml.safe_load(text(file))["scrape_configs"]
    return {
        (job["job_name"], group["labels"]["service"]): address
        for job in jobs
        for group in job["static_configs"]
        for address in group["targets"]
    }


def test_prometheus_asks_every_process_of_the_local_platform_where_it_is() -> None:
    parts = {name: port for name, port in DEFAULT_PORTS.items() if name not in ("nginx", "postgres", "valkey")}
    wanted = {}
    for name, port in parts.items():
        service = name.removesuffix("-worker")
        job = "gateway" if name == "gateway" else "service" if service == name else "worker"
        wanted[job, service] = f"127.0.0.1:{port}"
    assert targets("prometheus.yml") == wanted
    assert targets("prometheus.compose.yml").keys() == wanted.keys()
