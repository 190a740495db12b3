"""``fixture review``: changes one after another on a terminal, each to be accepted, rejected or skipped."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.fixture_check import STYLES, cache_option, checked
from newsclean.cli.fixture_inputs import fixtures_option, named_fixtures, names_argument
from newsclean.cli.options import with_settings
from newsclean.cli.output import console, note, printable, to_terminal
from newsclean.errors import EXIT_MISMATCH, EXIT_OK, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from newsclean.fixtures.checking import Report
    from newsclean.fixtures.compare import Change
    from newsclean.settings import Settings

_ANSWERS = {"a": "accept", "r": "reject", "s": "skip", "q": "quit"}
_FIRST_LINES = 12
"""Lines of a page that nobody approved yet that are shown before the question."""


@click.command("review")
@names_argument()
@fixtures_option
@cache_option
@with_settings()
def review(names: tuple[str, ...], root: Path, no_cache: bool, settings: "Settings") -> int:
    """Review what changed, one fixture after another: old beside new, with the reason of each new verdict.

    Takes a (accept: approve it), r (reject: it is wrong, what was approved stays, and who, when and why are noted),
    s (skip) or q (quit). Exit status 4 where something was rejected or is left.

    \b
    newsclean fixture review
    newsclean fixture review news.example/2025-03-14-ferry
    """
    if not to_terminal() or not sys.stdin.isatty():
        raise UsageError("review asks on a terminal; elsewhere use `newsclean fixture check` and `approve`")
    reports = checked(named_fixtures(names, root), settings, no_cache=no_cache)
    for report in reports:
        if report.error:
            note(f"newsclean: {report.error}")
    waiting = [report for report in reports if report.state in ("changed", "wrong", "new", "relabelled")]
    if not waiting:
        note(f"newsclean: nothing to review: {len(reports)} fixtures are as they were approved")
    accepted = rejected = 0
    for number, report in enumerate(waiting, 1):
        _show(report, f"{number} of {len(waiting)}")
        answer = _asked(report)
        if answer == "quit":
            break
        accepted += answer == "accept"
        rejected += answer == "reject"
    left = len(waiting) - accepted - rejected
    if waiting:
        note(f"newsclean: {accepted} accepted, {rejected} rejected, {left} left")
    return EXIT_MISMATCH if rejected or left or any(report.error for report in reports) else EXIT_OK


def _asked(report: "Report") -> str:
    """What was answered; a decision is written. An approval that is refused is asked for again."""
    from newsclean.fixtures.decide import approve, reject

    while True:
        letter = click.prompt(
            "[a]ccept, [r]eject, [s]kip, [q]uit",
            type=click.Choice(list(_ANSWERS), case_sensitive=False),
            show_choices=False,
            err=True,
        ).lower()
        answer = _ANSWERS[letter]
        if answer in ("skip", "quit"):
            return answer
        if answer == "accept" and report.worse:
            said = ", ".join(check.name for check in report.worse)
            if not click.confirm(f"truth.toml gets worse ({said}); accept the regression", default=False, err=True):
                continue
        why = click.prompt("why", err=True)
        if answer == "accept":
            entry = approve(report, why=why, accept_regression=True)
            note(f"newsclean: {report.fixture.id}: approved by {entry.who}")
        elif reject(report, why=why) is None:
            note(f"newsclean: {report.fixture.id}: nothing was approved yet that could stay; nothing is noted")
        else:
            note(f"newsclean: {report.fixture.id}: rejected; `newsclean explain` shows what to repair")
        return answer


def _show(report: "Report", progress: str) -> None:
    from rich.rule import Rule
    from rich.text import Text

    screen = console()
    screen.print(Rule(Text(f"{progress}  {report.fixture.id}"), style="dim"))
    screen.print(Text(report.state, STYLES[report.state]), Text(report.url, "dim"), soft_wrap=True)
    for failure in report.worse:
        screen.print(Text(printable(f"truth: {failure.name} {failure.message}"), "red"))
    if report.rejected is not None:
        said = f"rejected before, by {report.rejected.who} on {report.rejected.when[:10]}: {report.rejected.why}"
        screen.print(Text(printable(said), "yellow"))
    if report.changes:
        for change in report.changes:
            _beside(screen, change)
    elif report.result is not None:
        lines = [report.result.fields.get("headline") or report.result.outcome, *report.result.lines]
        for line in lines[:_FIRST_LINES]:
            screen.print(Text(printable(line), "green"))
        if len(lines) > _FIRST_LINES:
            more = f"… {len(lines) - _FIRST_LINES} more in {report.fixture.path('approved.md')}"
            screen.print(Text(printable(more) if report.approved else more.partition(" in ")[0], "dim"))
    for hint in report.hints:
        screen.print(Text(printable(hint), "yellow"))


def _beside(screen: "Console", change: "Change") -> None:
    """Old left, new right; below them what the block was and is taken for."""
    from rich.table import Table
    from rich.text import Text

    place = f" {change.place}" if change.place is not None else ""
    table = Table(title=f"{change.name}{place}", title_justify="left", title_style="bold", expand=True, box=None)
    table.add_column("old", ratio=1, header_style="dim", overflow="fold")
    table.add_column("new", ratio=1, header_style="dim", overflow="fold")
    old, new = (change.old, change.old) if change.kind == "label" else (change.old, change.new)
    table.add_row(Text(_words(old), "red"), Text(_words(new), "green"))
    if change.was or change.now:
        table.add_row(Text(printable(change.was), "dim"), Text(printable(change.now), "dim"))
    screen.print(table)


def _words(value: Any) -> str:
    if value is None:
        return "(nothing)"
    return printable(", ".join(map(str, value)) if isinstance(value, list) else str(value))
