"""Each service's committed OpenAPI document is what its code says, valid, and reachable at the front door."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from openapi_spec_validator import validate

from habrio_gateway.routes import table
from habrio_local.home import CHECKOUT
from tests.support.documents import SERVICES, committed, operations

OFFLINE = "import json, sys; from {module} import create_app; " + (
    "json.dump(create_app().test_client().get('/openapi.json').get_json(), sys.stdout)"
)


def test_every_service_has_a_document() -> None:
    assert set(SERVICES) == {path.parent.name for path in CHECKOUT.glob("services/*/pyproject.toml")}


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_document_is_what_the_code_says(service: str) -> None:
    code = OFFLINE.format(module=f"habrio_{service}.app")
    made = subprocess.run(
        [sys.executable, "-m", "habrio_local", "offline", service, "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(made.stdout) == committed(service), "run `make openapi` and read what it changed"


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_is_valid_openapi_3(service: str) -> None:
    validate(committed(service))


@pytest.mark.parametrize("service", SERVICES)
def test_every_path_reaches_its_owner_at_the_front_door(service: str) -> None:
    routes = table(app_env="testing", with_agent=True)
    for path, _method, operation in operations(committed(service)):
        route = routes.find(re.sub(r"\{\w+\}", "7", path))
        assert route is not None, path
        assert (path, route.service) == (path, service)
        assert route.public == (operation["security"] == []), f"{path}: gateway and service differ on who may call it"


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_has_a_summary_and_says_how_it_fails(service: str) -> None:
    for path, method, operation in operations(committed(service)):
        assert operation["summary"], f"{method} {path}"
        if operation["security"]:
            assert {"401", "403"} <= operation["responses"].keys(), f"{method} {path}"


@pytest.mark.parametrize("service", SERVICES)
def test_what_every_route_of_a_kind_may_answer_is_documented(service: str) -> None:
    for path, method, operation in operations(committed(service)):
        responses, name = operation["responses"], f"{method} {path}"
        headers = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "header"}
        if "{" in path:
            assert "404" in responses, name
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            assert "415" in responses, name
        if "Idempotency-Key" in headers:
            assert {"400", "409"} <= responses.keys(), name
        for status in {"429", "503"} & responses.keys():
            assert responses[status]["headers"]["Retry-After"]["required"], name


def test_operation_ids_are_unique_over_the_platform() -> None:
    ids = [operation["operationId"] for service in SERVICES for _, _, operation in operations(committed(service))]
    assert len(ids) == len(set(ids))
