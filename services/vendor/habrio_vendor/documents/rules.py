"""What counts as a document: which links, and which files by their content."""

from __future__ import annotations

import re
import zlib
from typing import Literal
from urllib.parse import urlsplit

FileKind = Literal["pdf", "jpeg", "png"]

CONTENT_TYPES: dict[FileKind, str] = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
ENDINGS: dict[FileKind, str] = {"pdf": "pdf", "jpeg": "jpg", "png": "png"}

LINK_LENGTH_MAX = 2000
LINK = re.compile(r"https://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.IGNORECASE)
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")
"""A name of the public internet: an address in figures has no such last part, nor has "localhost"."""

PRIVATE_ENDINGS = (".local", ".localhost", ".internal", ".home.arpa")

PDF_BEGIN = re.compile(rb"%PDF-[12]\.[0-9]")
PDF_END_WITHIN_BYTES = 1024
"""Readers look for %%EOF in the last 1024 bytes (ISO 32000-1, annex H.3.4.4), and so do we."""

JPEG_BEGIN, JPEG_END = b"\xff\xd8", 0xD9
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_SCAN = 0xDA
JPEG_NEXT_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
"""Within a scan, 0xFF stands before 0 or a restart marker; anything else ends the scan (ITU T.81, B.1.1). Padding is
no part of it: megabytes of it would be looked through again from each byte."""

PNG_BEGIN = b"\x89PNG\r\n\x1a\n"
PNG_HEADER_BYTES = 13
PNG_CHUNK_BYTES_MIN = 12


def https_link(given: str) -> str:
    """The link as given. ValueError, in a shopkeeper's words, unless it is https://, a public host's name, no user."""
    if len(given) > LINK_LENGTH_MAX:
        raise ValueError(f"must be a link of at most {LINK_LENGTH_MAX} characters")
    if not LINK.fullmatch(given):
        raise ValueError("must be a link that begins with https:// and has no spaces")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("must be a link with the name of a site, such as https://files.example.com/pan.pdf") from None
    if "@" in parts.netloc:
        raise ValueError("must be a link without a user name or password in it")
    if not HOST.fullmatch(host) or host.endswith(PRIVATE_ENDINGS) or port == 0:
        raise ValueError("must be a link with the name of a site, such as https://files.example.com/pan.pdf")
    return given


def kind_of(content: bytes) -> FileKind | None:
    """What the content is from its first byte to its end; None if it is none of what we take, or is cut off.

    What its name or sender says plays no part. It is not a proof that every reader can show it.
    """
    if PDF_BEGIN.match(content):
        return "pdf" if _is_whole_pdf(content) else None
    if content.startswith(JPEG_BEGIN):
        return "jpeg" if _is_whole_jpeg(content) else None
    if content.startswith(PNG_BEGIN):
        return "png" if _is_whole_png(content) else None
    return None


def _is_whole_pdf(content: bytes) -> bool:
    """It says where its table of objects is, and ends."""
    return b"startxref" in content and b"%%EOF" in content[-PDF_END_WITHIN_BYTES:]


def _is_whole_jpeg(content: bytes) -> bool:
    """Segment by segment: a frame, a scan, the end. Telephones write more behind the end, so what is there may be."""
    position, has_frame = len(JPEG_BEGIN), False
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker = content[position + 1]
        length = int.from_bytes(content[position + 2 : position + 4])
        if marker == 0xFF:  # a marker may be padded
            position += 1
            continue
        if marker < 0xC0 or 0xD0 <= marker <= JPEG_END or length < 2:
            return False
        has_frame = has_frame or marker in JPEG_FRAMES
        position += 2 + length
        if marker == JPEG_SCAN:
            following = JPEG_NEXT_MARKER.search(content, position)
            if following is None:
                return False
            if following[1][0] == JPEG_END:
                return has_frame
            position = following.start()
    return False


def _is_whole_png(content: bytes) -> bool:
    """Chunk by chunk, each with its checksum: a header first, some image data, the end, and nothing behind it."""
    position, names = len(PNG_BEGIN), []
    while position + PNG_CHUNK_BYTES_MIN <= len(content):
        length = int.from_bytes(content[position : position + 4])
        end = position + PNG_CHUNK_BYTES_MIN + length
        checksum = int.from_bytes(content[end - 4 : end])
        if end > len(content) or zlib.crc32(content[position + 4 : end - 4]) != checksum:
            return False
        names.append(content[position + 4 : position + 8])
        if len(names) == 1 and (names[0] != b"IHDR" or length != PNG_HEADER_BYTES):
            return False
        position = end
        if names[-1] == b"IEND":
            return b"IDAT" in names and position == len(content)
    return False
