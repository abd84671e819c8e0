"""One question to another service: its answer as the contract has it, its 404 and 400 as ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from habrio_shared.errors import BadRequest, NotFound
from habrio_shared.http_client import READ_TIMEOUT_SECONDS, TargetRefused, client

AnswerT = TypeVar("AnswerT", bound=BaseModel)


def ask(
    target: str,
    path: str,
    answer: type[AnswerT],
    params: Mapping[str, Any] | None = None,
    *,
    timeout_seconds: float = READ_TIMEOUT_SECONDS,
) -> AnswerT:
    """GET `path` of `target`; parameters that are None are left out. Unavailable when it is away, NotFound, BadRequest
    in its own words."""
    given = {name: value for name, value in (params or {}).items() if value is not None}
    try:
        body = client(target).request("GET", path, params=given, timeout_seconds=timeout_seconds)
    except TargetRefused as error:
        kinds = {404: NotFound, 400: BadRequest}
        if error.answered not in kinds:
            raise
        told = kinds[error.answered](str(error.body.get("message", "")))
        told.word = str(error.body.get("error", told.word))
        raise told from error
    return answer.model_validate(body)
