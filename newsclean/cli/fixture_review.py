"""``fixture review``: changes one after another on a terminal, each to be accepted, rejected or skipped."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.fixture_check import STYLES, cache_option, checked
from newsclean.cli.fixture_inputs import fixtures_option, named_fixtures, names_argument
from newsclean.cli.options import with_settings
from newsclean.cli.output import console, note, printable, to_terminal
from newsclean.errors import EXIT_MISMATCH, EXIT_OK, UsageError

if TYPE_CHECKING:
    from newsclean.fixtures.checking import Report
    from newsclean.fixtures.compare import Change
    from newsclean.fixtures.result import Reasons
    from newsclean.settings import Settings

_ANSWERS = {"a": "accept", "r": "reject", "s": "skip", "l": "all", "q": "quit"}
_FIRST_LINES = 12
"""Lines of a page that nobody approved yet that are shown before the question."""


@click.command("review")
@names_argument()
@fixtures_option
@cache_option
@with_settings()
def review(names: tuple[str, ...], root: Path, no_cache: bool, settings: "Settings") -> int:
    """Review what changed, one change after another: old beside new, with the reason of each new verdict.

    For each field and each paragraph, takes a (accept: it is approved so), r (reject: it is wrong, what was approved
    stays, and who, when and why are noted), s (skip), l (accept all that is left of this page) or q (quit); then asks
    why. Changed labels are one question, and a page that nobody has approved yet is one. Exit status 4 where something
    was rejected or is left.

    \b
    newsclean fixture review
    newsclean fixture review news.example/2025-03-14-ferry
    """
    if not to_terminal() or not sys.stdin.isatty():
        raise UsageError("review asks on a terminal; elsewhere use `newsclean fixture check` and `approve`")
    from newsclean.fixtures.result import Reasons

    reasons = Reasons(settings)
    reports = checked(named_fixtures(names, root), settings, no_cache=no_cache)
    for report in reports:
        if report.error:
            note(f"newsclean: {report.error}")
    waiting = [report for report in reports if report.state in ("changed", "wrong", "new", "relabelled")]
    if not waiting:
        note(f"newsclean: nothing to review: {len(reports)} fixtures are as they were approved")
    ends: Counter[str] = Counter()
    for number, report in enumerate(waiting, 1):
        answers = _asked(report, f"{number} of {len(waiting)}")
        ends[_decided(report, answers, reasons)] += 1
        if "quit" in answers:
            break
    left = len(waiting) - ends["accepted"] - ends["rejected"]
    if waiting:
        note(f"newsclean: {ends['accepted']} accepted, {ends['rejected']} rejected, {left} left")
    return EXIT_MISMATCH if ends["rejected"] or left or any(report.error for report in reports) else EXIT_OK


def _steps(report: "Report") -> "list[list[Change]]":
    """What is asked about, one after the other; nothing for a page that is accepted or rejected as a whole."""
    if report.approved is None or report.approved.last is None:
        return []
    labels = [change for change in report.changes if change.kind == "label"]
    return [[change] for change in report.changes if change.kind != "label"] + ([labels] if labels else [])


def _asked(report: "Report", progress: str) -> list[str]:
    """The answers, one for each step, or one for the page; ``quit`` ends them."""
    _show_head(report, progress)
    steps = _steps(report)
    if not steps:
        for change in report.changes:
            _beside(change)
        _show_page(report)
        return [_answer(last=True)]
    answers: list[str] = []
    for number, step in enumerate(steps, 1):
        if len(steps) > 1:
            note(f"change {number} of {len(steps)}")
        for change in step:
            _beside(change)
        answers.append(_answer(last=number == len(steps)))
        if answers[-1] == "quit":
            break
        if answers[-1] == "all":
            return [*answers[:-1], *["accept"] * (len(steps) - number + 1)]
    return answers


def _answer(*, last: bool) -> str:
    letters = [letter for letter in _ANSWERS if letter != "l" or not last]
    words = "[a]ccept, [r]eject, [s]kip, " + ("" if last else "accept a[l]l of this page, ") + "[q]uit"
    letter = click.prompt(
        words, type=click.Choice(letters, case_sensitive=False), show_choices=False, err=True, prompt_suffix=": "
    )
    return _ANSWERS[letter.lower()]


def _decided(report: "Report", answers: Sequence[str], reasons: "Reasons") -> str:
    """Write what was decided, after asking why: ``accepted``, ``rejected``, or ``left`` where something was skipped."""
    from newsclean.fixtures.checking import judged
    from newsclean.fixtures.compare import partly
    from newsclean.fixtures.decide import reject

    steps = _steps(report)
    accepted = [change for step, answer in zip(steps, answers, strict=False) if answer == "accept" for change in step]
    is_whole = list(answers) == ["accept"] * max(1, len(steps))
    end = "left"
    if is_whole or accepted:
        part = report
        if not is_whole and report.approved is not None and report.result is not None:
            part = judged(report.fixture, partly(report.approved.result, report.result, accepted), reasons)
        if _approved(part, "" if is_whole else f"{answers.count('accept')} of {len(steps)} changes "):
            end = "accepted" if is_whole else "left"
    if "reject" in answers:
        name = report.fixture.id
        why = click.prompt("why is it wrong", err=True)
        if reject(_current(report), why=why) is None:
            note(f"newsclean: {name}: nothing was approved yet that could stay; nothing is noted")
        else:
            note(f"newsclean: {name}: rejected; `newsclean explain` shows what to repair")
        end = "rejected"
    return end


def _current(report: "Report") -> "Report":
    """The report with what is approved by now."""
    from newsclean.fixtures.approved import read_approved

    return replace(report, approved=read_approved(report.fixture, by_hand=True))


def _approved(report: "Report", what: str) -> bool:
    """Ask why and approve; False where the truth gets worse and that is not wanted."""
    from newsclean.fixtures.decide import approve

    if report.worse:
        said = ", ".join(check.name for check in report.worse)
        if not click.confirm(f"truth.toml gets worse ({said}); accept the regression", default=False, err=True):
            note(f"newsclean: {report.fixture.id}: nothing is approved")
            return False
    entry = approve(report, why=click.prompt("why is it right", err=True), accept_regression=True)
    note(f"newsclean: {report.fixture.id}: {what}approved by {entry.who}")
    return True


def _show_head(report: "Report", progress: str) -> None:
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
    for hint in report.hints:
        screen.print(Text(printable(hint), "yellow"))


def _show_page(report: "Report") -> None:
    """The first lines of a page of which nothing is to be told apart."""
    from rich.text import Text

    if report.changes or report.result is None:
        return
    screen = console()
    lines = [report.result.fields.get("headline") or report.result.outcome, *report.result.lines]
    for line in lines[:_FIRST_LINES]:
        screen.print(Text(printable(line), "green"))
    if len(lines) > _FIRST_LINES:
        more = f"… {len(lines) - _FIRST_LINES} more"
        if report.approved:
            more += f" in {report.fixture.path('approved.md')}"
        screen.print(Text(printable(more), "dim"))


def _beside(change: "Change") -> None:
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
    console().print(table)


def _words(value: Any) -> str:
    if value is None:
        return "(nothing)"
    return printable(", ".join(map(str, value)) if isinstance(value, list) else str(value))
