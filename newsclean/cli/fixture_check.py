"""``fixture check``, ``approve`` and ``list``."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.fixture_inputs import fixtures_option, named_fixtures, names_argument
from newsclean.cli.options import with_settings
from newsclean.cli.output import console, note, printable, to_terminal, write_json
from newsclean.errors import EXIT_MISMATCH, EXIT_NOTHING_SUCCEEDED, EXIT_OK, EXIT_SOME_FAILED, NewscleanError

if TYPE_CHECKING:
    from newsclean.fixtures.checking import Report
    from newsclean.fixtures.compare import Change
    from newsclean.fixtures.folder import Fixture
    from newsclean.settings import Settings

STYLES = {
    "good": "green",
    "relabelled": "cyan",
    "new": "cyan",
    "known-bad": "yellow",
    "changed": "red",
    "wrong": "red",
    "broken": "red",
}
_MEANINGS = {
    "good": "as it was approved",
    "relabelled": "the article as approved, with other labels",
    "new": "not approved yet",
    "known-bad": "wrong, as fixture.toml says",
    "changed": "not as it was approved",
    "wrong": "not as truth.toml says",
    "broken": "cannot be used",
}
cache_option = click.option("--no-cache", is_flag=True, help="Extract all pages, also those that did not change.")


@click.command("check")
@names_argument()
@fixtures_option
@cache_option
@click.option("--labels", is_flag=True, help="Show changed labels on a terminal, too.")
@with_settings()
def check(names: tuple[str, ...], root: Path, no_cache: bool, labels: bool, settings: "Settings") -> int:
    """Check what comes out of fixtures against truth.toml and against what was approved.

    A terminal shows what changed, field by field and paragraph by paragraph, with the rule or voice behind it; a pipe
    gets a JSON object for each fixture. Results are kept in the user's cache for as long as page, rules, settings and
    version are the same. Exit status 4 where something is wrong or changed.

    \b
    newsclean fixture check
    newsclean fixture check tests/pages --rules my-rules.toml
    newsclean fixture check | jq 'select(.state == "changed").id'
    """
    from newsclean.fixtures.checking import status_of

    data = not to_terminal()
    reports = checked(named_fixtures(names, root), settings, no_cache=no_cache)
    for report in reports:
        if data:
            write_json(report_record(report))
        else:
            show_report(report, labels=labels)
    note(f"newsclean: {tally(reports)}")
    return status_of(reports)


@click.command("approve")
@names_argument(required=True)
@fixtures_option
@click.option("--reason", required=True, metavar="TEXT", help="Why what comes out now is right.")
@click.option("--accept-regression", is_flag=True, help="Approve also what fails truth.toml and did not before.")
@cache_option
@with_settings()
def approve(
    names: tuple[str, ...], root: Path, reason: str, accept_regression: bool, no_cache: bool, settings: "Settings"
) -> int:
    """Approve what comes out of fixtures now; who, when and why go into approved.json.

    Refused, with status 4, where truth.toml fails that did not fail before, unless --accept-regression. Fixtures that
    are just as they were approved are left as they are.

    \b
    newsclean fixture approve 2025-03-14-ferry --reason "the caption belongs to the photo"
    newsclean fixture approve fixtures --reason "first approval"
    """
    from newsclean.errors import WorseError
    from newsclean.fixtures.decide import approve as write
    from newsclean.fixtures.decide import standing

    fixtures = named_fixtures(names, root)
    failed: list[NewscleanError] = []
    for report in checked(fixtures, settings, no_cache=no_cache, by_hand=True):
        try:
            before = standing(report)
            entry = before or write(report, why=reason, accept_regression=accept_regression)
        except NewscleanError as problem:
            if len(fixtures) == 1:
                raise
            failed.append(problem)
            note(f"newsclean: {problem}")
            continue
        if to_terminal():
            since = f" on {entry.when[:10]} already" if before else ""
            note(f"newsclean: {report.fixture.id}: approved by {entry.who}{since}")
        else:
            write_json({"id": report.fixture.id, "who": entry.who, "when": entry.when, "why": entry.why})
    if any(isinstance(problem, WorseError) for problem in failed):
        return EXIT_MISMATCH
    if not failed:
        return EXIT_OK
    return EXIT_NOTHING_SUCCEEDED if len(failed) == len(fixtures) else EXIT_SOME_FAILED


@click.command("list")
@names_argument()
@fixtures_option
def list_fixtures(names: tuple[str, ...], root: Path) -> int:
    """List fixtures: language, age, kinds of clutter, and who approved them.

    \b
    newsclean fixture list
    newsclean fixture list tests/pages | jq 'select(.language == "de").id'
    """
    broken = 0
    rows: list[dict[str, Any]] = []
    kinds: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    fixtures = named_fixtures(names, root)
    for fixture in fixtures:
        try:
            row = _about(fixture)
        except NewscleanError as problem:
            broken += 1
            note(f"newsclean: {problem}")
            continue
        rows.append(row)
        kinds.update(row["clutter"])
        languages[row["language"] or "?"] += 1
    if not to_terminal():
        for row in rows:
            write_json(row)
    else:
        _table(rows)
        for title, counted in (("languages", languages), ("clutter", kinds)):
            note(f"{title}: {', '.join(f'{name} {count}' for name, count in counted.most_common())}")
    if not broken:
        return EXIT_OK
    return EXIT_SOME_FAILED if rows else EXIT_NOTHING_SUCCEEDED


def checked(
    fixtures: "Sequence[Fixture]", settings: "Settings", *, no_cache: bool = False, by_hand: bool = False
) -> "list[Report]":
    """The reports of fixtures, from what is kept where nothing changed."""
    from newsclean.fixtures.cache import Cache
    from newsclean.fixtures.checking import check as check_all

    return check_all(fixtures, settings, cache=None if no_cache else Cache(settings), by_hand=by_hand)


def tally(reports: "Sequence[Report]") -> str:
    """How many fixtures are in which state."""
    counts: Counter[str] = Counter(report.state for report in reports)
    return f"{len(reports)} fixture{'s' if len(reports) != 1 else ''}: " + ", ".join(
        f"{counts[state]} {state} ({_MEANINGS[state]})" for state in STYLES if counts[state]
    )


def report_record(report: "Report") -> dict[str, Any]:
    """The JSON object of a report. Keys: ``id``, ``folder``, ``url``, ``state``, ``error``, ``failures`` (``check``,
    ``message``, ``accepted``: it failed when it was approved), ``changes`` (``kind``, ``name``, ``place``, ``old``,
    ``new``, ``was``, ``now``, ``source``), ``known_bad``, ``rejected``, ``hints``."""
    worse = {check.name for check in report.worse}
    return {
        "id": report.fixture.id,
        "folder": str(report.fixture.folder),
        "url": report.url or None,
        "state": report.state,
        "error": report.error or None,
        "failures": [
            {"check": check.name, "message": check.message, "accepted": check.name not in worse}
            for check in report.failures
        ],
        "changes": [_change_record(change) for change in report.changes],
        "known_bad": report.known_bad,
        "rejected": report.rejected
        and {"who": report.rejected.who, "when": report.rejected.when, "why": report.rejected.why},
        "hints": list(report.hints),
    }


def _change_record(change: "Change") -> dict[str, Any]:
    names = ("kind", "name", "place", "old", "new", "was", "now", "source")
    return {name: getattr(change, name) for name in names}


def show_report(report: "Report", *, labels: bool = False) -> None:
    """A report on a terminal; nothing of one that is good."""
    changes = [change for change in report.changes if labels or change.kind != "label"]
    if report.state == "good" or (report.state == "relabelled" and not changes):
        return
    from rich.text import Text

    screen = console()
    screen.print(Text(report.fixture.id, "bold") + Text(f"  {report.state}", STYLES[report.state]), soft_wrap=True)
    for line, style in _lines(report, changes):
        screen.print(Text(printable(line), style), soft_wrap=True)
    screen.print()


def _lines(report: "Report", changes: "Sequence[Change]") -> Iterator[tuple[str, str]]:
    if report.error:
        yield f"  {report.error}", "red"
        return
    yield f"  {report.url}", "dim"
    for failure in report.failures:
        accepted = "" if failure in report.worse else " (approved so)"
        yield f"  truth: {failure.name}{accepted}", "yellow" if accepted else "red"
        for line in failure.message.splitlines():
            yield f"    {line}", ""
    for change in changes:
        for line in str(change).splitlines():
            yield f"  {line}", {"-": "red", "+": "green", "w": "dim", "n": "dim"}.get(line.strip()[:1], "")
    if report.rejected is not None:
        yield f"  rejected by {report.rejected.who} on {report.rejected.when[:10]}: {report.rejected.why}", "yellow"
    for hint in report.hints:
        yield f"  {hint}", "dim"


def _about(fixture: "Fixture") -> dict[str, Any]:
    from newsclean.fixtures.approved import read_approved
    from newsclean.fixtures.truth import read_truth
    from newsclean.labels import CLUTTER_LABELS

    fixture.check_files()
    about = fixture.about()
    truth = read_truth(fixture)
    approved = read_approved(fixture)
    language = truth.metadata.get("in_language")
    rows = approved.result.rows if approved else []
    last = approved.last if approved else None
    captured = about.get("captured")
    day = captured.date() if isinstance(captured, datetime) else captured
    return {
        "id": fixture.id,
        "folder": str(fixture.folder),
        "url": about["url"],
        "outcome": truth.outcome.value,
        "language": language.value if language else (approved.result.fields.get("in_language") if approved else None),
        "captured": day.isoformat() if day else None,
        "age_days": (datetime.now(UTC).date() - day).days if isinstance(day, date) else None,
        "clutter": sorted({row.label for row in rows if row.decision == "drop"} & CLUTTER_LABELS),
        "shows": about.get("shows") or None,
        "approved": last and {"who": last.who, "when": last.when, "why": last.why},
        "known_bad": about.get("known_bad"),
    }


def _table(rows: Sequence[dict[str, Any]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("fixture", overflow="fold", ratio=3)
    table.add_column("lang", no_wrap=True)
    table.add_column("age", no_wrap=True, justify="right")
    table.add_column("approved", no_wrap=True)
    table.add_column("clutter", overflow="fold", ratio=4)
    for row in rows:
        age = "" if row["age_days"] is None else f"{row['age_days']} d"
        approved = row["approved"]["when"][:10] if row["approved"] else "no"
        clutter = " ".join(row["clutter"])
        table.add_row(Text(printable(row["id"])), row["language"] or "?", age, approved, Text(clutter, "dim"))
    console().print(table)
