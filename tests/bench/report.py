"""What a run found, as TABLE.md and plot.svg."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from tests.bench.processes import GROUPS

if TYPE_CHECKING:
    from tests.bench.run import Agreed, Figures, Found, Plan

COLOURS: Final = ("#4c9a2a", "#d9822b", "#8f6fc4", "#3572b0", "#c0504d", "#777777", "#b5a642", "#2f4858", "#9c1c4a")
ROW, LEFT, WIDTH = 26, 270, 620


def table(found: Found, plan: Plan, agreed: Sequence[Agreed] = ()) -> str:
    """The whole run in Markdown; `agreed`: how a second one compares, if there was one."""
    parts = [
        "# The last run of `make bench`",
        f"{machine()} Medians of {plan.runs} runs of {plan.seconds:.0f} s, {plan.workers} workers a service; the "
        "client runs on the same machine. CPU is the platform's, without the client. SQL without BEGIN and COMMIT.",
        "## Requests",
        _rows(
            ("scenario", "per second", "p50 ms", "p95", "p99", "CPU ms each", "SQL", "errors"),
            (
                (
                    *(f.name, f"{f.rate:.0f}", f"{f.p50:.1f}", f"{f.p95:.1f}", f"{f.p99:.1f}", f"{f.cpu_ms:.2f}"),
                    *(f"{f.sql:g}", str(f.errors)),
                )
                for f in found.figures
            ),
        ),
        "## Where the CPU goes, ms for each request",
        _rows(
            ("scenario", *GROUPS),
            ((f.name, *(f"{f.cpu_of[group]:.2f}" for group in GROUPS)) for f in found.figures),
        ),
        "## Budgets",
        _rows(
            ("ratio within this run", "bound", "value", ""),
            (
                (j.what, j.bound, "not run" if j.value is None else f"{j.value:.2f}", "" if j.is_kept else "**BROKEN**")
                for j in found.budgets
            ),
        ),
        *_twice(agreed),
        "## Behind the requests",
        _rows(("what", "how"), found.behind.items()),
        "## Starting",
        _rows(("what", "seconds"), ((what, f"{seconds:.2f}") for what, seconds in found.starts.items())),
        "## Memory, MB (PSS)",
        _memory(found.idle_megabytes, found.busy_megabytes),
        "## The floor of this machine",
        _rows(("what", "per second"), ((name, f"{rate:.0f}") for name, rate in found.floor.items())),
        "![CPU of each request, by part](plot.svg)",
    ]
    return "\n\n".join(parts) + "\n"


def _twice(agreed: Sequence[Agreed]) -> list[str]:
    if not agreed:
        return []
    head = ("the same ratio in two runs in a row", "first", "second", "%", "")
    rows = (
        (a.what, f"{a.first:.2f}", f"{a.second:.2f}", f"{a.percent:+.0f}", "" if a.is_kept else "**DIFFERS**")
        for a in agreed
    )
    return ["## Twice in a row", _rows(head, rows)]


def machine() -> str:
    """What it ran on, in a sentence."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "CPU"
    )
    gigabytes = psutil.virtual_memory().total / 1e9
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {model}, {gigabytes:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load when this was written: {load:.1f}."
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---", *("---:" for _ in head[1:])), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _memory(idle: Mapping[str, float], busy: Mapping[str, float]) -> str:
    names = sorted({*idle, *busy})
    rows = [(name, f"{idle.get(name, 0):.0f}", f"{busy.get(name, 0):.0f}") for name in names]
    rows.append(("**all**", f"**{sum(idle.values()):.0f}**", f"**{sum(busy.values()):.0f}**"))
    return _rows(("part", "idle, 1 worker", "after the load"), rows)


def plot(found: Found) -> str:
    """CPU of each request, stacked by part, as SVG."""
    widest = max((figures.cpu_ms for figures in found.figures), default=1.0)
    height = ROW * (len(found.figures) + 2)
    drawn = [_legend(), *(_bar(number, figures, widest) for number, figures in enumerate(found.figures, start=1))]
    size = f'width="{LEFT + WIDTH + 80}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">\n' + (
        '<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _legend() -> str:
    step = (LEFT + WIDTH) / len(GROUPS)
    return "".join(
        f'<rect x="{10 + n * step:.0f}" y="6" width="12" height="12" fill="{COLOURS[n]}"/>'
        f'<text x="{26 + n * step:.0f}" y="16">{name}</text>'
        for n, name in enumerate(GROUPS)
    )


def _bar(number: int, figures: Figures, widest: float) -> str:
    x, y = float(LEFT), number * ROW
    drawn = [f'<text x="{LEFT - 8}" y="{y + 16}" text-anchor="end">{escape(figures.name)}</text>']
    for colour, group in zip(COLOURS, GROUPS, strict=True):
        width = max(0.0, figures.cpu_of[group]) / widest * WIDTH
        drawn.append(f'<rect x="{x:.1f}" y="{y + 4}" width="{width:.1f}" height="{ROW - 8}" fill="{colour}"/>')
        x += width
    return "".join(drawn) + f'<text x="{x + 6:.0f}" y="{y + 16}">{figures.cpu_ms:.1f} ms</text>'
