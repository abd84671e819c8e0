"""Uploaded files are kept whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path

import pytest

from habrio_vendor.clients.storage import CHUNK_BYTES, Folder


class Breaking(io.BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > CHUNK_BYTES:
            raise OSError("the sender went away")
        return super().read(size)


def test_a_file_is_kept_with_its_length_and_hash_and_can_be_replaced_and_forgotten(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    content = b"x" * (3 * CHUNK_BYTES + 1)
    stored = folder.put("documents/7/a", io.BytesIO(content))
    assert (stored.size_bytes, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    folder.put("documents/7/a", io.BytesIO(b"new"))
    with folder.open("documents/7/a") as file:
        assert file.read() == b"new"
    folder.delete("documents/7/a")
    folder.delete("documents/7/a")
    with pytest.raises(FileNotFoundError):
        folder.open("documents/7/a")


def test_half_a_file_never_stays_nor_replaces_a_whole_one(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.put("documents/7/a", io.BytesIO(b"whole"))
    with pytest.raises(OSError, match="went away"):
        folder.put("documents/7/a", Breaking(b"x" * (3 * CHUNK_BYTES)))
    with folder.open("documents/7/a") as file:
        assert file.read() == b"whole"
    assert [path.name for path in (tmp_path / "documents" / "7").iterdir()] == ["a"]


@pytest.mark.parametrize("key", ["a", "../a", "documents/../../a", "/etc/passwd", "documents/7/", "documents/A b"])
def test_a_key_that_is_not_ours_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="no key of ours"):
        Folder(tmp_path).put(key, io.BytesIO(b""))


def test_old_files_are_found_and_so_is_what_a_crash_left_unfinished(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    assert list(folder.older_than("documents", 60)) == []
    for key in ("documents/7/old", "documents/7/.unfinished-x1", "documents/8/new", "bulk/7/old"):
        folder.put(key, io.BytesIO(b"x"))
        if "new" not in key:
            os.utime(tmp_path / key, (0, 0))
    assert sorted(folder.older_than("documents", 60)) == ["documents/7/.unfinished-x1", "documents/7/old"]
    for key in folder.older_than("documents", 60):
        folder.delete(key)
    assert sorted(folder.older_than("documents", 0)) == ["documents/8/new"]
