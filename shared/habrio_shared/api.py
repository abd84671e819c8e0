"""Routes as typed functions: parse, check, call, render.

A handler declares by its signature what it takes: path parameters by name, `body` (a `Body` from JSON), `query` (a
`Query`), `caller` (the person), `upload` (an `Upload`, the part `file` of a multipart form; the form's other fields are
then the body). What it returns is an `Answer`, or a `FileAnswer`. The OpenAPI document is made from the same signature.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, BinaryIO, TypeVar, get_args, get_type_hints

from flask import Blueprint, Flask, Response, json, request, send_file
from pydantic import BaseModel, ValidationError

from habrio_shared import etags
from habrio_shared.errors import HabrioError, UnsupportedMediaType, ValidationFailed
from habrio_shared.idempotency import IdempotencyKey, Replayed, key_of_request
from habrio_shared.identity.access import Access, access_of
from habrio_shared.identity.caller import Caller, current_caller
from habrio_shared.schemas import Answer, Body, Query

Handler = TypeVar("Handler", bound=Callable[..., Any])

BODY_LIMIT_BYTES = 1024 * 1024
STRING_OR_EXPONENT = re.compile(rb'"(?:[^"\\]|\\.)*+"|[0-9.]++([eE])?')
"""In valid JSON: a string, or a number up to its exponent's sign (group 1). Each byte is looked at once: a number of
1 MB that is no match would otherwise be tried again from each of its digits."""

API_PREFIX = "/api/v1"
UPLOAD_LIMIT_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Upload:
    """A file as it was sent: the name and the type are the sender's words and prove nothing of the content."""

    filename: str
    content_type: str
    stream: BinaryIO


@dataclass(frozen=True)
class FileAnswer:
    """A file to be saved: streamed from `stream`, which is closed at the end, and kept by no cache on the way.

    `content_type` is what we found it to be; with `nosniff`, which nginx adds, no browser takes it for anything else.
    """

    stream: BinaryIO
    size_bytes: int
    content_type: str
    filename: str


@dataclass(frozen=True)
class Route:
    """One route with everything that its handler's signature says of it."""

    method: str
    rule: str
    handler: Callable[..., Answer | FileAnswer | tuple[Answer, int]]
    access: Access
    errors: tuple[type[HabrioError], ...] = ()
    status: int = 200
    idempotent: bool = False
    body_limit_bytes: int = BODY_LIMIT_BYTES
    first: Callable[[Caller], object] | None = None
    may_end_later: bool = False
    has_etag: bool = False
    file_type: str = ""

    @cached_property
    def hints(self) -> dict[str, Any]:
        return get_type_hints(self.handler)

    @property
    def body(self) -> type[Body] | None:
        return self.hints.get("body")

    @property
    def query(self) -> type[Query] | None:
        return self.hints.get("query")

    @property
    def takes_upload(self) -> bool:
        return "upload" in self.hints

    @property
    def upload_is_optional(self) -> bool:
        """`upload: Upload | None`: the same route takes JSON without a file."""
        return type(None) in get_args(self.hints.get("upload"))

    @cached_property
    def answer(self) -> type[Answer | FileAnswer]:
        returned = self.hints["return"]
        return returned if isinstance(returned, type) else returned.__args__[0]

    @property
    def summary(self) -> str:
        return (inspect.getdoc(self.handler) or "").partition("\n")[0].rstrip(".")

    @property
    def description(self) -> str:
        return (inspect.getdoc(self.handler) or "").partition("\n")[2].strip()

    def __call__(self, **path: Any) -> Response:
        caller = current_caller()
        self.access.check(caller)
        if self.first is not None:
            self.first(caller)
        request.max_content_length = self.body_limit_bytes
        arguments: dict[str, Any] = dict(path)
        if "caller" in self.hints:
            arguments["caller"] = caller
        if self.query is not None:
            arguments["query"] = parse_query(self.query)
        if self.takes_upload:
            arguments["upload"] = parse_upload(is_optional=self.upload_is_optional)
        if self.body is not None:
            arguments["body"] = parse_form(self.body) if arguments.get("upload") else parse_body(self.body)
        if self.has_etag:
            return etags.conditional(self._render(self.handler(**arguments)), caller)
        if not self.idempotent:
            return self._render(self.handler(**arguments))
        with key_of_request(self._idempotency_key(caller)):
            try:
                return self._render(self.handler(**arguments))
            except Replayed as first:
                return json_response(first.answer, first.status)

    def _render(self, returned: Answer | FileAnswer | tuple[Answer, int]) -> Response:
        if isinstance(returned, FileAnswer):
            return file_response(returned)
        answer, status = returned if isinstance(returned, tuple) else (returned, self.status)
        return Response(answer.model_dump_json(), status, content_type="application/json")

    def _idempotency_key(self, caller: Caller) -> IdempotencyKey | None:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return None
        digest = hashlib.sha256(request.get_data()).hexdigest()
        return IdempotencyKey(caller.user_id, self.method, request.path, key, digest)


