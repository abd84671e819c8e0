"""Imported by Python itself at its start where this folder is on the PYTHONPATH: makes the planted bug ready."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

Change = Callable[[ModuleType], None]


class ChangedLoader(Loader):
    """Loads as `real` does and then applies the changes."""

    def __init__(self, real: Loader, change: Change) -> None:
        self._real = real
        self._change = change

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._real.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._real.exec_module(module)
        self._change(module)


class Planter(MetaPathFinder):
    """Finds the modules that have a bug planted in them, before anybody else does."""

    def __init__(self, changes: dict[str, Change]) -> None:
        self._changes = changes

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        change = self._changes.get(fullname)
        spec = PathFinder.find_spec(fullname, path, target) if change is not None else None
        if spec is not None and spec.loader is not None and change is not None:
            spec.loader = ChangedLoader(spec.loader, change)
        return spec


if os.environ.get("HABRIO_PLANTED_BUG"):
    bugs = importlib.import_module("habrio_planted_bugs")
    sys.meta_path.insert(0, Planter(bugs.CHANGES[os.environ["HABRIO_PLANTED_BUG"]]))
