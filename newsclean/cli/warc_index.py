"""``warc index`` and ``warc wacz``: what other tools replay WARC files by."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.output import STDIN, note, opened, out_option, to_terminal
from newsclean.cli.warc_inputs import Input, paths_argument, warc_inputs
from newsclean.errors import EXIT_OK, EXIT_SOME_FAILED, InputError, NotWarcError, UsageError

if TYPE_CHECKING:
    from newsclean.warc.pack import PackedPage


@click.command("index")
@paths_argument
@click.option("--unsorted", is_flag=True, help="In the order of the records, as they are read.")
@out_option
def index(paths: tuple[Path, ...], unsorted: bool, out: Path | None) -> int:
    """Index WARC files as CDXJ: a line for each capture, by URL and time, with its place in the file.

    The lines are those of cdxj-indexer -s. What cannot be indexed is named; the status is 1 then.

    \b
    newsclean warc index my-archive -o index.cdxj
    newsclean warc index *.warc.gz | grep '^example,news)/'
    """
    from newsclean.warc.index import in_order

    problems: list[str] = []
    with warc_inputs(paths) as files, opened(out) as stream:
        lines = _lines(files, problems)
        for line in lines if unsorted else in_order(lines):
            stream.write(line.encode())
    return EXIT_SOME_FAILED if problems else EXIT_OK


def _lines(files: list[Input], problems: list[str]) -> Iterator[str]:
    from newsclean.warc.index import index_file
    from newsclean.warc.names import OPEN
    from newsclean.warc.records import Damaged

    for file in files:
        try:
            for line in index_file(file.path, file.name.rpartition("/")[2].removesuffix(OPEN)):
                if isinstance(line, Damaged):
                    problems.append(line.message)
                    note(f"newsclean: {file.name}@{line.offset}: {line.reason}")
                else:
                    yield line
        except NotWarcError as problem:
            if len(files) == 1:
                raise
            problems.append(str(problem))
            note(f"newsclean: {problem}")


@click.command("wacz")
@paths_argument
@click.option(
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, such as out.wacz.",
)
@click.option("--title", help="What the player shows as its title.")
def wacz(paths: tuple[Path, ...], out: Path, title: str | None) -> int:
    """Pack WARC files, or an archive, as one WACZ file, which ReplayWeb.page opens.

    It holds the WARC files as they are, their index, a list of pages, and digests of all. Of an archive the pages are
    its articles, with their headlines; of WARC files, the HTML pages.

    \b
    newsclean warc wacz my-archive -o my-archive.wacz
    newsclean warc wacz *.warc.gz -o crawl.wacz --title 'Local elections'
    """
    from newsclean.warc.names import OPEN
    from newsclean.warc.pack import pack

    if str(out) == STDIN and to_terminal():
        raise UsageError("a WACZ file on a terminal is of no use; name a file with -o")
    if STDIN in map(str, paths):
        raise UsageError("a WACZ file names the files in it; give files, not stdin")
    with warc_inputs(paths) as files:
        closed = [file.path for file in files if not file.name.endswith(OPEN)]
        for file in files:
            if file.name.endswith(OPEN):
                note(f"newsclean: {file.name}: left out, it is still being written or was not closed")
        if not closed:
            raise InputError(f"{paths[0]}: no WARC file that is closed")
        with opened(out) as stream:
            done = pack(closed, stream, pages=_articles(paths), title=title)
    for damaged in done.damaged:
        note(f"newsclean: not indexed: {damaged.message}")
    note(f"newsclean: {out}: {done.files:,} files, {done.entries:,} captures, {done.pages:,} pages")
    return EXIT_SOME_FAILED if done.damaged else EXIT_OK


def _articles(paths: tuple[Path, ...]) -> "Iterator[PackedPage] | None":
    """The articles of an archive; None where the paths are not one archive."""
    if len(paths) != 1 or not (paths[0] / "catalog.sqlite").is_file():
        return None
    from newsclean.archive import Archive
    from newsclean.warc.pack import PackedPage

    def pages() -> "Iterator[PackedPage]":
        with Archive.open(paths[0]) as archive:
            for stored in archive.articles():
                found = stored.extraction
                if found.captured_at:
                    url = (found.found.url if found.found else None) or stored.url
                    title = found.found.headline if found.found else None
                    yield PackedPage(url=url, date=found.captured_at, title=title)

    return pages()
