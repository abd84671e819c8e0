"""Where uploaded files are kept: a port with one implementation, a folder; an object store can follow.

A file is written whole under a temporary name and then renamed, so that nobody ever reads half of one. Keys are made
by us (`documents/7/3f…`), never by senders.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import current_app

from habrio_vendor.settings import VendorSettings

CHUNK_BYTES = 64 * 1024
KEY = re.compile(r"[a-z0-9_-]+(/[a-z0-9_.-]+)+")


@dataclass(frozen=True, slots=True)
class Stored:
    """What was kept: how long it is and what its content hashes to (hexadecimal)."""

    size_bytes: int
    sha256: str


class Storage(Protocol):
    """Keeps files by key. A key that is not there is FileNotFoundError; a medium that is full or gone OSError."""

    def put(self, key: str, stream: BinaryIO) -> Stored:
        """Keep all that `stream` still has under `key`; what was there before is replaced."""

    def open(self, key: str) -> BinaryIO:
        """The content, to be read and closed by the caller."""

    def delete(self, key: str) -> None:
        """Forget it; nothing happens if it is not there."""

    def older_than(self, folder: str, seconds: float) -> Iterator[str]:
        """The keys below `folder` that were put so long ago by the medium's clock, unfinished ones among them."""


class Folder:
    """Files below one folder, which the service's processes and workers share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, stream: BinaryIO) -> Stored:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256()
        size_bytes = 0
        handle, unfinished = tempfile.mkstemp(dir=path.parent, prefix=".unfinished-")
        try:
            with os.fdopen(handle, "wb") as file:
                while chunk := stream.read(CHUNK_BYTES):
                    digest.update(chunk)
                    size_bytes += len(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(unfinished).replace(path)
            self._settle(path.parent)
        finally:
            Path(unfinished).unlink(missing_ok=True)
        return Stored(size_bytes, digest.hexdigest())

    def open(self, key: str) -> BinaryIO:
        return self._path(key).open("rb")

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def older_than(self, folder: str, seconds: float) -> Iterator[str]:
        latest = time.time() - seconds
        for path in (self._root / folder).rglob("*"):
            try:
                is_old = path.is_file() and path.stat().st_mtime <= latest
            except FileNotFoundError:  # deleted meanwhile
                continue
            if is_old:
                yield path.relative_to(self._root).as_posix()

    def _settle(self, folder: Path) -> None:
        """Make the names in `folder`, and its own, outlast a power cut, as a row does once it is committed."""
        for changed in (folder, *folder.parents):
            handle = os.open(changed, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            if changed == self._root:
                break

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key) or ".." in key:
            raise ValueError(f"{key!r} is no key of ours")
        return self._root / key


def current_storage() -> Storage:
    """The storage of the current app."""
    settings: VendorSettings = current_app.extensions["habrio_settings"]
    return Folder(settings.upload_folder)
