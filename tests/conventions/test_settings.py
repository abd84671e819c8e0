"""Whoever runs a service finds each of its settings in a README, and each is read by something."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from habrio_shared.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SERVICES = [path.parent for path in ROOT.glob("services/*/habrio_*")]
OWNERS = {"gateway": "gateway"} | {folder.name: f"services/{folder.name}" for folder in SERVICES}
READ_BY_A_MADE_UP_NAME = [f"{name}_url" for name in (*OWNERS, "agent")]


def classes() -> list[type[Settings]]:
    """The settings of the gateway and of every service."""
    found = []
    for owner in OWNERS:
        module = import_module(f"habrio_{owner}.settings")
        found += [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, Settings)]
    return [found_class for found_class in found if found_class.__module__.startswith("habrio_")]


def fields() -> list[tuple[str, str]]:
    """(service, setting) of each, once."""
    return sorted({(cls.service, name) for cls in classes() for name in cls.model_fields if cls.service in OWNERS})


@cache
def readme(folder: str) -> str:
    return (ROOT / folder / "README.md").read_text(encoding="utf-8")


@cache
def sources() -> str:
    files = [*ROOT.glob("shared/habrio_shared/**/*.py"), *ROOT.glob("gateway/habrio_gateway/**/*.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in [*files, *ROOT.glob("services/*/**/*.py")])


@pytest.mark.parametrize(("service", "name"), fields())
def test_a_setting_is_in_a_readme(service: str, name: str) -> None:
    written = re.compile(rf"`(<SERVICE>_)?{name.upper()}\b")
    assert written.search(readme(".")) or written.search(readme(OWNERS[service]))


@pytest.mark.parametrize("name", sorted({name for _service, name in fields()} - set(READ_BY_A_MADE_UP_NAME)))
def test_a_setting_is_read(name: str) -> None:
    assert re.search(rf"\.{name}\b|\"{name}\"", sources())
