"""Additions only: whatever a released document promised still holds (ADR 0022)."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from tests.support.documents import platform
from tests.support.surface import RELEASED, Surface, broken, surface

VERSIONS = sorted(file.stem for file in RELEASED.glob("*.json"))
SEND = "/api/v1/send-otp"


def released(version: str) -> Surface:
    promises: Surface = json.loads((RELEASED / f"{version}.json").read_text(encoding="utf-8"))
    return promises


def test_the_first_release_is_among_them() -> None:
    assert "0.1.0" in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_promised_still_holds(version: str) -> None:
    assert broken(released(version), surface(platform())) == []


def without_a_path(document: dict[str, Any]) -> None:
    del document["paths"][SEND]


def without_a_method(document: dict[str, Any]) -> None:
    document["paths"][SEND]["put"] = document["paths"][SEND].pop("post")


def without_a_parameter(document: dict[str, Any]) -> None:
    document["paths"]["/api/v1/consumer/shops"]["get"]["parameters"].pop()


def without_a_field(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["SignedIn"]["properties"]["expires_in"]


def with_a_field_left_out_at_times(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["SignedIn"]["required"].remove("expires_in")


def with_another_type(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["SignedIn"]["properties"]["expires_in"]["type"] = "string"


def with_a_field_that_may_be_null(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["SignedIn"]["properties"]["expires_in"] = {
        "anyOf": [{"type": "integer"}, {"type": "null"}]
    }


def with_a_demand(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["AddIn"]["required"].append("quantity")


def without_a_choice(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["BasicOnboarding"]["properties"]["role"]["enum"].remove("vendor")


@pytest.mark.parametrize(
    "breaking",
    [
        without_a_path,
        without_a_method,
        without_a_parameter,
        without_a_field,
        with_a_field_left_out_at_times,
        with_another_type,
        with_a_field_that_may_be_null,
        with_a_demand,
        without_a_choice,
    ],
)
def test_a_change_that_breaks_an_app_is_found(breaking: Any) -> None:
    changed = deepcopy(platform())
    breaking(changed)
    assert broken(surface(platform()), surface(changed))


def test_additions_break_nobody() -> None:
    changed = deepcopy(platform())
    changed["paths"]["/api/v1/new"] = changed["paths"][SEND]
    changed["components"]["schemas"]["SignedIn"]["properties"]["new"] = {"type": "string"}
    changed["components"]["schemas"]["AddIn"]["properties"]["new"] = {"type": "string"}
    changed["components"]["schemas"]["AddIn"]["required"].remove("item_id")
    changed["components"]["schemas"]["BasicOnboarding"]["properties"]["role"]["enum"].append("courier")
    assert broken(surface(platform()), surface(changed)) == []
