"""Uploaded files are kept whole or not at all."""

from __future__ import annotations

import hashlib
import io
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
