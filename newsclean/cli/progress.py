"""What a long job says on stderr: a moving line on a terminal, a line now and then elsewhere, a table at the end."""

import sys
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from newsclean.cli.output import console, note, printable

if TYPE_CHECKING:
    from pathlib import Path

    from newsclean.archive import Progress, Summary
    from newsclean.model import Outcome

_PAUSE = 10.0
"""Seconds between two lines where stderr is no terminal."""


class Reporter:
    """Shows how far a job is. A context manager: the moving line ends with it."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.examples: dict[str, Outcome] = {}
        """The first input that ended so, by outcome."""
        self._quiet = quiet
        self._verbose = verbose
        self._began = self._said = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

            self._bar = Progress(
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[words]}"),
                console=console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task("", total=None, words="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def say(self, message: str) -> None:
        """A line for people, above the moving one."""
        if self._bar is not None:
            self._bar.console.print(printable(message), soft_wrap=True)
        else:
            note(f"newsclean: {message}")

    def reading(self, count: int) -> None:
        """Say now and then how much of a long list was read."""
        if not self._quiet and time.monotonic() - self._said >= _PAUSE:
            self._said = time.monotonic()
            self.say(f"{count:,} inputs read")

    def outcome(self, outcome: "Outcome") -> None:
        """Note how one input ended."""
        self.examples.setdefault(outcome.outcome, outcome)
        if self._verbose and not self._quiet:
            # The message of a failure names its URL.
            self.say(outcome.message if not outcome.ok and outcome.message else f"{outcome.outcome}  {outcome.url}")

    def progress(self, progress: "Progress") -> None:
        """Show how far it is."""
        if self._quiet:
            return
        words = _words(progress, time.monotonic() - self._began)
        if self._bar is not None:
            self._bar.update(self._task, completed=progress.done, total=progress.total, words=words)
        elif time.monotonic() - self._said >= _PAUSE:
            self._said = time.monotonic()
            note(f"newsclean: {progress.done:,} of {progress.total:,}, {words}")


def closing_words(
    summary: "Summary",
    examples: Mapping[str, "Outcome"],
    *,
    bad: int = 0,
    known: int = 0,
    verb: str = "fetched",
    hints: bool = True,
) -> None:
    """The table at the end: outcomes, bytes, and, as ``hints``, where things lie and what to do next.

    ``bad`` lines were no URL; ``known`` inputs the archive had already. ``examples``: an input for each outcome.
    """
    from rich.table import Table
    from rich.text import Text

    screen = console(stderr=True)
    outcomes = dict(summary.outcomes)
    if bad:
        outcomes["bad-url"] = outcomes.get("bad-url", 0) + bad
    if outcomes:
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("outcome", no_wrap=True)
        table.add_column("inputs", no_wrap=True, justify="right")
        table.add_column("for example", no_wrap=True)
        room = max(20, screen.width - max(map(len, outcomes)) - len("  inputs  "))
        for outcome, count in outcomes.items():
            style = "green" if outcome == "article" else "yellow"
            table.add_row(Text(outcome, style), f"{count:,}", Text(_example(examples.get(outcome), room)))
        screen.print(table)
    else:
        screen.print("Nothing waited to be fetched.")
    if summary.revisits:
        screen.print(f"{summary.revisits:,} inputs were unchanged: the visit is stored, the page was there.")
    if known:
        screen.print(f"{known:,} inputs were known already and were not fetched again.")
    if summary.bytes_warc or summary.bytes_fetched:
        screen.print(
            f"{size(summary.bytes_fetched)} {verb}, {size(summary.bytes_warc)} of WARC written, "
            f"in {summary.seconds:.1f} s."
        )
    if hints:
        for line in _places(summary.folder, summary.warc_files, articles=bool(summary.articles)):
            screen.print(Text(line), soft_wrap=True)


def _places(folder: "Path", files: tuple["Path", ...], *, articles: bool) -> list[str]:
    lines = []
    if files:
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        lines.append(f"Pages:    {files[0]}{more}")
    lines.append(f"Articles: {folder / 'catalog.sqlite'}")
    if articles:
        lines.append(f"Next:     newsclean search {folder} WORDS   or   newsclean export {folder} -f jsonl|csv|md|txt")
    else:
        lines.append(f"Next:     newsclean stats {folder} --failed")
    return lines


def _example(outcome: "Outcome | None", room: int) -> str:
    if outcome is None:
        return ""
    text = printable(outcome.url if outcome.ok or not outcome.message else outcome.message)
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _words(progress: "Progress", seconds: float) -> str:
    rate = progress.done / seconds if seconds else 0.0
    fetched = f", {size(progress.bytes)}" if progress.bytes else ""
    left = ""
    if progress.seconds_left is not None and progress.seconds_left >= 1:
        left = f", {duration(progress.seconds_left)} left ({progress.slowest_host} takes longest)"
    return f"{rate:.1f} a second, {progress.articles:,} articles, {progress.failed:,} others{fetched}{left}"


def duration(seconds: float) -> str:
    """A time as people say it: ``40 s``, ``12 min``, ``3 h 20 min``, ``2 d 5 h``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min"
    return f"{hours // 24} d {hours % 24} h"


def size(count: float) -> str:
    """Bytes as people read them: ``12.3 MB`` (powers of 1000)."""
    for unit in ("B", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} GB"
