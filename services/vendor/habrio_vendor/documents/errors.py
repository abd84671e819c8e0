"""How a call about a document can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, Forbidden, NotFound, Unavailable


class DocumentNotFound(NotFound):
    """Unknown, or another vendor's."""

    word = "document_not_found"
    sentence = "Document not found"


class FileNotAccepted(BadRequest):
    word = "file_not_accepted"
    sentence = "Send a PDF, JPEG or PNG file; this is none of them, or a part of it is missing"


class TooManyDocuments(BadRequest):
    word = "too_many_documents"
    sentence = "You have sent as many documents as we can keep; please ask us before you send more"


class LinkNotValid(Forbidden):
    """Forged, cut off, or made for another document."""

    word = "link_not_valid"
    sentence = "This link is not valid; please open the list of documents again for a new one"


class LinkExpired(Forbidden):
    word = "link_expired"
    sentence = "This link has expired; please open the list of documents again for a new one"


class StorageAway(Unavailable):
    """The file could not be written or read; nothing was changed."""

    word = "storage_unavailable"
    sentence = "Files cannot be kept or fetched just now, please try again"
