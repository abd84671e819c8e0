"""Which links and which files are taken."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from habrio_vendor.documents.rules import LINK_LENGTH_MAX, https_link, kind_of
from tests.support import papers

PDF, JPEG, PNG = papers.pdf(), papers.jpeg(), papers.png()


@pytest.mark.parametrize(
    "link",
    [
        "https://files.example.com/pan.pdf",
        "HTTPS://Files.Example.com/PAN.pdf?v=1&x=%20#page=2",
        "https://a.b.c.example.co.in:8443/x",
        "https://example.com",
        "https://xn--e1afmkfd.xn--p1ai/x",
        "https://example.com/" + "a" * (LINK_LENGTH_MAX - 20),
        "https://example.com/a@b",
    ],
)
def test_an_https_link_to_a_public_site_is_kept_as_it_is(link: str) -> None:
    assert https_link(link) == link


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("http://example.com/x", "begins with https://"),
        ("ftp://example.com/x", "begins with https://"),
        ("javascript:alert(1)", "begins with https://"),
        ("data:text/html,x", "begins with https://"),
        ("//example.com/x", "begins with https://"),
        ("pan.pdf", "begins with https://"),
        ("https://example.com/a b", "no spaces"),
        ("https://example.com/a\nb", "no spaces"),
        ("https://example.com/<script>", "no spaces"),
        ("https://example.com\\@evil.example.com/", "no spaces"),
        ("https://दुकान.example.com/x", "no spaces"),
        ("https://", "begins with https://"),
        ("https:///x", "name of a site"),
        ("https://user:pw@example.com/x", "user name"),
        ("https://example.com@evil.example.com/x", "user name"),
        ("https://@example.com/x", "user name"),
        ("https://localhost/x", "name of a site"),
        ("https://intranet/x", "name of a site"),
        ("https://printer.local/x", "name of a site"),
        ("https://vault.internal/x", "name of a site"),
        ("https://127.0.0.1/x", "name of a site"),
        ("https://0x7f.1/x", "name of a site"),
        ("https://2130706433/x", "name of a site"),
        ("https://[::1]/x", "name of a site"),
        ("https://[::1/x", "name of a site"),
        ("https://example.com:99999/x", "name of a site"),
        ("https://example.com:0/x", "name of a site"),
        ("https://-example.com/x", "name of a site"),
        ("https://example..com/x", "name of a site"),
        ("https://" + "a" * 64 + ".com/x", "name of a site"),
        ("https://example.com/" + "a" * LINK_LENGTH_MAX, "at most 2000"),
    ],
)
def test_any_other_link_is_refused_in_words(link: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        https_link(link)


@given(st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"https://{text}"))
def test_whatever_is_typed_is_a_link_or_refused_in_words(text: str) -> None:
    try:
        assert https_link(text) == text
    except ValueError as error:
        assert str(error).startswith("must be a link")


def test_a_file_is_what_its_content_says() -> None:
    assert (kind_of(PDF), kind_of(JPEG), kind_of(PNG)) == ("pdf", "jpeg", "png")


def test_what_telephones_and_scanners_add_is_taken() -> None:
    assert kind_of(PDF + b"\r\n" * 100) == "pdf"
    assert kind_of(JPEG + b"SEFH maker's notes SEFT") == "jpeg"
    padded_marker = JPEG.replace(b"\xff\xc0", b"\xff\xff\xff\xc0")
    assert kind_of(padded_marker) == "jpeg"
    with_restart = JPEG.replace(b"\x3f\xff\xd9", b"\x3f\xff\x00\xff\xd0\x3f\xff\xd9")
    assert kind_of(with_restart) == "jpeg"
    scan = JPEG[JPEG.index(b"\xff\xda") : -2]
    assert kind_of(JPEG[:-2] + scan + JPEG[-2:]) == "jpeg"  # progressive: one scan after another


def test_a_picture_of_padding_is_looked_through_once() -> None:
    assert kind_of(JPEG[:-2] + b"\xff" * 2**20 + b"\x00") is None
    assert kind_of(JPEG[:-2] + b"\xff" * 2**20 + JPEG[-2:]) == "jpeg"


@pytest.mark.parametrize("whole", [PDF, JPEG, PNG], ids=["pdf", "jpeg", "png"])
def test_a_file_that_was_cut_off_is_refused(whole: bytes) -> None:
    for length in range(len(whole) - 1):
        assert kind_of(whole[:length]) is None, length
    assert kind_of(whole[1:]) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF",
        b"%PDF-1.4\n" + b"x" * 2000,
        b"%PDF-1.4\n%%EOF",
        b"%PDF-x.y\nstartxref\n0\n%%EOF",
        b"<html>" + PDF,
        b"GIF89a" + PDF,
        b"PK\x03\x04" + PNG,
        PDF + b"PK\x03\x04" + b"\0" * 2000,
        PNG + b"<script>alert(1)</script>",
        PNG + PNG,
        PNG.replace(b"IDAT", b"IDAX"),
        PNG[:19] + b"\2" + PNG[20:],  # one bit of the width, which its checksum does not cover any more
        PNG[:-12],
        PNG[:8] + papers.chunk(b"IDAT", b"") + papers.chunk(b"IEND", b""),
        PNG[:8] + papers.chunk(b"IHDR", b"\0" * 13) + papers.chunk(b"IEND", b""),
        PNG[:8] + b"\xff\xff\xff\xff" + PNG[12:],
        b"\xff\xd8\xff\xe0<?php system($_GET[0]); ?>",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + b"\xff" * 5000,
        b"\xff\xd8\xff\xda\x00\x02\xff\xd9",
        b"\xff\xd8\xff\xe0\x00\x00" * 100,
        b"BM" + b"\0" * 100,
        b"\0" * 5000,
        b"MZ" + b"\0" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
    ],
)
def test_what_only_begins_like_one_or_is_something_else_is_refused(content: bytes) -> None:
    assert kind_of(content) is None


def test_broken_files_are_refused_or_taken_but_never_a_fault() -> None:
    dice = random.Random(7)
    for whole in (PDF, JPEG, PNG):
        for _ in range(3000):
            broken = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            kind_of(bytes(broken))
