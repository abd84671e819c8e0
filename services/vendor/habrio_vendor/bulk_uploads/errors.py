"""How an upload of many items can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, NotFound, TooManyRequests


class WrongEnding(BadRequest):
    word = "unknown_file_ending"
    sentence = "Send a file whose name ends in .csv, .xls or .xlsx"


class Unreadable(BadRequest):
    """The file cannot be read as a sheet; the message says why, for the person who made it."""

    word = "unreadable_file"
    sentence = "The file cannot be read"


class MissingColumns(BadRequest):
    """The message names the columns that are not there, or stand there twice."""

    word = "missing_columns"
    sentence = "The first row must name the columns; title and price are needed"


class TooManyUploads(TooManyRequests):
    """A shop's uploads are worked off one after the other, and only so many may wait."""

    word = "too_many_uploads"
    sentence = "Other files of your shop are still being read; please send this one when they are done"


class UploadNotFound(NotFound):
    """Unknown, forgotten, or of another shop."""

    word = "upload_not_found"
    sentence = "Upload not found"
