"""A vendor sends a document: a link to it, or the file."""

from __future__ import annotations

import io
import logging
import secrets
from typing import Any

from habrio_shared import faults
from habrio_shared.api import Upload
from habrio_shared.database import reading, transaction
from habrio_vendor.clients.storage import current_storage
from habrio_vendor.documents.errors import FileNotAccepted, StorageAway, TooManyDocuments
from habrio_vendor.documents.models import Document
from habrio_vendor.documents.queries import count_of
from habrio_vendor.documents.rules import kind_of

log = logging.getLogger(__name__)

DOCUMENTS_MAX = 100
"""So many documents of one vendor are kept; several sent at once may pass it by as many."""

FOLDER = "documents"
AFTER_FILE = faults.declare("documents.after_file")


def add(vendor_id: int, document_type: str, source: str | Upload) -> int:
    """The id of the document, which is to be reviewed. `source`: an https link, or the file (at most 5 MiB).

    The file is stored before the row says so: a crash between the two leaves a file that nobody knows of, which
    housekeeping deletes, and never a row without its file. TooManyDocuments, FileNotAccepted, StorageAway.
    """
    with reading() as session:
        if count_of(session, vendor_id) >= DOCUMENTS_MAX:
            raise TooManyDocuments
    content = {"file_url": source} if isinstance(source, str) else _stored(vendor_id, source)
    faults.point(AFTER_FILE)
    with transaction() as session:
        document = Document(vendor_id=vendor_id, document_type=document_type, **content)
        session.add(document)
        session.flush()
        return document.id


def _stored(vendor_id: int, upload: Upload) -> dict[str, Any]:
    content = upload.stream.read()
    if not content:
        raise FileNotAccepted("The file is empty")
    kind = kind_of(content)
    if kind is None:
        raise FileNotAccepted
    key = f"{FOLDER}/{vendor_id}/{secrets.token_hex(16)}"
    try:
        stored = current_storage().put(key, io.BytesIO(content))
    except OSError as error:
        log.error("%s could not be stored: %s", key, error)
        raise StorageAway from error
    return {"file_key": key, "file_kind": kind, "size_bytes": stored.size_bytes, "sha256": stored.sha256}
