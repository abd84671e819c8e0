"""An alert goes the whole way: a part goes away, Prometheus misses it, Alertmanager tells, and tells of its return."""

from __future__ import annotations

import pytest
import requests

from tests.monitoring.conftest import Monitoring
from tests.support.stack import Stack
from tests.support.waiting import until

PATIENCE_SECONDS = 90
DOWN = {"alertname": "TargetDown", "job": "service", "service": "vendor"}


def test_every_target_answers(monitoring: Monitoring, stack: Stack) -> None:
    parts = {name.removesuffix("-worker") for name in stack.pids()} - {"nginx", "postgres", "valkey", "gateway"}
    wanted = {("gateway", "gateway"), *((job, part) for part in parts for job in ("service", "worker"))}

    def answering() -> set[tuple[str, str]]:
        return {(labels["job"], labels["service"]) for labels, up in monitoring.query("up") if up == 1}

    until(lambda: answering() == wanted, seconds=PATIENCE_SECONDS, what=f"{wanted} answer, not only {answering()}")


def test_a_service_that_goes_away_is_told_of_and_so_is_its_return(monitoring: Monitoring, stack: Stack) -> None:
    heard = monitoring.listener.has_heard
    with stack.stopped("vendor"):
        until(lambda: heard("firing", **DOWN), seconds=PATIENCE_SECONDS, what="the alert is told")
    until(lambda: heard("resolved", **DOWN), seconds=PATIENCE_SECONDS, what="its end is told")
    [told, *_] = [alert for alert in monitoring.listener.told if DOWN.items() <= alert["labels"].items()]
    assert told["labels"]["severity"] == "critical"
    assert told["annotations"]["summary"].startswith("The vendor service at 127.0.0.1:")
    assert "README.md#targetdown" in told["annotations"]["runbook"]


@pytest.mark.parametrize(("job", "hidden"), [("service", {"ErrorRateHigh"}), ("worker", {"QueueGrowing"})])
def test_what_is_down_hides_only_what_follows_from_it(monitoring: Monitoring, job: str, hidden: set[str]) -> None:
    alerts = f"{monitoring.alertmanager_url}/api/v2/alerts"
    name = f"rehearsal-{job}"
    sent = [{"alertname": alert, "service": name} for alert in ("ErrorRateHigh", "QueueGrowing", "LedgerOff")]
    sent.append({"alertname": "TargetDown", "service": name, "job": job})
    requests.post(alerts, json=[{"labels": labels} for labels in sent], timeout=10).raise_for_status()

    def seen() -> dict[str, str]:
        found = requests.get(alerts, params={"filter": f'service="{name}"'}, timeout=10).json()
        return {alert["labels"]["alertname"]: alert["status"]["state"] for alert in found}

    until(lambda: len(seen()) == len(sent), seconds=20, what="all are there")
    assert {alert for alert, state in seen().items() if state == "suppressed"} == hidden
