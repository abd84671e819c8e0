"""An empty string: "not given" in an optional field, a mistake in an enumeration and in what creation demands."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import ValidationError

from habrio_shared.schemas import Body, Edit, Line, Required

Mode = Literal["cash", "wallet"]


class Creation(Body):
    notes: Line = "none"
    mode: Mode = "cash"
    other_mode: Mode | None = None


class Change(Edit):
    name: Required | None = None
    notes: Line | None = None
    mode: Mode | None = None


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_in_an_optional_field_it_means_not_given(empty: str) -> None:
    assert Creation.model_validate({"notes": empty}).notes == "none"
    assert Change.model_validate({"notes": empty}).changes() == {}


@pytest.mark.parametrize(("model", "field"), [(Creation, "mode"), (Creation, "other_mode"), (Change, "mode")])
def test_in_an_enumeration_it_is_a_mistake(model: type[Body], field: str) -> None:
    with pytest.raises(ValidationError):
        model.model_validate({field: ""})


def test_in_an_edit_of_what_creation_demands_it_is_a_mistake() -> None:
    with pytest.raises(ValidationError):
        Change.model_validate({"name": ""})
    assert Change.model_validate({"name": None, "mode": None}).changes() == {}
