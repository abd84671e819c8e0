"""One document of many, and the same in the words of OpenAPI 3.0."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from habrio_gateway import spec
from habrio_gateway.spec import as_openapi_30, merged

REF = "#/components/schemas/"


def document(path: str, **schemas: Any) -> dict[str, Any]:
    answer = {"description": "ok", "content": {"application/json": {"schema": {"$ref": f"{REF}Answer"}}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        "paths": {
            path: {"get": {"responses": {"200": answer}}},
            f"/internal{path}": {"get": {"responses": {"200": answer}}},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


PROBLEM = {"type": "object", "properties": {"code": {"type": "integer"}}}
AUTH = document("/api/v1/me", Answer={"type": "object", "properties": {"id": {"type": "integer"}}}, Problem=PROBLEM)
VENDOR = document("/api/v1/shop/{id}", Answer={"type": "array", "items": {"$ref": f"{REF}Problem"}}, Problem=PROBLEM)


def answer_ref(whole: dict[str, Any], path: str) -> str:
    content = whole["paths"][path]["get"]["responses"]["200"]["content"]
    return str(content["application/json"]["schema"]["$ref"])


def test_paths_of_all_services_stand_together_without_the_internal_ones() -> None:
    whole = merged({"auth": AUTH, "vendor": VENDOR})
    assert list(whole["paths"]) == ["/api/v1/me", "/api/v1/shop/{id}"]
    validate(whole | {"paths": {"/api/v1/me": whole["paths"]["/api/v1/me"]}})


def test_equal_schemas_are_shared_and_different_ones_renamed() -> None:
    whole = merged({"auth": AUTH, "vendor": VENDOR})
    assert set(whole["components"]["schemas"]) == {"Answer", "Problem", "Vendor_Answer"}
    assert answer_ref(whole, "/api/v1/me") == f"{REF}Answer"
    assert answer_ref(whole, "/api/v1/shop/{id}") == f"{REF}Vendor_Answer"
    assert whole["components"]["schemas"]["Vendor_Answer"]["items"] == {"$ref": f"{REF}Problem"}


def test_equal_schemas_that_refer_to_different_ones_are_renamed_too() -> None:
    answer = {"type": "object", "properties": {"data": {"$ref": f"{REF}Data"}}}
    inner = {"type": "object", "properties": {"item": {"$ref": f"{REF}Item"}}}
    consumer = document("/api/v1/mine", Answer=answer, Data=inner, Item={"type": "string"})
    vendor = document("/api/v1/theirs", Answer=answer, Data=inner, Item={"type": "integer"})
    whole = merged({"consumer": consumer, "vendor": vendor})
    schemas = whole["components"]["schemas"]
    assert answer_ref(whole, "/api/v1/mine") == f"{REF}Answer"
    assert schemas["Answer"]["properties"]["data"] == {"$ref": f"{REF}Data"}
    assert schemas["Data"]["properties"]["item"] == {"$ref": f"{REF}Item"}
    assert schemas["Item"] == {"type": "string"}
    assert answer_ref(whole, "/api/v1/theirs") == f"{REF}Vendor_Answer"
    assert schemas["Vendor_Answer"]["properties"]["data"] == {"$ref": f"{REF}Vendor_Data"}
    assert schemas["Vendor_Data"]["properties"]["item"] == {"$ref": f"{REF}Vendor_Item"}


def test_the_front_doors_own_answers_are_documented_where_a_service_says_nothing_of_them() -> None:
    own = document("/api/v1/me", Answer={"type": "object"})
    own["paths"]["/api/v1/me"]["get"]["responses"]["503"] = {"description": "the payment provider is away"}
    whole = merged({"auth": own})
    responses = whole["paths"]["/api/v1/me"]["get"]["responses"]
    assert responses["503"] == {"description": "the payment provider is away"}
    assert responses["429"] == {"$ref": "#/components/responses/too_many_requests"}
    assert whole["components"]["responses"]["too_many_requests"]["headers"]["Retry-After"]["required"]
    assert {"400", "408", "413", "414", "429", "431", "504"} <= responses.keys()
    validate(whole)
    validate(as_openapi_30(whole))


def test_why_a_caller_is_not_let_in_is_told_of_operations_that_need_a_token() -> None:
    problem = {"content": {"application/json": {"schema": {"$ref": f"{REF}Problem"}, "examples": {}}}}
    own = document("/api/v1/me", Answer={"type": "object"}, Problem=PROBLEM)
    operation = own["paths"]["/api/v1/me"]["get"]
    operation["security"] = [{"bearer": []}]
    operation["responses"] |= {
        "401": deepcopy(problem) | {"description": "`unauthorized`: Please sign in"},
        "403": deepcopy(problem) | {"description": "`account_suspended`: This account is suspended"},
    }
    whole = merged({"auth": own})
    responses = whole["paths"]["/api/v1/me"]["get"]["responses"]
    assert responses["401"]["description"].startswith("`unauthorized`: Please sign in; `missing_token`: Please sign in")
    assert "`session_ended`" in responses["401"]["description"]
    assert responses["403"]["description"] == "`account_suspended`: This account is suspended"
    assert whole["components"]["examples"]["token_expired"]["value"]["code"] == 401
    validate(whole)


def test_the_services_documents_are_left_as_they_were() -> None:
    merged({"auth": AUTH, "vendor": VENDOR})
    assert set(VENDOR["components"]["schemas"]) == {"Answer", "Problem"}


def test_the_same_in_openapi_3_0() -> None:
    newer = {
        "type": "object",
        "properties": {
            "note": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}], "default": None},
            "shop": {"anyOf": [{"$ref": f"{REF}Shop"}, {"type": "null"}]},
            "either": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
            "price": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 9.5},
            "const": {"const": "access", "type": "string"},
            "status": {"type": "string", "examples": ["error"]},
            "examples": {"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "null"}]}},
        },
    }
    older = as_openapi_30(merged({"auth": document("/api/v1/me", Answer=newer, Shop={"type": "object"})}))
    assert older["openapi"] == "3.0.3"
    assert older["components"]["schemas"]["Answer"]["properties"] == {
        "note": {"type": "string", "maxLength": 5, "default": None, "nullable": True},
        "shop": {"anyOf": [{"$ref": f"{REF}Shop"}], "nullable": True},
        "either": {"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
        "price": {
            "type": "number",
            "exclusiveMinimum": True,
            "minimum": 0,
            "exclusiveMaximum": True,
            "maximum": 9.5,
        },
        "const": {"enum": ["access"], "type": "string"},
        "status": {"type": "string", "example": "error"},
        "examples": {"type": "array", "items": {"type": "integer", "nullable": True}},
    }
    validate(older)


class Services:
    """What the services serve now, by URL; None for one that is away."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.documents: dict[str, dict[str, Any] | None] = {}
        monkeypatch.setattr(spec, "_fetched", self.documents.get)
        monkeypatch.setattr(spec, "KEPT_SECONDS", 0)
        monkeypatch.setattr(spec, "KEPT_AFTER_FAILURE_SECONDS", 0)


