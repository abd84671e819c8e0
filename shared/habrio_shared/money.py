"""Money: whole paise inside, JSON numbers in rupees with at most two decimals on the wire (API.md, "Conventions").

A request field that takes rupees and holds paise from then on, and an answer field that holds paise and shows rupees:

    class LoadIn(Body):
        amount_paise: Rupees = Field(alias="amount")

    class BalanceOut(Answer):
        balance: RupeesOut          # BalanceOut(balance=12_50) is sent as 12.5
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

PAISE_PER_RUPEE = 100
RUPEES_MAX = 1_000_000
"""The largest amount that a request may name; balances may be larger."""

PAISE_MAX = 2**53 - 1
"""Beyond this a JSON number is no longer exact in every client."""

RUPEES_BOUND = Decimal(10) ** 13
DIGITS_MAX = 40


def to_paise(rupees: Decimal | int | float | str) -> int:
    """Paise of an amount in rupees, exactly.

    A float stands for the shortest decimal number that reads back as it, which is what the client wrote. ValueError
    for a bool, for text that is no number, for what is not finite, has more than two decimals or is beyond 10^13.
    """
    if isinstance(rupees, bool) or not isinstance(rupees, Decimal | int | float | str):
        raise ValueError("must be a number")
    if isinstance(rupees, int):
        if abs(rupees) > RUPEES_BOUND:
            raise ValueError("is too large")
        return rupees * PAISE_PER_RUPEE
    if isinstance(rupees, str) and (len(rupees) > DIGITS_MAX or not rupees.isascii() or "_" in rupees):
        raise ValueError("must be a number")
    try:
        amount = Decimal(repr(rupees) if isinstance(rupees, float) else rupees)
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if not amount.is_finite():
        raise ValueError("must be a finite number")
    return _whole_paise(amount)


def _whole_paise(amount: Decimal) -> int:
    """Integer arithmetic on the digits: Decimal's own would round what is beyond its precision."""
    if amount.copy_abs().compare(RUPEES_BOUND) > 0:
        raise ValueError("is too large")
    negative, digits, exponent = amount.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 — finite, so not one of "n", "N", "F"
    written = "".join(map(str, digits)).lstrip("0")
    if not written:
        return 0
    shift = exponent + 2  # paise = digits × 10^shift
    if shift < 0:
        written, beyond = written[:shift], written[shift:]
        if beyond.strip("0"):
            raise ValueError("must have at most two decimals")
        shift = 0
    paise: int = int(written or "0") * 10**shift
    return -paise if negative else paise


def to_rupees(paise: int) -> int | float:
    """The JSON number for so many paise: 12, 12.5 or 12.25. ValueError beyond 2^53 paise, where it is not exact."""
    if abs(paise) > PAISE_MAX:
        raise ValueError("is too large to be sent as a JSON number")
    whole, rest = divmod(paise, PAISE_PER_RUPEE)
    return paise / PAISE_PER_RUPEE if rest else whole


@dataclass(frozen=True, slots=True)
class RupeeBounds:
    """Marks an int field of paise as sent in rupees, from `minimum` to `maximum` rupees, both allowed.

    Only JSON numbers are taken: no text, no true, nothing that is not finite, no third decimal.
    """

    minimum: Decimal = Decimal("0.01")
    maximum: Decimal = Decimal(RUPEES_MAX)

    def _parse(self, given: Any) -> int:
        if isinstance(given, str):
            raise ValueError("must be a number")
        paise = to_paise(given)
        if paise < to_paise(self.minimum):
            raise ValueError(f"must be at least {to_rupees(to_paise(self.minimum))}")
        if paise > to_paise(self.maximum):
            raise ValueError(f"must be at most {to_rupees(to_paise(self.maximum))}")
        return paise

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._parse, serialization=core_schema.plain_serializer_function_ser_schema(to_rupees)
        )

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "number",
            "minimum": to_rupees(to_paise(self.minimum)),
            "maximum": to_rupees(to_paise(self.maximum)),
            "multipleOf": 0.01,
            "description": "rupees",
            "examples": [42.5],
        }


Rupees = Annotated[int, RupeeBounds()]
"""A request's price or amount: more than 0, at most 1,000,000 rupees. Holds paise."""

RupeesOrZero = Annotated[int, RupeeBounds(minimum=Decimal(0))]
"""A request's amount that may be 0. Holds paise."""

SignedRupees = Annotated[int, RupeeBounds(minimum=Decimal(-RUPEES_MAX))]
"""A request's amount that may go either way. Holds paise."""

RupeesOut = Annotated[
    int,
    Field(strict=True),
    PlainSerializer(to_rupees),
    WithJsonSchema(
        {"type": "number", "multipleOf": 0.01, "description": "rupees", "examples": [42.5]}, mode="serialization"
    ),
]
"""An answer's amount: given as paise, sent as rupees."""
