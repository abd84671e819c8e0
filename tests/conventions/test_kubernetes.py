"""The manifests name every service, and tell processes only what some process reads."""

from __future__ import annotations

import re

from habrio_gateway.nginx_conf import NginxSettings
from tests.conventions.test_settings import ROOT, SERVICES, classes

KUBERNETES = ROOT / "deploy" / "k8s"
READ_ELSEWHERE = re.compile(r"OTEL_\w+|WORKERS|THREADS|METRICS_(PORT|TOKEN)")
"""By gunicorn's settings, by OpenTelemetry, by the metrics' endpoint."""


def known() -> set[str]:
    fields = [name for cls in classes() for name in cls.model_fields]
    return {name.upper() for name in (*fields, *NginxSettings.model_fields)}


def told() -> set[str]:
    """The settings in ConfigMaps, in containers' environments and in the README's table of Secrets."""
    found: set[str] = set()
    for path in KUBERNETES.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"^ +- ([A-Z_]+)=", text, re.MULTILINE))
        found |= set(re.findall(r"^ +- name: ([A-Z_]+)$", text, re.MULTILINE))
    secrets = (KUBERNETES / "README.md").read_text(encoding="utf-8").partition("| Secret | keys |")[2]
    rows = [line for line in secrets.splitlines() if line.startswith("| `")]
    return found | {key.upper() for row in rows for key in re.findall(r"`([a-z_]+)`", row.split("|")[2])}


def test_every_service_has_its_folder_and_its_image() -> None:
    for name in (folder.name for folder in SERVICES):
        own = (KUBERNETES / "base" / name / "kustomization.yaml").read_text(encoding="utf-8")
        assert f"namePrefix: {name}-" in own
        assert f"newName: habrio/{name}" in own
        assert f"value: {name}\n" in own, "its Secret"


def test_what_processes_are_told_is_read() -> None:
    assert {name for name in told() - known() if not READ_ELSEWHERE.fullmatch(name)} == set()
