"""The smallest files that are what they say: a PDF of one empty page, a JPEG and a PNG of one grey dot."""

from __future__ import annotations

import zlib


def pdf() -> bytes:
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    )
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj%sendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return content + b"xref\n0 4\n0000000000 65535 f \n" + table + trailer


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(body) + 2).to_bytes(2) + body


def jpeg() -> bytes:
    huffman = bytes((1, *[0] * 15, 0))  # one code of one bit, which means nothing more follows
    return b"".join(
        (
            b"\xff\xd8",
            _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            _segment(0xDB, b"\0" + b"\1" * 64),
            _segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0"),
            _segment(0xC4, b"\x00" + huffman),
            _segment(0xC4, b"\x10" + huffman),
            _segment(0xDA, b"\1\1\0\0\x3f\0"),
            b"\x3f",
            b"\xff\xd9",
        )
    )


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG with its length and checksum."""
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def png() -> bytes:
    header = chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def padded_pdf(size_bytes: int) -> bytes:
    """A PDF of exactly this length, by a comment after its first line."""
    first, _, rest = pdf().partition(b"\n")
    return first + b"\n%" + b"x" * (size_bytes - len(first) - len(rest) - 3) + b"\n" + rest
