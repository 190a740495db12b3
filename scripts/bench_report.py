"""What the bench measured, as docs/benchmarks.md with its picture."""

import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from math import log10
from pathlib import Path
from textwrap import fill

from scripts.bench_parquet import AIM, Size
from scripts.bench_peers import Rate
from scripts.bench_runs import MB, Cost
from scripts.bench_wget import TARGET, Beside

_PACKAGES = (
    "newsclean",
    "lxml",
    "trafilatura",
    "newspaper4k",
    "readability-lxml",
    "resiliparse",
    "warcio",
    "fastwarc",
    "pyarrow",
)
_COLOURS = {"newsclean": "#0b6e4f", "warcio, trafilatura, pyarrow": "#b4441c", "floor: warcio and lxml": "#6b7280"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The main job: fetch, WARC, extraction, catalogue."""

    pages: int
    cpu: float
    main: int
    """Peak bytes of the main process."""
    peak: int
    """Peak bytes of all its processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All that one run found; what was left out is absent."""

    help_ms: float
    bare_ms: float
    rates: Sequence[Rate]
    beside: Beside | None
    job: Job | None
    sizes: Sequence[Size]


def write(found: Measured, folder: Path, wget: str) -> None:
    """Write benchmarks.md and benchmarks.svg; ``wget`` is its version."""
    (folder / "benchmarks.md").write_text(page(found, wget), encoding="utf-8")
    if found.sizes:
        (folder / "benchmarks.svg").write_text(picture(found.sizes), encoding="utf-8")


def page(found: Measured, wget: str) -> str:
    """The page."""
    cores = len(os.sched_getaffinity(0))
    parts = [
        "# Benchmarks",
        "Made by `scripts/bench`; `scripts/install --bench` installs the others that are measured. Every figure is CPU"
        " time, user and system, of all processes of a job. Tools took turns on the same pages in the same run, so the"
        " ratios hold; the rates are those of one machine on one day, and not to be set beside those of another run.",
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.system()} on {platform.machine()} with {cores} cores,"
        f" {platform.python_implementation()} {platform.python_version()}; {_versions(wget)}.",
        *(_extract(found.rates) if found.rates else ()),
        *_archive(found),
        *(_parquet(found.sizes) if found.sizes else ()),
        "## Start-up",
        f"`newsclean --help` takes {found.help_ms:.0f} ms of CPU, an interpreter that does nothing"
        f" {found.bare_ms:.0f} ms.",
    ]
    return "\n\n".join(part if part[0] in "|!" else fill(part, 120, break_on_hyphens=False) for part in parts) + "\n"


def _versions(wget: str) -> str:
    named = []
    for package in _PACKAGES:
        try:
            named.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join([*named, *([wget] if wget else [])])


def _extract(rates: Sequence[Rate]) -> list[str]:
    own = next(rate for rate in rates if rate.tool.name == "newsclean")
    rows = [
        [
            rate.tool.name,
            rate.tool.gives,
            f"{rate.per_second:.0f}",
            f"{rate.milliseconds:.1f}",
            "" if rate is own else f"{own.per_second / rate.per_second:.2f}",
            f"{rate.peak / MB:.0f}",
            f"{rate.found}",
        ]
        for rate in rates
    ]
    head = (
        "",
        "what comes out",
        "pages per CPU-second",
        "ms a page",
        "newsclean is … times as fast",
        "MB",
        "found",
    )
    return [
        "## Extract",
        f"{own.pages} pages of the development sets, one after the other, in a process for each tool; the first few are"
        " not counted. MB: the process at its largest. Found: pages of which any text came out; how much of it is right"
        " is measured by `scripts/gate`, not here.",
        _table(head, rows, left=2),
    ]


def _archive(found: Measured) -> list[str]:
    rows = []
    if found.beside is not None:
        rows.append(["fetch and store: newsclean", f"{found.beside.rate:.0f}", f"{found.beside.ratio:.2f}", ""])
        rows.append(["fetch and store: wget --warc-file", f"{found.beside.wget:.0f}", "1", ""])
    if found.job is not None:
        rate = found.job.pages / found.job.cpu
        rows.append(["the main job: fetch, store, extract, index", f"{rate:.0f}", "", f"{found.job.peak / MB:.0f}"])
    if not rows:
        return []
    lines = ["## Archive", _table(("", "pages per CPU-second", "times wget", "MB"), rows)]
    if found.beside is not None:
        lines.append(
            f"The same pages ({found.beside.pages}) from the same server on loopback, in pairs of runs; the aim is"
            f" {TARGET} times wget. The WARC files have {found.beside.size:.2f} times the bytes that zlib's level 9"
            " makes of the same records."
        )
    return lines


def _parquet(sizes: Sequence[Size]) -> list[str]:
    rows = []
    for size in sizes:
        peer = size.peer
        rows.append(
            [
                f"{size.pages:,}",
                f"{size.pages / size.own.cpu:.0f}",
                f"{size.milliseconds(size.own):.1f}",
                f"{size.own.peak / MB:.0f}",
                f"{size.pages / peer.cpu:.0f}" if peer else "",
                f"{peer.peak / MB:.0f}" if peer else "",
                f"{size.ratio:.2f}" if size.ratio else "",
                f"{size.milliseconds(size.floor):.1f}" if size.floor else "",
            ]
        )
    head = (
        "pages",
        "newsclean: pages per CPU-second",
        "ms a page",
        "MB",
        "the others",
        "MB",
        "ratio",
        "floor, ms a page",
    )
    return [
        "## WARC to Parquet",
        "`newsclean extract pages.warc.gz -o out/ --format parquet`, beside the same job put together of warcio,"
        " `trafilatura.bare_extraction` and pyarrow in one process; floor: warcio and the parsing of lxml alone,"
        f" nothing extracted. Start-up is counted, MB are those of all processes. The aim is {AIM:.0f} times. Pages of"
        " the development sets come again under other hosts where there are not enough.",
        _table(head, rows),
        "![CPU time a page and peak memory over the number of pages](benchmarks.svg)",
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    lines = [head, [*["---"] * left, *["---:"] * (len(head) - left)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def picture(sizes: Sequence[Size]) -> str:
    """CPU time a page and peak memory over the number of pages, side by side, as SVG."""
    names = tuple(_COLOURS)
    costs: dict[str, list[tuple[int, Cost]]] = {
        names[0]: [(size.pages, size.own) for size in sizes],
        names[1]: [(size.pages, size.peer) for size in sizes if size.peer],
        names[2]: [(size.pages, size.floor) for size in sizes if size.floor],
    }
    panels = (
        _panel("ms of CPU a page", costs, lambda pages, cost: 1000 * cost.cpu / pages, left=60),
        _panel("MB at the largest", costs, lambda _pages, cost: cost.peak / MB, left=420),
    )
    legend = "".join(
        f'<text x="{60 + 200 * place}" y="18" fill="{colour}">● {name}</text>'
        for place, (name, colour) in enumerate(_COLOURS.items())
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 270" font-family="sans-serif" font-size="12">'
        '<rect width="740" height="270" fill="#ffffff"/>' + legend + "".join(panels) + "</svg>\n"
    )


def _panel(
    title: str, costs: dict[str, list[tuple[int, Cost]]], value: Callable[[int, Cost], float], *, left: int
) -> str:
    top, width, height = 55, 280, 170
    bottom = top + height
    points = {name: [(pages, value(pages, cost)) for pages, cost in line] for name, line in costs.items()}
    sizes = sorted({pages for line in points.values() for pages, _ in line})
    low, high = log10(sizes[0]), log10(sizes[-1])
    most = max(number for line in points.values() for _, number in line) * 1.1

    def at(pages: int, number: float) -> tuple[float, float]:
        across = (log10(pages) - low) / (high - low) if high > low else 0.5
        return left + width * across, bottom - height * number / most

    parts = [f'<text x="{left}" y="{top - 12}" fill="#111827">{title}, by pages</text>']
    for share in (0.0, 0.5, 1.0):
        y = bottom - height * share
        parts.append(f'<path d="M{left} {y:.1f}h{width}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#374151">{most * share:.0f}</text>')
    for pages in sizes:
        x, _ = at(pages, 0)
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#374151">{pages:,}</text>')
    for name, line in points.items():
        places = [at(pages, number) for pages, number in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{_COLOURS[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_COLOURS[name]}"/>' for x, y in places]
    return "".join(parts)
