"""Count what is in an archive, or list what failed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.output import archive_argument, console, printable, to_terminal, write_json
from newsclean.cli.progress import size
from newsclean.errors import EXIT_OK

if TYPE_CHECKING:
    from newsclean.model import Outcome
    from newsclean.store import Drift, Stats

_LINES = 8
"""Entries that a list shows on a terminal; JSON has all."""


@click.command("stats")
@archive_argument
@click.option("--failed", is_flag=True, help="List the inputs that are no article instead, each with the reason.")
@click.option("--drift", is_flag=True, help="List the hosts whose latest pages have another shape than those before.")
def command(archive: Path, failed: bool, drift: bool) -> int:
    """Count what is in an archive, or list what failed.

    Counted are inputs by outcome, articles by language and host, copies, pages and bytes. With --drift, the latest
    pages of each host are compared with those before: how much is kept, how long bodies are, which fields are missing.

    \b
    newsclean stats my-archive
    newsclean stats my-archive --failed | jq -r .url
    """
    from newsclean.archive import Archive

    with Archive.open(archive) as opened:
        if failed:
            _list(outcome for outcome in opened.outcomes() if not outcome.ok)
        elif drift:
            _drifts(opened.drifts())
        elif to_terminal():
            _print(opened.stats())
        else:
            stats = opened.stats()
            write_json(asdict(stats) | {"warc_bytes": stats.warc_bytes})
    return EXIT_OK


def _list(outcomes: "Iterator[Outcome]") -> None:
    if not to_terminal():
        for outcome in outcomes:
            write_json(asdict(outcome))
        return
    from rich.text import Text

    screen = console()
    for outcome in outcomes:
        screen.print(Text(f"{outcome.outcome}  ", "yellow") + Text(printable(outcome.url)), soft_wrap=True)
        screen.print(Text(f"    {printable(outcome.message)}  ({printable(outcome.origin)})", "dim"), soft_wrap=True)


def _drifts(drifts: "Iterable[Drift]") -> None:
    from newsclean.cli.drift import drift_words

    for found in drifts:
        if to_terminal():
            console().print(printable(drift_words(found)), soft_wrap=True)
        else:
            write_json(asdict(found))


def _copies(stats: "Stats") -> str:
    if not stats.copies:
        return ""
    stories = "1 story" if stats.stories == 1 else f"{stats.stories:,} stories"
    return f"{stats.copies:,} of them {'is a copy' if stats.copies == 1 else 'are copies'}, of {stories}"


def _print(stats: "Stats") -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="dim")
    table.add_column(justify="right")
    table.add_column()

    def section(title: str, values: Mapping[str, int]) -> None:
        for name, count in islice(values.items(), _LINES):
            table.add_row(title, f"{count:,}", printable(name) or "unknown")
            title = ""
        if len(values) > _LINES:
            table.add_row("", f"{sum(islice(values.values(), _LINES, None)):,}", f"in {len(values) - _LINES} others")

    rows: list[tuple[str, Any, str]] = [
        ("inputs", stats.inputs, f"{stats.waiting:,} of them wait" if stats.waiting else ""),
        ("articles", stats.articles, _copies(stats)),
    ]
    for title, count, remark in rows:
        table.add_row(title, f"{count:,}", remark)
    section("outcomes", stats.outcomes)
    section("languages", stats.languages)
    section("hosts", stats.hosts)
    table.add_row("pages", f"{stats.captures:,}", f"{size(stats.body_bytes)} as they came")
    table.add_row("WARC files", f"{len(stats.warc_files):,}", size(stats.warc_bytes))
    table.add_row("catalogue", "", size(stats.catalogue_bytes))
    console().print(table)
