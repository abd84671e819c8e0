"""Whatever anybody asks of whatever route: no fault, and an answer that the platform's document foretells.

Schemathesis makes the requests from the document: each bound that a schema has from both sides, then any data that
fits or does not. That what fits is carried out is no part of this: a document cannot say what orders are open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case as CaseOf
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance
from schemathesis.config import GenerationConfig, SchemathesisConfig
from schemathesis.core import NOT_SET
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.schemas import APIOperation

from tests.proof.fuzz.cast import ROLES, Cast, Person, document, rightful
from tests.proof.fuzz.soundness import ON_PURPOSE, Watch
from tests.support.stack import Stack

Case = CaseOf[Any]
Operation = APIOperation[Any, Any, Any, Any]

SEED = 6
TIMEOUT_SECONDS = 20
EXAMPLES, EXAMPLES_OF_OTHERS = 10, 2
REFUSALS = ["400", "401", "403", "404", "405", "409", "413", "414", "415", "429", "431"]
ENDING = ("/api/v1/logout", "/api/v1/auth/sessions/{session_id}/revoke")
"""After these one has to sign in again."""

SELDOM_GRANTED = {
    "POST /api/v1/auth/refresh": "nobody guesses a refresh token",
    "POST /api/v1/verify-otp": "nor a one-time password",
    "GET /api/v1/document-files/{document_id}": "nor a signature",
    "POST /api/v1/consumer/wallet/debit": "never granted",
    "POST /api/v1/consumer/wallet/refund": "never granted",
    "POST /api/v1/vendor/wallet/credit": "never granted",
    "POST /api/v1/vendor/wallet/debit": "never granted",
    "POST /api/v1/consumer/onboarding": "only once",
    "POST /api/v1/vendor/profile": "only once",
    "POST /api/v1/vendor/shop": "only once",
    "POST /api/v1/consumer/orders/{order_id}/return/raise": "needs an item of just this order",
    "POST /api/v1/vendor/orders/{order_id}/return/initiate": "needs an item of just this order",
    "POST /api/v1/vendor/orders/{order_id}/modify": "needs an item of just this order",
    "POST /api/v1/admin/events/{service}/{event_id}/replay": "needs a message that does not get through",
    "POST /api/v1/vendor/item/bulk-upload": "needs a file of the right kind",
    "POST /api/v1/vendor/upload-document": "needs a file of the right kind",
}
"""Operations that need not answer 2xx once to those they are for; all others must, else little was tried."""

API = schemathesis.openapi.from_dict(
    document(),
    config=SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}),
)
OPERATIONS: dict[str, Operation] = {
    found.ok().label: found.ok()
    for found in API.get_all_operations()
    if isinstance(found, Ok) and not found.ok().path.endswith(ON_PURPOSE)
}


@pytest.fixture(scope="module")
def http() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


def generated(operation: Operation, mode: GenerationMode, examples: int) -> list[Case]:
    """So many cases that fit the document, or do not; the same ones each time. None where there is nothing to vary."""
    cases: list[Case] = []

    @seed(SEED)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Case) -> None:
        cases.append(case)

    try:
        collect()
    except Unsatisfiable:  # nothing of it can be wrong
        return []
    return cases


def cases_for(operation: Operation, role: str) -> list[Case]:
    """What somebody of this role asks: everything if the operation is for them, else a little."""
    modes = list(GenerationMode)
    if role != rightful(operation.definition.raw):
        return [case for mode in modes for case in generated(operation, mode, EXAMPLES_OF_OTHERS)]
    bounds = API.iter_coverage_cases(operation, generation_modes=modes, generation_config=GenerationConfig())
    return [*bounds, *(case for mode in modes for case in generated(operation, mode, EXAMPLES))]


def put_real_ids(case: Case, person: Person, turn: int) -> None:
    """What fits the document gets real ids; what does not is left as wrong as it is."""
    if case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE:
        for name, value in list((case.path_parameters or {}).items()):
            case.path_parameters[name] = person.real(name, value, turn)
        case.body = person.with_real_ids(case.body, turn)


def stands_for_nothing(case: Case) -> bool:
    """API.md: no body and null are an empty object, "" in an optional field is "not given"; schemas do not say so."""
    values = case.body.values() if isinstance(case.body, dict) else ()
    return case.body is None or case.body is NOT_SET or "" in list(values)


def problems(case: Case, answer: Response) -> list[Failure]:
    """Where the answer is not what the document says."""
    excluded = [positive_data_acceptance]
    if stands_for_nothing(case):
        excluded.append(negative_data_rejection)
    try:
        case.validate_response(answer, excluded_checks=excluded)
    except FailureGroup as group:
        return [failure for failure in group.exceptions if isinstance(failure, Failure)]
    return []


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_documented(
    stack: Stack, cast: Cast, watch: Watch, http: requests.Session, label: str
) -> None:
    operation = OPERATIONS[label]
    if any(name in json.dumps(operation.definition.raw) + operation.path for name in ("order", "item")):
        cast.refresh()
    wrong: dict[tuple[int, str], str] = {}
    granted = False
    for role in ROLES:
        person = cast.people[role]
        for turn, case in enumerate(cases_for(operation, role)):
            put_real_ids(case, person, turn)
            answer = case.call(base_url=stack.url, session=http, headers=person.headers, timeout=TIMEOUT_SECONDS)
            if operation.path in ENDING or answer.status_code == 401:
                person.signed_out()
            granted = granted or (role == rightful(operation.definition.raw) and answer.status_code < 300)
            for failure in problems(case, answer):
                shown = f"{role}: {failure}\n{case.as_curl_command()[:600]}\n{answer.status_code} {answer.text[:300]}"
                wrong.setdefault((answer.status_code, failure.title), shown)
    assert not wrong, "\n\n".join(wrong.values())
    assert granted or label in SELDOM_GRANTED, "nothing was ever granted"


def test_afterwards_the_platform_is_sound(cast: Cast, watch: Watch) -> None:
    cast.refresh()  # people can still trade
    watch.assert_sound()
