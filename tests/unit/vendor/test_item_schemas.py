"""What an item's body is taken to mean."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from habrio_vendor.items.schemas import ItemEdit, ItemIn


def test_rupees_become_paise() -> None:
    item = ItemIn.model_validate_json('{"title": "Rice", "price": 10.5, "mrp": 11, "discount": 0.25}')
    assert (item.price_paise, item.mrp_paise, item.discount_hundredths) == (1050, 1100, 25)


@given(st.integers(1, 100_000_000))
def test_every_price_of_whole_paise_is_kept_exactly(paise: int) -> None:
    sent = json.dumps({"title": "Rice", "price": paise / 100})
    assert ItemIn.model_validate_json(sent).price_paise == paise


@given(st.floats() | st.integers() | st.text() | st.booleans() | st.none())
def test_whatever_is_sent_as_a_price_is_a_price_or_refused(price: object) -> None:
    try:
        item = ItemIn.model_validate({"title": "Rice", "price": price})
    except ValidationError:
        return
    assert 1 <= item.price_paise <= 100_000_000
    assert not isinstance(price, bool | str)


def test_an_edit_holds_only_what_was_given() -> None:
    edit = ItemEdit.model_validate_json(
        '{"price": 12.25, "brand": "", "unit": null, "expiry_date": "2027-01-31", "x": 1}'
    )
    assert edit.changes() == {"price_paise": 1225, "expiry_date": date(2027, 1, 31)}


@pytest.mark.parametrize("body", ['{"title": ""}', '{"price": ""}', '{"title": " "}', '{"price": 0}'])
def test_what_creation_demands_cannot_be_emptied_by_an_edit(body: str) -> None:
    with pytest.raises(ValidationError):
        ItemEdit.model_validate_json(body)