class ApiBlueprint:
    """A feature's routes. Public ones are mounted under /api/v1, those that start with /internal/ at the root."""

    def __init__(self, name: str, prefix: str = API_PREFIX) -> None:
        self.name = name
        self.routes: list[Route] = []
        self._prefix = prefix

    def get(
        self,
        rule: str,
        *,
        errors: tuple[type[HabrioError], ...] = (),
        first: Callable[[Caller], object] | None = None,
        has_etag: bool = False,
        file_type: str = "",
    ) -> Callable[[Handler], Handler]:
        """GET `rule`: changes nothing. `errors`: what it may answer beyond 400, 401 and 403.

        `first` raises what is to be said of the caller before the query or the body is looked at. `has_etag`: the
        answer has an ETag, and is 304 to a client that has it already. `file_type`: it may answer a file of this type
        instead of JSON.
        """
        return self._route("GET", rule, errors=errors, first=first, has_etag=has_etag, file_type=file_type)

    def post(
        self,
        rule: str,
        *,
        errors: tuple[type[HabrioError], ...] = (),
        status: int = 200,
        idempotent: bool = False,
        body_limit_bytes: int = BODY_LIMIT_BYTES,
        first: Callable[[Caller], object] | None = None,
        may_end_later: bool = False,
    ) -> Callable[[Handler], Handler]:
        """POST `rule`: changes something. `idempotent`: its verb claims the request's Idempotency-Key.

        `first` is as in `get`. `may_end_later`: it answers 202 when its outcome is not known in time.
        """
        return self._route(
            "POST",
            rule,
            errors=errors,
            status=status,
            idempotent=idempotent,
            body_limit_bytes=body_limit_bytes,
            first=first,
            may_end_later=may_end_later,
        )

    def delete(self, rule: str, *, errors: tuple[type[HabrioError], ...] = ()) -> Callable[[Handler], Handler]:
        """DELETE `rule`: what is there is gone afterwards, also if it was before."""
        return self._route("DELETE", rule, errors=errors)

    def _route(self, method: str, rule: str, **facts: Any) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            access = access_of(handler)
            if access is None:
                raise TypeError(f"{handler.__module__}.{handler.__name__} does not say who may use it")
            full = rule if rule.startswith("/internal/") else self._prefix + rule
            self.routes.append(Route(method=method, rule=full, handler=handler, access=access, **facts))
            return handler

        return register

    def mount(self, app: Flask) -> None:
        """Add the routes to `app` as a Flask blueprint of this name."""
        blueprint = Blueprint(self.name, __name__)
        for number, route in enumerate(self.routes):
            endpoint = f"{route.handler.__name__}_{number}"
            blueprint.add_url_rule(route.rule, endpoint, route, methods=[route.method], provide_automatic_options=False)
        app.register_blueprint(blueprint)


def json_response(body: dict[str, Any], status: int) -> Response:
    """A response from a plain object."""
    return Response(json.dumps(body), status, content_type="application/json")


def file_response(file: FileAnswer) -> Response:
    """The response that hands `file` out."""
    response = send_file(file.stream, file.content_type, as_attachment=True, download_name=file.filename)
    response.content_length = file.size_bytes
    response.headers["Cache-Control"] = "private, no-store"
    return response


def parse_body(model: type[Body]) -> Body:
    """The request's JSON body as `model`; ValidationFailed names each field that is wrong.

    No body and `null` stand for an empty object (API.md); anything but JSON is UnsupportedMediaType. A number with
    an exponent is refused: no amount or count needs one, and a client that writes one has computed it wrongly.
    """
    raw = request.get_data(cache=True)
    if raw.strip() in (b"", b"null"):
        raw = b"{}"
    elif not request.is_json:
        raise UnsupportedMediaType
    parsed = validated(lambda: model.model_validate_json(raw))
    if any(found[1] for found in STRING_OR_EXPONENT.finditer(raw)):
        problem = {"loc": [], "msg": "Numbers are written without an exponent", "type": "number_exponent"}
        raise ValidationFailed(details={"errors": [problem]})
    return parsed


def parse_upload(*, is_optional: bool) -> Upload | None:
    """The part `file` of a multipart form; ValidationFailed without one, None if that is allowed."""
    if is_optional and request.mimetype != "multipart/form-data":
        return None  # before the form is looked at, which would take the body from whoever reads it as JSON
    sent = request.files.get("file")
    if sent is not None and sent.filename:
        return Upload(sent.filename, sent.mimetype, sent.stream)  # type: ignore[arg-type]  # typed IO[bytes], is a BinaryIO
    problem = {"loc": ["file"], "msg": "Send a file as the part `file` of a multipart form", "type": "missing"}
    raise ValidationFailed(details={"errors": [problem]})


def parse_form(model: type[Body]) -> Body:
    """The text fields of a multipart form as `model`; ValidationFailed names each field that is wrong."""
    return validated(lambda: model.model_validate(request.form.to_dict()))


def parse_query(model: type[Query]) -> Query:
    """The query string as `model`; a field that is a list takes every value of its name, others the first."""
    lists = {name for name, field in model.model_fields.items() if "list" in str(field.annotation)}
    given = {name: request.args.getlist(name) if name in lists else request.args[name] for name in request.args}
    return validated(lambda: model.model_validate(given))


Parsed = TypeVar("Parsed", bound=BaseModel)


def validated(validate: Callable[[], Parsed]) -> Parsed:
    """What `validate` returns; a pydantic ValidationError becomes the API's ValidationFailed."""
    try:
        return validate()
    except ValidationError as error:
        raise ValidationFailed(details={"errors": problems_of(error)}) from error


def problems_of(error: ValidationError) -> list[dict[str, Any]]:
    """What is wrong, field by field: `loc`, `msg` for a person, `type` for a program."""
    return [
        {"loc": list(problem["loc"]), "msg": _in_words(problem["type"], problem["msg"]), "type": problem["type"]}
        for problem in error.errors(include_url=False, include_context=False, include_input=False)
    ]


def _in_words(kind: str, message: str) -> str:
    """Pydantic speaks of values and items; people have left something out."""
    if kind == "missing":
        return "must be given"
    if kind in ("too_short", "string_too_short") and "at least 1 " in message:
        return "must not be empty"
    return message.removeprefix("Value error, ")
