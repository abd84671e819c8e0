"""The platform's one document: two validators accept it, and what it shows as an example is what it describes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from habrio_gateway.spec import as_openapi_30
from habrio_local.home import CHECKOUT
from habrio_shared.examples import WORDS
from tests.support.documents import Document, operations, platform, resolved
from tests.support.node import REDOCLY, npx, require

CONTENTS = [
    (f"{method.upper()} {path} {where}", content)
    for path, method, operation in operations(platform())
    for where, carrier in {"request": operation.get("requestBody", {}), **operation["responses"]}.items()
    for content in resolved(platform(), carrier).get("content", {}).items()
]
"""Every body of every route: ("POST /x request" or "POST /x 200", (media type, what is said of it))."""


def problems_of(document: Document, schema: dict[str, Any], value: object) -> list[str]:
    validator = OAS31Validator({**schema, "components": document["components"]})
    return [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(value)]


def shown(content: dict[str, Any]) -> list[Any]:
    """The examples of a body."""
    named = [resolved(platform(), example)["value"] for example in content.get("examples", {}).values()]
    return [content["example"]] if "example" in content else named


def test_it_is_valid_openapi_3_in_both_versions() -> None:
    validate(platform())
    validate(as_openapi_30(platform()))


def test_redocly_finds_nothing_to_say(tmp_path: Path) -> None:
    require(REDOCLY)
    file = tmp_path / "apispec.json"
    file.write_text(json.dumps(platform()), encoding="utf-8")
    found = npx(REDOCLY, "lint", str(file), f"--config={CHECKOUT / 'gateway' / 'redocly.yaml'}", "--format=json")
    report = json.loads(found.stdout)
    assert [(problem["ruleId"], problem["message"], problem["location"]) for problem in report["problems"]] == []
    assert found.returncode == 0, found.stderr


def test_every_json_body_has_an_example_that_is_as_described() -> None:
    wrong = []
    for name, (media_type, content) in CONTENTS:
        if media_type == "application/json":
            examples = shown(content)
            wrong += [
                f"{name}: {problem}" for one in examples for problem in problems_of(platform(), content["schema"], one)
            ]
            wrong += [] if examples else [f"{name}: no example"]
    assert wrong == []


def test_every_error_example_is_the_envelope_of_its_status() -> None:
    for name, (_media_type, content) in CONTENTS:
        status = name.rpartition(" ")[2]
        if status.isdecimal() and int(status) >= 400:
            for example in shown(content):
                assert (example["status"], example["code"]) == ("error", int(status)), name
                assert example["message"] and example["error"], name


def nameless(value: object, name: str = "") -> list[str]:
    """Fields of text in an example that show nothing but their own name."""
    if isinstance(value, dict):
        return [found for key, part in value.items() for found in nameless(part, key)]
    if isinstance(value, list):
        return [found for part in value for found in nameless(part, name)]
    return [name] if value == name else []


def test_no_example_shows_a_fields_name_for_want_of_a_word() -> None:
    wanting = {field for _name, (_type, content) in CONTENTS for one in shown(content) for field in nameless(one)}
    assert not wanting, "give the field `examples`, or its name a word in habrio_shared/examples.py"


def test_no_word_is_kept_that_no_field_uses() -> None:
    fields: set[str] = set()
    for schema in platform()["components"]["schemas"].values():
        fields |= schema.get("properties", {}).keys()
    assert {word.rpartition(".")[2] for word in WORDS} - fields == set()


@pytest.mark.parametrize("value", [{"status": "success"}, {"status": "success", "balance": "12"}])
def test_an_example_that_is_not_as_described_would_be_found(value: object) -> None:
    assert problems_of(platform(), {"$ref": "#/components/schemas/BalanceOut"}, value)