URLS = {"auth": "http://auth/", "vendor": "http://vendor"}


def test_the_last_good_document_of_a_service_outlives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    services = Services(monkeypatch)
    services.documents |= {"http://auth/openapi.json": AUTH, "http://vendor/openapi.json": None}
    whole = spec.Spec(URLS, folder=None)
    assert list(whole.document()["paths"]) == ["/api/v1/me"]
    services.documents |= {"http://auth/openapi.json": None, "http://vendor/openapi.json": VENDOR}
    assert list(whole.document()["paths"]) == ["/api/v1/me", "/api/v1/shop/{id}"]


def test_a_committed_document_stands_in_for_a_service_never_seen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    services = Services(monkeypatch)
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "openapi.json").write_text(json.dumps(VENDOR))
    whole = spec.Spec(URLS, folder=tmp_path)
    assert list(whole.document()["paths"]) == ["/api/v1/shop/{id}"]
    services.documents["http://vendor/openapi.json"] = document("/api/v1/newer")
    assert list(whole.document()["paths"]) == ["/api/v1/newer"]


def test_a_document_is_kept_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    services = Services(monkeypatch)
    monkeypatch.setattr(spec, "KEPT_SECONDS", 60)
    services.documents |= {"http://auth/openapi.json": AUTH, "http://vendor/openapi.json": VENDOR}
    whole = spec.Spec(URLS, folder=None)
    first = whole.document()
    services.documents.clear()
    assert whole.document() is first
