"""What is sent to every route with a body: a name, how the bytes are made, and which answers are right.

Most are refused by nginx (its 400, 413, 414, 431, 501 and 505 are in the envelope too), the rest by the service. HIDDEN
is a second request within the first: if any part of the platform took the first one to end before it, it would be
answered too.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from tests.proof.fuzz.targets import Target
from tests.proof.fuzz.wire import BARE, CLOSED

MIB = 2**20
REFUSED = frozenset(range(400, 500))
ANSWERED = REFUSED | {200, 201, 202}
BAD = frozenset({400})
HIDDEN = b"GET /health HTTP/1.1\r\nHost: habrio.example\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"

Maker = Callable[[Target], bytes]


@dataclass(frozen=True)
class Attack:
    """`right`: the statuses that may come, CLOSED among them where a closed connection is as good.

    `forms`: whether forms are asked too, in which what comes before the first boundary means nothing. `ends`: the
    client says that nothing more comes. `slow`: byte by byte. `stalls`: the client stays silent, which
    costs as long as nginx waits, so that only a few routes are asked.
    """

    make: Maker
    right: frozenset[int]
    forms: bool = True
    ends: bool = False
    slow: bool = False
    stalls: bool = False

    def pieces(self, target: Target) -> Iterable[bytes]:
        """What is sent, and in which pieces."""
        whole = self.make(target)
        return [whole[at : at + 1] for at in range(len(whole))] if self.slow else [whole]


def body(made: Callable[[Target], bytes] | bytes, *lines: str) -> Maker:
    """A well-formed request with such a body."""
    return lambda target: target.request(made if isinstance(made, bytes) else made(target), *lines)


def line(text: str) -> Maker:
    """A good body below another request line; `{path}` is the route's."""
    return lambda target: target.head(line=text.format(path=target.path), length=len(target.body)) + target.body


def header(*lines: str) -> Maker:
    """A good request with these headers too."""
    return lambda target: target.request(None, *lines)


def length(*values: str) -> Maker:
    """A good body, and these Content-Lengths; the connection is to stay."""
    return lambda target: target.head(*(f"Content-Length: {value}" for value in values), keeps=True) + target.body


def coded(*lines: str) -> Maker:
    """These headers instead of a length, an empty chunked body, and a hidden request."""
    return lambda target: target.head(*lines, keeps=True) + b"0\r\n\r\n" + HIDDEN


def chunks(sent: bytes) -> Maker:
    """A chunked body of exactly these bytes."""
    return lambda target: target.head(CHUNKED, keeps=True) + sent


def text(value: bytes) -> Callable[[Target], bytes]:
    """The good body with this, raw, in place of its first text."""

    def made(target: Target) -> bytes:
        if not target.is_json:
            return target.body.replace(b"title", value)
        return json.dumps(json.loads(target.body) | {target.text_field: "\0"}).encode().replace(b'"\\u0000"', value)

    return made


@cache
def bomb(mebibytes: int) -> bytes:
    """So many MiB of zeros, by gzip a thousandth of it."""
    return gzip.compress(bytes(MIB), 9) * mebibytes


