"""Base classes and field types of everything that crosses the wire (API.md, "Conventions")."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from types import NoneType
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    field_validator,
    model_validator,
)

ID_MAX = 2**53 - 1
"""Ids are JSON numbers that every client can hold exactly."""

PAGE_DEFAULT, PAGE_CAP = 50, 100


def _plain_text(value: str) -> str:
    """Refuse what no database column or phone can show: control characters (NUL first) and lone surrogates."""
    for character in value:
        if character not in "\n\r\t" and unicodedata.category(character) in ("Cc", "Cs"):
            raise ValueError("must not contain control characters")
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_plain_text)]
"""Text for people: stripped, no control characters. Bound its length where it is used."""

Line = Annotated[Text, Field(max_length=200)]
Paragraph = Annotated[Text, Field(max_length=2000)]


def _shows_a_page(value: str) -> str:
    """Refuse links that run or hold something themselves; browsers pass over white space within a scheme."""
    scheme = re.sub(r"\s", "", value).partition(":")[0].lower()
    if scheme in ("javascript", "vbscript", "data", "blob", "file"):
        raise ValueError("must be the address of a picture on the web")
    return value


Link = Annotated[Text, Field(max_length=2000), AfterValidator(_shows_a_page)]
"""Where a picture is, as apps send it; shown to others, so nothing that a browser would run."""

Id = Annotated[int, Field(ge=1, le=ID_MAX)]


class KeptEmpty:
    """Marks a field in which an empty string is a mistake and not "not given"."""


Required = Annotated[Line, Field(min_length=1), KeptEmpty()]
"""A line that creation demands: an empty one is refused, in edits too."""


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Instant = Annotated[
    datetime,
    PlainSerializer(_iso, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""An instant on the wire: ISO 8601, UTC, with Z."""


def _day(given: Any) -> Any:
    """ "YYYY-MM-DD" as a date; strict validation takes no text for one, and lax validation takes numbers too."""
    if isinstance(given, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given):
        return date.fromisoformat(given)
    if isinstance(given, date):
        return given
    raise ValueError('must be a date, written "YYYY-MM-DD"')


Day = Annotated[date, BeforeValidator(_day)]
"""A day of the calendar, in a request: "2027-01-31"."""

DAY_SCHEMA = WithJsonSchema({"type": "string", "format": "date"})
"""For a Day with bounds: pydantic would write them into the document, where JSON Schema knows of none for dates."""


def _is_optional_text(annotation: Any, metadata: list[Any]) -> bool:
    if any(isinstance(mark, KeptEmpty) for mark in metadata):
        return False
    if get_origin(annotation) is Literal:  # its arguments are the values, not variants
        return False
    variants = [part for part in get_args(annotation) if part is not NoneType] or [annotation]
    for variant in variants:
        if any(isinstance(mark, KeptEmpty) for mark in getattr(variant, "__metadata__", ())):
            return False
    return not any(get_origin(variant) is Literal for variant in variants)


class Body(BaseModel):
    """A request body: strict JSON types, unknown fields ignored, "" in an optional field means "not given"."""

    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)

    null_means_absent: ClassVar[bool] = False

    @model_validator(mode="before")
    @classmethod
    def _drop_what_is_not_given(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        kept = dict(given)
        for name, field in cls.model_fields.items():
            key = field.alias or name
            if key not in kept:
                continue
            value = kept[key]
            empty = isinstance(value, str) and not value.strip() and not field.is_required()
            if (empty and _is_optional_text(field.annotation, field.metadata)) or (
                value is None and cls.null_means_absent
            ):
                del kept[key]
        return kept


class Edit(Body):
    """The body of an edit: null means "not given" as well; `changes()` holds only what was given, as it is held."""

    null_means_absent: ClassVar[bool] = True

    def changes(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}


class Query(BaseModel):
    """A query string: text that is read as the field's type."""

    model_config = ConfigDict(extra="ignore")


class PagedQuery(Query):
    """`limit` (default 50, cap 100) and `cursor` of a list that is newest first."""

    cap: ClassVar[int] = PAGE_CAP
    default: ClassVar[int] = PAGE_DEFAULT

    limit: int | None = Field(default=None, ge=1, description="how many, at most the cap")
    cursor: int | None = Field(default=None, ge=1, le=ID_MAX, description="`next_cursor` of the page before")

    @field_validator("limit", "cursor", mode="before")
    @classmethod
    def _digits_only(cls, value: Any) -> Any:
        if isinstance(value, str) and not (value.isascii() and value.isdigit()):
            raise ValueError("must be a whole number of at least 1")
        return value

    @model_validator(mode="after")
    def _cap_limit(self) -> Self:
        self.limit = min(self.limit or self.default, self.cap)
        return self

    @property
    def size(self) -> int:
        """How many rows the page holds at most."""
        return min(self.limit or self.default, self.cap)


class Answer(BaseModel):
    """A successful answer: one JSON object with `status: success`."""

    status: Literal["success"] = "success"


class Message(Answer):
    """An answer that only says what was done, in a sentence for a person."""

    message: str


def next_cursor(ids: list[int], size: int) -> int | None:
    """The cursor of the following page, given the ids of up to `size + 1` rows read; None at the end."""
    return ids[size - 1] if len(ids) > size else None
