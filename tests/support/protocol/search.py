"""Breadth-first through every state that can be reached, so that what is found comes with a shortest way to it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from tests.support.protocol.facts import State
from tests.support.protocol.judge import wrongs
from tests.support.protocol.protocol import Broken, Protocol, Step


@dataclass(frozen=True, slots=True)
class Found:
    """`trace` leads to what is `wrong`, one line a step; both are empty if no state of all these is.

    `ends`: how orders stood for their consumers when nothing was under way.
    """

    states: int
    transitions: int
    quiet: int
    ends: frozenset[str]
    wrong: str = ""
    trace: tuple[str, ...] = ()

    def __str__(self) -> str:
        size = f"{self.states} states, {self.quiet} of them quiet, {self.transitions} transitions"
        if not self.wrong:
            return f"nothing wrong in {size}"
        steps = "\n".join(f"  {number}. {step}" for number, step in enumerate(self.trace, start=1))
        return f"{self.wrong} ({size})\n{steps}"


def search(protocol: Protocol) -> Found:
    """Every state from the start on, until one is wrong or none is left. The scope keeps them finite."""
    start = protocol.scope.start()
    came_by: dict[State, Step | None] = {start: None}
    waiting = deque([start])
    transitions = quiet = 0
    ends: set[str] = set()
    while waiting:
        state = waiting.popleft()
        if state.is_quiet:
            quiet += 1
            ends.update(bought.status for bought in state.bought if bought is not None)
        wrong = next(wrongs(protocol.scope, state), "")
        try:
            following = [] if wrong else list(protocol.steps(state))
        except Broken as error:
            wrong, following = str(error), []
        if wrong:
            return Found(len(came_by), transitions, quiet, frozenset(ends), wrong, _trace(came_by, state))
        for words, after in following:
            transitions += 1
            if after not in came_by:
                came_by[after] = (words, state)
                waiting.append(after)
    return Found(len(came_by), transitions, quiet, frozenset(ends))


def _trace(came_by: dict[State, Step | None], state: State) -> tuple[str, ...]:
    words: list[str] = []
    step = came_by[state]
    while step is not None:
        words.append(step[0])
        step = came_by[step[1]]
    return tuple(reversed(words))
