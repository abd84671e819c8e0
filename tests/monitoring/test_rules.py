"""The rules and routes as their own programs read them: every alert's stories, and who is told."""

from __future__ import annotations

import pytest

from tests.monitoring.programs import checked, needed


@pytest.mark.parametrize("file", ["prometheus.yml", "prometheus.compose.yml"])
def test_prometheus_takes_its_configuration_and_the_rules(file: str) -> None:
    assert "SUCCESS" in checked(needed("promtool"), "check", "config", file)


def test_each_alert_fires_in_its_story_and_not_in_the_one_beside_it() -> None:
    assert "SUCCESS" in checked(needed("promtool"), "test", "rules", "alert_rules_test.yml")


def test_alertmanager_takes_its_configuration() -> None:
    checked(needed("amtool"), "check-config", "alertmanager.yml")


@pytest.mark.parametrize(("severity", "told"), [("critical", "on-call"), ("warning", "team")])
def test_who_is_told(severity: str, told: str) -> None:
    routes = ("config", "routes", "test", "--config.file=alertmanager.yml", f"severity={severity}")
    assert checked(needed("amtool"), *routes).strip() == told
