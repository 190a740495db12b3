"""Compare two extractions of the same pages."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.options import load_settings
from newsclean.cli.output import note, opened, to_terminal, write_json
from newsclean.errors import EXIT_MISMATCH, EXIT_OK, UsageError

if TYPE_CHECKING:
    from newsclean.diff import Diff, Side
    from newsclean.settings import Settings


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@click.option("--with-rules", multiple=True, metavar="FILE", help="Extract again with these rules as well.")
@click.option(
    "--with-config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Extract again with the settings of this file.",
)
@click.option("--with-command", metavar="PROGRAM", help="Extract again with the newsclean of another environment.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on a terminal, too: the summary, then the pages.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="OUT", help="Also write a page that shows it."
)
@click.option("--most", type=click.IntRange(min=0), default=20, show_default=True, help="Pages shown; 0 for all.")
@click.option(
    "--fail-on",
    type=click.Choice(["changed", "lost"]),
    help="Exit status 4 where a page is not the same, or where an article or a paragraph is lost.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing of the progress.")
def command(
    old: Path,
    new: Path | None,
    with_rules: tuple[str, ...],
    with_config: Path | None,
    with_command: str | None,
    as_json: bool,
    html: Path | None,
    most: int,
    fail_on: str | None,
    quiet: bool,
) -> int:
    """Compare two extractions of the same pages.

    OLD and NEW are archives, or files of export; my-archive@2025-03-14 is an archive as it was on that day. Without
    NEW, the pages of the archive OLD are extracted again beside it: with the version, rules and settings of today, with
    further rules or other settings, or by another newsclean. Shown are the versions and rule sets that made the sides,
    counts by host and label, then the pages, the greatest change first, with each paragraph that is new or gone and why
    the other side leaves it out. A pipe gets JSON Lines: the summary, then all pages.

    \b
    newsclean diff my-archive --with-rules new-rules.toml
    newsclean diff my-archive@2025-03-14 my-archive
    newsclean diff monday.jsonl tuesday.jsonl --fail-on lost
    """
    from newsclean.diff.sides import dated_archive

    if new is not None and (with_rules or with_config or with_command):
        raise UsageError("--with-rules, --with-config and --with-command extract OLD again: leave NEW out")
    if new is None and dated_archive(old) is not None:
        raise UsageError(f"{old}: name what to compare that day with, as in: diff {old} {str(old).rpartition('@')[0]}")
    if with_command and (with_rules or with_config):
        raise UsageError("--with-command takes the other version's own settings: leave --with-rules and --with-config")
    settings = load_settings(with_config, {"rules": with_rules or None})
    with sides(old, new, settings, with_command, quiet=quiet) as (first, second):
        return show(first, second, settings, as_json=as_json, html=html, most=most, fail_on=fail_on)


@contextmanager
def sides(
    old: Path, new: Path | None, settings: "Settings", program: str | None, *, quiet: bool
) -> Iterator[tuple["Side", "Side"]]:
    """Both sides, open; where there is no ``new``, the pages of ``old`` are extracted again."""
    from newsclean.cli.interrupt import stop_on_signal
    from newsclean.cli.progress import Reporter
    from newsclean.diff import extracted_again, extracted_by, open_side

    with ExitStack() as stack:
        first = stack.enter_context(open_side(old))
        if new is not None:
            yield first, stack.enter_context(open_side(new))
            return
        if program is not None:
            yield first, stack.enter_context(extracted_by(old, program))
            return
        with ExitStack() as work:
            reporter = work.enter_context(Reporter(quiet=quiet))
            stop = work.enter_context(stop_on_signal(reporter.say))
            second = stack.enter_context(extracted_again(old, settings, on_progress=reporter.progress, stop=stop))
        yield first, second


def show(
    old: "Side",
    new: "Side",
    settings: "Settings",
    *,
    as_json: bool,
    html: Path | None,
    most: int,
    fail_on: str | None,
) -> int:
    """Compare, write what was found, and say with which status to end."""
    from newsclean.cli.diff_records import Reasons, page_record, summary_record
    from newsclean.diff import compare

    diff = compare(old, new)
    reasons = Reasons(settings)
    if html is not None:
        from newsclean.cli.diff_page import diff_page

        with opened(html) as stream:
            stream.write(diff_page(diff, reasons, most).encode())
        note(f"newsclean: the comparison is in {html}")
    if as_json or not to_terminal():
        write_json(summary_record(diff))
        for changed in diff.changes():
            write_json(page_record(changed, reasons))
    else:
        from newsclean.cli.diff_text import show_diff

        show_diff(diff, reasons, most)
    return EXIT_MISMATCH if _fails(diff, fail_on) else EXIT_OK


def _fails(diff: "Diff", fail_on: str | None) -> bool:
    if fail_on == "changed":
        return diff.total.different > 0
    return fail_on == "lost" and (diff.total.pages["lost"] > 0 or diff.total.lost > 0)
