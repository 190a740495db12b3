"""Extract the articles of pages, WARC and WACZ files that are here."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.bulk import Bulk, bulk_options, check_here, is_folder, refuse_without_folder, run_bulk
from newsclean.cli.inputs import Page, Pages
from newsclean.cli.options import with_settings
from newsclean.cli.output import STDIN, format_option, note, opened, status_of, to_terminal
from newsclean.errors import InputError, UsageError
from newsclean.settings import cores

if TYPE_CHECKING:
    from newsclean.archive.passes import Passes
    from newsclean.settings import Settings

_SMALL = 2 * 1024 * 1024
"""Bytes of a file below which one process is enough."""


@click.command("extract")
@click.argument("names", nargs=-1, metavar="FILE|DIR|WARC|WACZ|-...")
@click.option("--url", help="Where a page is from; helps with links and dates. WARC files say it themselves.")
@format_option("jsonl", "csv", "md", "txt", "parquet")
@click.option("-o", "--output", "to", metavar="FILE|FOLDER/", help="Where to write. [default: stdout]")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while a job into a folder runs.")
@click.option("--unordered", is_flag=True, help="Write each page when it is done, not in the order of the input.")
@click.option("--keep-all", is_flag=True, help="Take what is there from pages that are no articles, too.")
@bulk_options
@with_settings()
def command(
    names: tuple[str, ...],
    url: str | None,
    form: str | None,
    to: str | None,
    quiet: bool,
    unordered: bool,
    keep_all: bool,
    bulk: Bulk,
    settings: "Settings",
) -> int:
    """Extract the articles of pages, WARC and WACZ files that are here.

    Files are told apart by their content: HTML, WARC, ARC or WACZ; gzip and zstd are unpacked. A folder is searched for
    all of them. A page that was stored as a revisit is looked for in all files given. The records are those of export;
    a page that is no article gives a record that says why. Pages of a site that has four or more are judged by what
    repeats over them, too, which is learned in a pass of its own; standard input is read once.

    With -o FOLDER/, many WARC files are read by all cores, from here or from a store (s3://bucket/*.warc.gz), into one
    Parquet or JSON Lines file each; a job that was stopped goes on where it was. There each page is judged by itself.

    \b
    newsclean extract page.html --url https://news.example/story
    newsclean extract crawl.warc.gz more/ > articles.jsonl
    newsclean extract *.warc.gz -o articles/ --format parquet
    """
    if keep_all:
        settings = settings.with_values(keep_all=True)
    out = Path(to) if to is not None else None
    if out is not None and is_folder(out, to):
        return run_bulk(names, out, form or "parquet", bulk, settings, quiet=quiet)
    if form == "parquet":
        raise UsageError("--format parquet: goes with -o FOLDER/ (a name that ends with a slash)")
    refuse_without_folder(bulk)
    check_here(names)
    if not names:
        raise UsageError("no input: name a file, a folder, or - for standard input")
    paths = tuple(map(Path, names))
    found = Pages(paths, url)
    tally = _Tally()
    # several processes cost more than they save where there is little to do
    jobs = 1 if all(_is_small(path) for path in paths) else bulk.jobs or cores()
    records = _records(found, settings, tally, _learned(paths, url, settings), jobs, ordered=not unordered)
    if form is None and out is None and to_terminal():
        from newsclean.cli.layout import print_article

        for number, record in enumerate(record for record in records if "text" in record):
            print_article(record, first=number == 0)
    else:
        from newsclean.store import write_records

        with opened(out) as stream:
            write_records(records, stream, form or "jsonl")
    for line in found.damaged:
        note(f"newsclean: {line}")
    if found.passed_over:
        note(f"newsclean: {found.passed_over} answers passed over: redirects, errors, and what is no HTML")
    if not tally.articles + tally.others:
        raise InputError(f"{paths[0]}: no page in it")
    return status_of(tally.articles, tally.others + len(found.damaged))


@dataclass
class _Tally:
    """Counts what comes out."""

    articles: int = 0
    others: int = 0


def _learned(paths: tuple[Path, ...], url: str | None, settings: "Settings") -> "Passes | None":
    """What repeats over the pages of each site, by a pass of its own; None for what can be read once only."""
    if not settings.site_memory or STDIN in map(str, paths):
        return None
    from newsclean.archive.passes import Passes

    def said(count: int) -> None:
        note(f"newsclean: what repeats over the pages of a site is learned from {count:,} pages, then all are judged")

    passes = Passes(settings)
    passes.learn(lambda: ((page.name, page.capture) for page in Pages(paths, url)), said)
    return passes


def _is_small(path: Path) -> bool:
    """Whether a path is one file with a few pages at most."""
    return path.is_file() and path.stat().st_size < _SMALL


def _records(
    found: Iterable[Page],
    settings: "Settings",
    tally: _Tally,
    learned: "Passes | None",
    jobs: int,
    *,
    ordered: bool,
) -> Iterator[dict[str, Any]]:
    """The records of pages, counted; one that is in no WARC file has a key ``input`` more, which names its file.

    Pages that are no article are named on stderr.
    """
    from newsclean.bulk.rows import failure
    from newsclean.extraction import extract_capture
    from newsclean.store import article_record

    def judged(page: Page) -> dict[str, Any]:
        site = learned.memory(page.name, page.capture) if learned is not None else None
        return article_record(extract_capture(page.capture, settings, site=site), page.capture.final_url or None)

    def failed(page: Page, outcome: str, reason: str) -> dict[str, Any]:
        return failure(page.capture, outcome, f"{page.name}: the extraction failed: {reason}", settings)

    results: Iterable[tuple[str, dict[str, Any]]]
    with ExitStack() as stack:
        if jobs == 1:
            results = ((page.name, judged(page)) for page in found)
        else:
            from newsclean.bulk.mapped import Mapped
            from newsclean.bulk.workers import warm

            warm(settings)
            seconds = settings.max_page_seconds
            mapped: Mapped[str, Page, dict[str, Any]] = stack.enter_context(
                Mapped(judged, failed, workers=jobs, seconds=seconds, ordered=ordered)
            )
            results = mapped.over((page.name, page) for page in found)
        for name, record in results:
            if record["record"] is None:
                record["input"] = name
            if record["outcome"] == "article":
                tally.articles += 1
            else:
                tally.others += 1
                note(f"newsclean: {name}: {record['outcome']}: {record['message']}")
            yield record
