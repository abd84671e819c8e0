"""A home holds one running stack, keeps its secrets to itself, and is never somebody else's folder."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from habrio_local import secrets
from habrio_local.home import Home
from habrio_local.problem import Problem


def test_a_folder_with_other_things_in_it_is_refused_because_clean_would_delete_them(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(Problem, match="not empty"):
        Home(tmp_path).make()


def test_a_second_supervisor_does_not_get_the_lock_and_learns_who_has_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.make()
    home.make()
    assert home.holder_pid() is None
    lock = home.lock()
    assert lock is not None
    assert home.lock() is None
    assert home.holder_pid() is not None
    lock.close()
    assert home.holder_pid() is None


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    first = secrets.load_or_make(path, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(set(first.values())) == len(secrets.GENERATED)
    assert secrets.load_or_make(path, {}) == first
    assert secrets.load_or_make(path, {"JWT_SECRET": "mine"}) == {**first, "JWT_SECRET": "mine"}
    assert secrets.load_or_make(path, {}) == first


def test_a_state_file_that_is_not_there_or_half_written_is_no_state(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.read_state() == {}
    home.state_file.write_text('{"pid": 1', encoding="utf-8")
    assert home.read_state() == {}
