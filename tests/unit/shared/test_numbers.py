"""Numbers with an exponent are refused, and looking for them costs no more than reading the body once."""

from __future__ import annotations

import pytest

from habrio_shared.api import BODY_LIMIT_BYTES, STRING_OR_EXPONENT


def has_exponent(body: bytes) -> bool:
    return any(found[1] for found in STRING_OR_EXPONENT.finditer(body))


@pytest.mark.parametrize("body", [b'{"a":1e2}', b"[-1.5E+3]", b'{"a":"x","b":0e0}', b'["\\"",10e1]'])
def test_an_exponent_is_found(body: bytes) -> None:
    assert has_exponent(body)


@pytest.mark.parametrize(
    "body", [b'{"a":12.5}', b'{"1e2":true}', b'["\\"1e2"]', b'{"a":"1e2","b":false}', b"[1,2,null]"]
)
def test_what_only_looks_like_one_is_none(body: bytes) -> None:
    assert not has_exponent(body)


@pytest.mark.parametrize("unit", [b"9", b"9.", b'"', b'""', b"\\", b'"9'])
def test_a_body_of_a_megabyte_is_read_once(unit: bytes) -> None:
    assert not has_exponent(unit * (BODY_LIMIT_BYTES // len(unit)))
