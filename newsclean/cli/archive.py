"""Fetch articles, store them as WARC, save each alone: the main job."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.options import with_settings
from newsclean.cli.output import STDIN, note, printable, status_of, to_terminal, write_json
from newsclean.cli.sources_options import source_options
from newsclean.errors import EXIT_INTERRUPTED, BadUrlError, InputError, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from newsclean.fetch.found import Sources
    from newsclean.fetch.plan import Planned
    from newsclean.fetch.sources import Entry
    from newsclean.model import Outcome
    from newsclean.settings import Settings

DEFAULT_FOLDER = Path("news-archive")


@click.command("archive")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "-i",
    "--input",
    "lists",
    multiple=True,
    metavar="LIST",
    help="List of URLs, one a line, or CSV with a column url; - for stdin; can be given more than once.",
)
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    metavar="ARCHIVE",
    help="Folder of the archive; it is made where it is missing.",
)
@click.option("-f", "--format", "form", type=click.Choice(["jsonl"]), help="Write outcomes to a terminal, too.")
@click.option("--retry-failed", is_flag=True, help="Try again what failed in a way that may pass.")
@click.option("--again", is_flag=True, help="Fetch known URLs again; what is unchanged is stored as a revisit.")
@click.option("--older-than", metavar="AGE", help="As --again, for captures older than 12h, 7d or the like.")
@source_options
@click.option("--dry-run", is_flag=True, help="Say what would be fetched and what robots.txt forbids; write nothing.")
@click.option("--no-extract", is_flag=True, help="Fetch and store only; a later run extracts.")
@click.option("--keep-all", is_flag=True, help="Save what is there of pages that are no articles, too.")
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes that extract. [default: the cores]")
@click.option("--proxy", metavar="URL", help="Fetch through this proxy instead of HTTP_PROXY and HTTPS_PROXY.")
@with_settings(fetching=True)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say for each input how it ended.")
def command(
    urls: tuple[str, ...],
    lists: tuple[str, ...],
    folder: Path,
    form: str | None,
    retry_failed: bool,
    again: bool,
    older_than: str | None,
    sources: "Sources",
    dry_run: bool,
    no_extract: bool,
    keep_all: bool,
    jobs: int | None,
    proxy: str | None,
    settings: "Settings",
    quiet: bool,
    verbose: bool,
) -> int:
    """Fetch articles, store them as WARC, save each alone: the main job.

    Give URLs, lists of URLs, or both; a URL that the archive knows is not fetched again, unless --again or --older-than
    says so. Without any, what an interrupted run left is finished. Stdout gets one JSON object for each input as it
    ends, a terminal a table.

    \b
    newsclean archive https://news.example/story -o my-archive
    newsclean archive -i urls.txt -o my-archive > outcomes.jsonl
    """
    from newsclean.archive import Archive
    from newsclean.archive.memory import give_back_large
    from newsclean.cli.drift import Seen
    from newsclean.cli.interrupt import stop_on_signal
    from newsclean.cli.progress import Reporter, closing_words
    from newsclean.cli.proxy import through_proxy

    give_back_large()
    if keep_all:
        settings = settings.with_values(keep_all=True)
    if jobs:
        settings = settings.with_values(workers=jobs)
    before = _moment(again, older_than)
    entries = _entries(urls, lists)
    if entries is None and not sources and not folder.exists():
        raise UsageError(f"nothing to do: give URLs or -i LIST; there is no archive {folder} to go on with")
    if dry_run:
        with through_proxy(proxy):
            return _dry_run(folder, entries or iter(()), sources, settings, before, form)
    data = form is not None or not to_terminal()
    with ExitStack() as stack:
        stack.enter_context(through_proxy(proxy))
        make = Archive.open if entries is None and not sources else Archive.create_or_open
        archive = stack.enter_context(make(folder, settings))
        reporter = stack.enter_context(Reporter(quiet=quiet, verbose=verbose))

        seen = Seen()

        def ended(outcome: "Outcome") -> None:
            seen.add(outcome)
            if data:
                write_json(asdict(outcome))
            reporter.outcome(outcome)

        bad = _Bad()
        if settings.insecure:
            note("newsclean: WARNING: TLS certificates are not checked (insecure): pages may come from anybody")
        if entries is None and not sources and before is not None:
            archive.add_again(before)
        added = archive.add(bad.sorted_out(entries or iter(()), ended, reporter.reading), older_than=before)
        stop = stack.enter_context(stop_on_signal(reporter.say))
        try:
            summary = archive.run(
                sources=sources,
                older_than=before,
                retry_failed=retry_failed,
                extracting=not no_extract,
                on_progress=reporter.progress,
                on_outcome=ended,
                stop=stop,
            )
        except KeyboardInterrupt:
            reporter.say(f"stopped at once; what was reported is stored; go on with `newsclean archive -o {folder}`")
            return EXIT_INTERRUPTED
        drifted = [] if quiet or summary.interrupted else seen.warnings(archive)
    if not quiet:
        closing_words(summary, reporter.examples, bad=bad.count, known=added.known - bad.known(added.bad))
    for line in drifted:
        note(f"newsclean: {line}")
    if summary.interrupted or summary.waiting:
        note(f"newsclean: interrupted, {summary.waiting} inputs wait; go on with `newsclean archive -o {folder}`")
        return EXIT_INTERRUPTED
    return status_of(summary.succeeded, summary.failed + bad.count)


def _dry_run(
    folder: Path,
    entries: Iterator["Entry"],
    sources: "Sources",
    settings: "Settings",
    before: "datetime | None",
    form: str | None,
) -> int:
    """Print what would become of each input."""
    from newsclean.archive import Archive
    from newsclean.archive.dry_run import KNOWN

    data = form is not None or not to_terminal()
    counts: Counter[str] = Counter()

    def planned(item: "Planned") -> None:
        counts[item.verdict] += 1
        if data:
            write_json(asdict(item))
        else:
            click.echo(f"{item.verdict:20} {printable(item.url)}")

    Archive.dry_run(folder, entries, planned, settings=settings, sources=sources, older_than=before)
    for verdict, count in counts.most_common():
        note(f"newsclean: {count:,} {verdict}")
    return status_of(counts["fetch"] + counts[KNOWN], counts.total() - counts["fetch"] - counts[KNOWN])


def _moment(again: bool, older_than: str | None) -> "datetime | None":
    """Before which moment a page must have been fetched to be fetched again; None where none is."""
    from datetime import UTC, datetime

    if older_than is None:
        return datetime.now(UTC) if again else None
    from newsclean.fetch.filters import parse_age

    return datetime.now(UTC) - parse_age(older_than)


class _Bad:
    """Lines that are no URL: the archive keeps their outcome, but they never wait, so the run does not report them."""

    def __init__(self) -> None:
        self.count = 0

    def known(self, new: int) -> int:
        """How many of them the archive had from an earlier run, or more than once."""
        return self.count - new

    def sorted_out(
        self, entries: Iterator["Entry"], ended: Callable[["Outcome"], None], count: Callable[[int], None]
    ) -> Iterator[tuple[str, str]]:
        """All entries as the archive takes them, counted; those that are no URL are reported on the way."""
        from newsclean.model import Outcome
        from newsclean.urls import to_uri

        for number, entry in enumerate(entries, 1):
            count(number)
            try:
                to_uri(entry.text)
            except BadUrlError as problem:
                self.count += 1
                message = f"{entry.origin}: {problem}"
                ended(Outcome(url=entry.text, outcome=problem.code, origin=entry.origin, message=message))
            yield entry.text, entry.origin


def _entries(urls: tuple[str, ...], lists: tuple[str, ...]) -> Iterator["Entry"] | None:
    """All inputs, read as they are asked for; None where none was given. Raises InputError for an empty list."""
    from newsclean.fetch.sources import Entry, read_list

    names = [*lists, *(word for word in urls if _is_list(word))]
    if names.count(STDIN) > 1:
        raise InputError("-: standard input can be read once only")
    given = [word for word in urls if not _is_list(word)]
    parts: list[Iterator[Entry]] = [
        iter([Entry(text=word, origin="argument", line=number) for number, word in enumerate(given, 1)])
    ]
    for name in names:
        entries = read_list(name)
        parts.append(chain([next(entries)], entries))  # so that an empty list ends it before a folder is made
    return chain.from_iterable(parts) if given or names else None


def _is_list(word: str) -> bool:
    return word == STDIN or ("://" not in word and Path(word).is_file())
