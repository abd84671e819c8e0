"""What is sealed is not in clear, and opens under its own keys only."""

from __future__ import annotations

import pytest

from habrio_shared.sealing import NotOurSeal, Sealer

OLD, NEW = "0123456789abcdef" * 2, "fedcba9876543210" * 2
NUMBER = "123456789012"


def test_what_is_sealed_opens_again_and_never_looks_the_same_twice() -> None:
    sealer = Sealer("vendor", [NEW])
    first, second = sealer.seal(NUMBER), sealer.seal(NUMBER)
    assert first != second
    assert NUMBER not in first + second
    assert sealer.unseal(first) == sealer.unseal(second) == NUMBER


def test_after_a_new_key_the_old_one_still_opens_and_no_longer_seals() -> None:
    rotated = Sealer("vendor", [NEW, OLD])
    assert rotated.unseal(Sealer("vendor", [OLD]).seal(NUMBER)) == NUMBER
    with pytest.raises(NotOurSeal):
        Sealer("vendor", [OLD]).unseal(rotated.seal(NUMBER))


def test_another_key_or_another_service_with_the_same_key_opens_nothing() -> None:
    sealed = Sealer("vendor", [NEW]).seal(NUMBER)
    for stranger in (Sealer("vendor", [OLD]), Sealer("consumer", [NEW])):
        with pytest.raises(NotOurSeal):
            stranger.unseal(sealed)


def test_what_was_changed_is_refused_and_not_misread() -> None:
    sealer = Sealer("vendor", [NEW])
    sealed = sealer.seal(NUMBER)
    for position in range(0, len(sealed), 7):
        letter = "A" if sealed[position] != "A" else "B"
        with pytest.raises(NotOurSeal):
            sealer.unseal(sealed[:position] + letter + sealed[position + 1 :])
    for nothing in ("", "x", NUMBER):
        with pytest.raises(NotOurSeal):
            sealer.unseal(nothing)
