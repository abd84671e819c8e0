"""Money is exact: what a client wrote is what is kept, and what is kept is what is sent."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from habrio_shared.money import (
    PAISE_MAX,
    Rupees,
    RupeesOrZero,
    RupeesOut,
    SignedRupees,
    to_paise,
    to_rupees,
)

RUPEES: TypeAdapter[int] = TypeAdapter(Rupees)


@given(st.integers(-PAISE_MAX // 1000, PAISE_MAX // 1000))
def test_paise_survive_the_way_over_the_wire(paise: int) -> None:
    sent = json.dumps(to_rupees(paise))
    assert to_paise(json.loads(sent)) == paise
    assert len(sent.partition(".")[2]) <= 2


@given(st.integers(1, 100_000_000))
def test_a_request_may_name_every_amount_up_to_a_million_rupees(paise: int) -> None:
    assert RUPEES.validate_json(json.dumps(paise / 100)) == paise
    assert RUPEES.validate_python(Decimal(paise) / 100) == paise


@pytest.mark.parametrize(
    ("rupees", "paise"),
    [
        (12, 1200),
        (12.5, 1250),
        (0.29, 29),  # 0.29 * 100 is 28.999999999999996
        (1.1, 110),
        (1e3, 100_000),
        (-0.0, 0),
        ("12.50", 1250),
        (Decimal("12.500000000000000000000000000000000000"), 1250),
        (Decimal("1E+3"), 100_000),
        (-7.25, -725),
    ],
)
def test_rupees_become_exactly_so_many_paise(rupees: Decimal | float | str, paise: int) -> None:
    assert to_paise(rupees) == paise


@pytest.mark.parametrize(
    "wrong",
    [
        True,
        None,
        [],
        "",
        "twelve",
        "1_000",
        "١٢",
        0.001,
        12.345,
        float("nan"),
        float("inf"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        Decimal("1.00000000000000000000000000000000000001"),
        Decimal("1E-999999"),
        Decimal("1E+999999"),
        10**400,
        1e300,
        "9" * 5000,
    ],
)
def test_what_is_no_amount_of_money_is_a_value_error(wrong: Decimal | float | str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        to_paise(wrong)


@given(st.one_of(st.floats(), st.integers(), st.decimals(), st.text(max_size=50), st.booleans(), st.none()))
def test_no_input_does_worse_than_a_validation_error(given_value: object) -> None:
    try:
        paise = RUPEES.validate_python(given_value)
    except ValidationError:
        return
    assert isinstance(paise, int)
    assert 1 <= paise <= 100_000_000


@pytest.mark.parametrize(
    "text", ["0", "-1", "0.001", "1000000.01", '"5"', "true", "null", "[]", "NaN", "Infinity", "1e999", "1" * 400]
)
def test_a_request_that_names_no_proper_amount_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        RUPEES.validate_json(text)


def test_an_amount_that_may_be_zero_or_negative_says_so_in_its_type() -> None:
    assert TypeAdapter(RupeesOrZero).validate_python(0) == 0
    assert TypeAdapter(SignedRupees).validate_python(-2.5) == -250
    with pytest.raises(ValidationError, match="at least 0"):
        TypeAdapter(RupeesOrZero).validate_python(-0.01)


def test_fields_hold_paise_and_show_rupees() -> None:
    class LoadIn(BaseModel):
        amount_paise: Rupees = Field(alias="amount")

    class BalanceOut(BaseModel):
        balance: RupeesOut

    assert LoadIn.model_validate_json('{"amount": 12.5}').amount_paise == 1250
    assert BalanceOut(balance=1250).model_dump_json() == '{"balance":12.5}'
    assert BalanceOut(balance=1200).model_dump_json() == '{"balance":12}'
    with pytest.raises(ValidationError):
        BalanceOut.model_validate({"balance": 12.5})


def test_the_documents_say_that_amounts_are_numbers() -> None:
    class Prices(BaseModel):
        price: Rupees
        shown: RupeesOut

    asked = Prices.model_json_schema(mode="validation")["properties"]["price"]
    sent = Prices.model_json_schema(mode="serialization")["properties"]["shown"]
    assert (asked["type"], asked["minimum"], asked["maximum"]) == ("number", 0.01, 1_000_000)
    assert sent["type"] == "number"


def test_an_amount_too_large_to_be_exact_is_never_sent() -> None:
    with pytest.raises(ValueError, match="too large"):
        to_rupees(PAISE_MAX + 1)