def _chunk_of(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x%b\r\n%b\r\n" % (len(data), extension, data)


BODIES: dict[str, Attack] = {
    "gzip": Attack(body(lambda target: gzip.compress(target.body), "Content-Encoding: gzip"), REFUSED),
    "gzip bomb, 10 MB": Attack(body(bomb(10), "Content-Encoding: gzip"), REFUSED),
    "gzip bomb, 500 MB": Attack(body(bomb(500), "Content-Encoding: gzip"), REFUSED),
    "gzip bomb as chunks": Attack(
        lambda target: target.head("Content-Encoding: gzip", CHUNKED) + _chunk_of(bomb(10)) + b"0\r\n\r\n", REFUSED
    ),
    "BOM": Attack(body(lambda target: b"\xef\xbb\xbf" + target.body), REFUSED, forms=False),
    "UTF-16": Attack(body(lambda target: target.body.decode().encode("utf-16")), REFUSED),
    "NUL before": Attack(body(lambda target: b"\0" + target.body), REFUSED, forms=False),
    "NUL in a text, raw": Attack(body(text(b'"a\0b"')), REFUSED),
    "NUL in a text, escaped": Attack(body(text(b'"a\\u0000b"')), ANSWERED),
    "lone surrogate": Attack(body(text(b'"\\ud800"')), ANSWERED),
    "overlong UTF-8": Attack(body(text(b'"\xc0\xaf\xe0\x80\xaf"')), REFUSED),
    "CESU-8": Attack(body(text(b'"\xed\xa0\xbd\xed\xb8\x80"')), REFUSED),
    "arrays, 100,000 deep": Attack(body(b"[" * 100_000 + b"]" * 100_000), REFUSED),
    "objects, 100,000 deep": Attack(body(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), REFUSED),
    "arrays, 100,000 deep, in a field": Attack(body(text(b"[" * 100_000 + b"]" * 100_000)), REFUSED),
    "arrays, 100,000 deep, never closed": Attack(body(b"[" * 100_000), REFUSED),
    "number of 1 MB": Attack(body(b"9" * (MIB - 1)), REFUSED),
    "number of 1 MB in a field": Attack(body(text(b"9" * (MIB - 4096))), REFUSED),
    "fraction of 1 MB in a field": Attack(body(text(b"0." + b"9" * (MIB - 4096))), ANSWERED),
    "number of 10 MB": Attack(body(b"9" * (10 * MIB)), frozenset({413})),
    "number out of range": Attack(body(text(b"-1e400")), REFUSED),
    "NaN": Attack(body(text(b"NaN")), ANSWERED),
    "a hundred thousand keys": Attack(body(b"{%b}" % b",".join(b'"%d":0' % key for key in range(70_000))), ANSWERED),
    "half a body": Attack(body(lambda target: target.body[: len(target.body) // 2 + 1]), ANSWERED),
    "form without its boundary": Attack(body(b"--x\r\n\r\n", "Content-Type: multipart/form-data"), REFUSED),
    "no JSON at all": Attack(body(b"\x80\xff" * 1000), REFUSED),
}
"""Well-framed requests with bodies that nobody means well with."""

FRAMES: dict[str, Attack] = {
    "both lengths": Attack(lambda target: target.head(CHUNKED, length=5, keeps=True) + b"0\r\n\r\n" + HIDDEN, BAD),
    "two lengths": Attack(length("1", "2"), BAD),
    "two lengths that agree": Attack(length("2", "2"), BAD),
    "a list of lengths": Attack(length("2, 2"), BAD),
    "negative length": Attack(length("-1"), BAD),
    "length with a sign": Attack(length("+2"), BAD),
    "hexadecimal length": Attack(length("0x2"), BAD),
    "length of nothing": Attack(length(""), BAD),
    "length beyond 64 bits": Attack(length(f"{2**64 + 2}"), BAD),
    "length of a terabyte": Attack(length(f"{2**40}"), frozenset({413})),
    "xchunked": Attack(coded("Transfer-Encoding: xchunked"), frozenset({501})),
    "identity": Attack(coded("Transfer-Encoding: identity"), frozenset({400, 501})),
    "gzip, chunked": Attack(coded("Transfer-Encoding: gzip, chunked"), frozenset({501})),
    "chunked, identity": Attack(coded("Transfer-Encoding: chunked, identity"), frozenset({501})),
    "chunked twice": Attack(coded(CHUNKED, CHUNKED), frozenset({400, 501})),
    "chunked, then another coding": Attack(coded(CHUNKED, "Transfer-Encoding: x"), frozenset({400, 501})),
    "chunked after a tab that is none": Attack(coded("Transfer-Encoding: \x0bchunked"), frozenset({400, 501})),
    "chunked and NUL": Attack(coded("Transfer-Encoding: chunked\x00"), frozenset({400, 501})),
    "chunked in quotes": Attack(coded('Transfer-Encoding: "chunked"'), frozenset({501})),
    "chunked on a folded line": Attack(coded("Transfer-Encoding:\r\n chunked"), frozenset({400, 501})),
    "coding folded beside a length": Attack(coded("Content-Length: 5", "X: y\r\n Transfer-Encoding: chunked"), BAD),
    "space before the colon": Attack(coded("Transfer-Encoding : chunked"), BAD),
    "underscore for hyphen": Attack(coded("Transfer_Encoding: chunked", "Content-Length: 51"), ANSWERED),
    "chunked by bare line feeds": Attack(coded("X: y\nTransfer-Encoding: chunked", "Content-Length: 5"), BAD),
    "chunked in HTTP/1.0": Attack(
        lambda target: target.head(CHUNKED, line=f"POST {target.path} HTTP/1.0", keeps=True) + b"0\r\n\r\n" + HIDDEN,
        BAD,
    ),
    "chunk size of letters": Attack(chunks(b"gg\r\n"), BAD),
    "chunk size below zero": Attack(chunks(b"-1\r\n"), BAD),
    "chunk size with a prefix": Attack(chunks(b"0x2\r\n{}\r\n0\r\n\r\n" + HIDDEN), BAD),
    "chunk size beyond 64 bits": Attack(chunks(b"f" * 17 + b"\r\n"), BAD),
    "chunk size of a terabyte": Attack(chunks(b"ffffffffff\r\n{}"), frozenset({413})),
    "no chunk size": Attack(chunks(b"\r\n{}\r\n0\r\n\r\n" + HIDDEN), BAD),
    "chunk longer than its size": Attack(chunks(b"2\r\n{}{}\r\n0\r\n\r\n" + HIDDEN), BAD),
    "chunk extension of garbage": Attack(chunks(b'2;\x01=";\xff\r\n{}\r\n0\r\n\r\n'), ANSWERED),
    "chunk extension of 64 KB": Attack(chunks(b"2;" + b"a" * 65536 + b"\r\n{}\r\n0\r\n\r\n"), ANSWERED),
    "chunk extension with a bare line feed": Attack(chunks(b"2;\n{}\r\n0\r\n\r\n"), ANSWERED),
    "trailers": Attack(chunks(b"2\r\n{}\r\n0\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\n\r\n"), ANSWERED),
    "no last chunk": Attack(chunks(b"2\r\n{}\r\n"), BAD | {CLOSED}, ends=True),
    "half a chunk": Attack(chunks(b"ff\r\n{"), BAD | {CLOSED}, ends=True),
    "half of what was announced": Attack(
        lambda target: target.head(length=1000) + target.body[:1], BAD | {CLOSED}, ends=True
    ),
}
"""Requests whose length two parts of a platform could see differently."""

HEADS: dict[str, Attack] = {
    "byte by byte": Attack(lambda target: target.request(), ANSWERED, slow=True),
    "byte by byte, in chunks": Attack(
        lambda target: target.head(CHUNKED) + b"".join(_chunk_of(b"%c" % byte) for byte in target.body) + b"0\r\n\r\n",
        ANSWERED,
        slow=True,
    ),
    "header of 64 KB": Attack(header("X: " + "a" * 65536), frozenset({431})),
    "five thousand headers": Attack(header(*["X: y"] * 5000), frozenset({431})),
    "NUL in a header": Attack(header("X: a\x00b"), BAD),
    "carriage return in a header": Attack(header("X: a\rb"), BAD),
    "folded header": Attack(header("X: a\r\n b"), BAD),
    "header without a name": Attack(header(": a"), BAD),
    "Latin-1 in a header": Attack(header("Idempotency-Key: \xff\xfe", "User-Agent: \xe9"), ANSWERED),
    "long key": Attack(header("Idempotency-Key: " + "k" * 7000), ANSWERED),
    "two tokens": Attack(header("Authorization: Bearer x"), REFUSED),
    "two hosts": Attack(header("Host: other.example"), BAD),
    "our headers": Attack(header("X-Internal-Token: x", "X-User-Id: 1", "X-Original-Path: /health"), ANSWERED),
    "go on first": Attack(header("Expect: 100-continue"), ANSWERED),
    "upgrade": Attack(header("Upgrade: h2c", "HTTP2-Settings: AAMAAABk"), ANSWERED),
    "NUL in the path": Attack(line("POST {path}%00 HTTP/1.1"), BAD),
    "NUL in the query": Attack(line("POST {path}?limit=%00&q=%00 HTTP/1.1"), ANSWERED),
    "overlong UTF-8 in the path": Attack(line("POST {path}/%c0%ae%c0%ae/ HTTP/1.1"), BAD),
    "overlong UTF-8 in the query": Attack(line("POST {path}?q=%c0%af%ff&limit=%e0%80%af HTTP/1.1"), ANSWERED),
    "no percent-encoding in the path": Attack(line("POST {path}%zz HTTP/1.1"), BAD),
    "no percent-encoding in the query": Attack(line("POST {path}?q=%zz%&limit=% HTTP/1.1"), ANSWERED),
    "encoded slash": Attack(line("POST {path}%2f..%2fme HTTP/1.1"), frozenset({400, 404})),
    "dot segments": Attack(line("POST {path}/../../../../etc/passwd HTTP/1.1"), frozenset({400, 404})),
    "path of 64 KB": Attack(line("POST {path}/" + "a" * 65536 + " HTTP/1.1"), frozenset({414})),
    "query of 64 KB": Attack(line("POST {path}?q=" + "a" * 65536 + " HTTP/1.1"), frozenset({414})),
    "absolute address": Attack(line("POST http://evil.example{path} HTTP/1.1"), ANSWERED),
    "absolute address elsewhere": Attack(line("POST http://127.0.0.1:1/internal/x HTTP/1.1"), REFUSED),
    "CONNECT": Attack(line("CONNECT 127.0.0.1:22 HTTP/1.1"), frozenset({400, 405})),
    "no address": Attack(line("POST * HTTP/1.1"), BAD),
    "small letters": Attack(line("post {path} HTTP/1.1"), BAD),
    "HTTP/0.9": Attack(lambda target: f"POST {target.path}\r\n".encode(), BAD | {CLOSED, BARE}),
    "HTTP/0.9, reading": Attack(lambda target: f"GET {target.path}\r\n".encode(), REFUSED | {CLOSED, BARE}),
    "HTTP/2": Attack(lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", frozenset({400, 505, CLOSED})),
    "HTTP/1.99": Attack(line("POST {path} HTTP/1.99"), ANSWERED | {505}),
    "TLS": Attack(lambda _: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), BAD | {CLOSED}),
    "half a head, and the end": Attack(lambda target: target.head()[:60], BAD | {CLOSED}, ends=True),
    "half a head, and silence": Attack(lambda target: target.head()[:60], frozenset({408, CLOSED}), stalls=True),
    "half a body, and silence": Attack(
        lambda target: target.head(length=1000) + target.body[:1], frozenset({408, CLOSED}), stalls=True
    ),
}
"""Request lines and headers."""

ATTACKS: dict[str, Attack] = BODIES | FRAMES | HEADS
