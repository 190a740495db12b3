"""Extract the articles of pages, WARC and WACZ files that are here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.bulk import Bulk, bulk_options, check_here, is_folder, refuse_without_folder, run_bulk
from newsclean.cli.inputs import Page, Pages
from newsclean.cli.options import with_settings
from newsclean.cli.output import STDIN, format_option, note, opened, status_of, to_terminal
from newsclean.errors import InputError, UsageError

if TYPE_CHECKING:
    from newsclean.archive.passes import Passes
    from newsclean.settings import Settings


@click.command("extract")
@click.argument("names", nargs=-1, metavar="FILE|DIR|WARC|WACZ|-...")
@click.option("--url", help="Where a page is from; helps with links and dates. WARC files say it themselves.")
@format_option("jsonl", "csv", "md", "txt", "parquet")
@click.option("-o", "--output", "to", metavar="FILE|FOLDER/", help="Where to write. [default: stdout]")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing while a job into a folder runs.")
@click.option("--keep-all", is_flag=True, help="Take what is there from pages that are no articles, too.")
@bulk_options
@with_settings()
def command(
    names: tuple[str, ...],
    url: str | None,
    form: str | None,
    to: str | None,
    quiet: bool,
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
    records = _records(found, settings, tally, _learned(paths, url, settings))
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


def _records(
    found: Iterable[Page], settings: "Settings", tally: _Tally, learned: "Passes | None"
) -> Iterator[dict[str, Any]]:
    """The records of pages, counted; one that is in no WARC file has a key ``input`` more, which names its file.

    Pages that are no article are named on stderr.
    """
    from newsclean.extraction import extract_capture
    from newsclean.store import article_record

    for page in found:
        site = learned.memory(page.name, page.capture) if learned is not None else None
        extraction = extract_capture(page.capture, settings, site=site)
        record = article_record(extraction, page.capture.final_url or None)
        if extraction.record is None:
            record["input"] = page.name
        if extraction.outcome == "article":
            tally.articles += 1
        else:
            tally.others += 1
            note(f"newsclean: {page.name}: {extraction.outcome}: {extraction.message}")
        yield record
