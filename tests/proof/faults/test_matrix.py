"""Each named point × kill -9, an exception, five seconds of delay, in real processes: all ends as it must, once."""

from __future__ import annotations

import queue
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.proof.faults import matrix
from tests.proof.faults.conftest import Towns
from tests.proof.faults.journeys import Journey
from tests.proof.faults.town import Town
from tests.support.books import assert_books_balance

DELAYED_AT_ONCE = 6
"""Who is delayed does not work, so that several can be at once; a kill or an exception is looked at by itself."""


@pytest.mark.parametrize("effect", ["kill", "raise"])
@pytest.mark.parametrize(("point", "journey"), matrix.rows(), ids=[point for point, _ in matrix.rows()])
def test_whatever_strikes_the_journey_ends_as_it_must(town: Town, point: str, journey: Journey, effect: str) -> None:
    with town.struck(point, effect):
        journey(town)
    assert_books_balance(town.stack)


def test_whatever_is_delayed_the_journey_ends_as_it_must(new_town: Towns) -> None:
    towns: queue.SimpleQueue[Town] = queue.SimpleQueue()
    for _ in range(DELAYED_AT_ONCE):
        towns.put(new_town())

    def delayed(row: tuple[str, Journey]) -> str:
        point, journey = row
        town = towns.get()
        try:
            with town.struck(point, "delay"):
                journey(town)
        except Exception:  # noqa: BLE001 — a finding like any other, told with all others
            return f"{point}: {traceback.format_exc()}"
        finally:
            towns.put(town)
        return ""

    with ThreadPoolExecutor(DELAYED_AT_ONCE) as pool:
        found = [problem for problem in pool.map(delayed, matrix.rows()) if problem]
    assert not found, "\n".join(found)
    assert_books_balance(towns.get().stack)


def test_every_commit_and_every_point_has_a_row() -> None:
    wanted = {f"{module}.{when}_commit" for module in matrix.committing_modules() for when in ("before", "after")}
    excused = {f"{module}.{when}_commit" for module in matrix.NOT_STRUCK for when in ("before", "after")}
    rows = [point for point, _ in matrix.rows()]
    assert len(rows) == len(set(rows))
    assert set(rows) == (wanted - excused) | matrix.declared_points()
    assert excused <= wanted
