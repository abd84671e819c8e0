"""What a process does about traces that nobody wants to have: nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext


class Untraced:
    """See the functions of `telemetry`, which lead here."""

    def start(self, _part: str, /) -> None:
        pass

    def flush(self) -> None:
        pass

    def current(self) -> str | None:
        return None

    def answering(
        self, _method: str, _route: str, _traceparent: str, _tracestate: str, /
    ) -> AbstractContextManager[Callable[[int], None]]:
        return nullcontext(_forget)

    def continued(self, _traceparent: str, /) -> AbstractContextManager[object]:
        return nullcontext()

    def replayed(self, _kind: str, _traceparent: str, /) -> AbstractContextManager[object]:
        return nullcontext()

    def query(self, _system: str, _statement: str, /) -> AbstractContextManager[object]:
        return nullcontext()


def _forget(_status: int) -> None:
    pass
