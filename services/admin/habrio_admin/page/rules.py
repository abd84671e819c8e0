"""What the page believes of a browser, and how figures are drawn and written for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PLOT_HEIGHT = 32
BAR_WIDTH, BAR_STEP = 3, 4
STUB = 1
"""Height of a bar that stands for nothing: a day without orders is a day too."""

ABBREVIATIONS = frozenset({"gst", "pan", "fssai"})

FILES_PREFIX = "/api/v1/document-files/"
PAISE_PER_RUPEE = 100


def is_from_own_page(origin: str, fetch_site: str, host: str) -> bool:
    """Whether a form was sent by a page of this very site.

    By `fetch_site` (Sec-Fetch-Site) and `origin` (Origin), both if both are given and one at least: plain HTTP within
    a house has only the latter. `host` is the name and port that the browser asked. No script can forge either header.
    """
    if fetch_site and fetch_site != "same-origin":
        return False
    if origin:
        return bool(host) and origin.partition("://")[2] == host
    return bool(fetch_site)


def safe_link(url: str) -> str:
    """The address if a browser may be sent there: a signed link of ours, or https. Otherwise empty."""
    if any(letter.isspace() or letter == "\\" for letter in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_ours = not parts.scheme and not parts.netloc and url.startswith(FILES_PREFIX)
    return url if is_ours or (parts.scheme == "https" and parts.hostname) else ""


def rupees(paise: int) -> str:
    """As people in India write an amount: 12,34,567.50; without paise when there are none."""
    whole, rest = divmod(abs(paise), PAISE_PER_RUPEE)
    return f"{'-' if paise < 0 else ''}₹{grouped(whole)}{f'.{rest:02}' if rest else ''}"


def grouped(number: int) -> str:
    """Digits in lakhs and crores: the last three together, before them two by two."""
    digits = str(number)
    head, tail = digits[:-3], digits[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a plot, in units of its view box; `y` counts from above."""

    x: int
    y: int
    height: int


def bars(values: Sequence[int]) -> list[Bar]:
    """A bar for each value (0 or more), the highest as high as the plot."""
    highest = max(values, default=0)
    heights = [max(STUB, round(PLOT_HEIGHT * value / highest)) if highest else STUB for value in values]
    return [Bar(index * BAR_STEP, PLOT_HEIGHT - height, height) for index, height in enumerate(heights)]


def plot_width(count: int) -> int:
    """The width of a plot of so many bars."""
    return max(BAR_WIDTH, count * BAR_STEP - (BAR_STEP - BAR_WIDTH))


def in_words(details: dict[str, Any], message: str) -> str:
    """What a person is told of an error: of a form, what is wrong with each field; otherwise its message."""
    problems = [f"{'.'.join(map(str, found['loc'])) or 'form'} {found['msg']}" for found in details.get("errors", ())]
    return "; ".join(problems).capitalize() if problems else message


def spoken(word: str) -> str:
    """A machine's word for people: review_document → Review document, gst_certificate → GST certificate."""
    first, *others = word.split("_")
    return " ".join([first.upper() if first in ABBREVIATIONS else first.capitalize(), *others])
