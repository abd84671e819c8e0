"""The Postman collection is what its generator makes, and leaves nothing of the API out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from postman import generate
from postman.journey import JOURNEY
from tests.support.documents import operations, platform

STEPS = [step for folder in JOURNEY for step in folder.steps]


@pytest.mark.parametrize(
    ("file", "made"),
    [(generate.COLLECTION, generate.collection), (generate.ENVIRONMENT, generate.environment)],
    ids=["collection", "environment"],
)
def test_the_committed_file_is_what_the_generator_makes(file: Path, made: Callable[[], generate.Json]) -> None:
    assert file.read_text(encoding="utf-8") == generate.written(made()), "run `make postman-write`"


def test_every_operation_of_the_document_is_walked_through_and_no_other() -> None:
    assert {step.call for step in STEPS} == {f"{method.upper()} {path}" for path, method, _ in operations(platform())}


def test_who_sends_a_request_is_who_may() -> None:
    found = {f"{method.upper()} {path}": operation for path, method, operation in operations(platform())}
    for step in STEPS:
        assert bool(step.who) == bool(found[step.call]["security"]), step.call


def test_every_variable_is_declared() -> None:
    text = generate.COLLECTION.read_text(encoding="utf-8")
    declared = {variable["key"] for variable in json.loads(text)["variable"]}
    used = set(re.findall(r"\{\{(\w+)\}\}", text)) | set(re.findall(r'collectionVariables\.set\(\\"(\w+)', text))
    assert used - declared == set()
    assert {"baseUrl", "consumerPhone", "vendorPhone", "adminPhone"} <= declared
    assert {"consumerAccessToken", "vendorAccessToken", "adminAccessToken"} <= declared
