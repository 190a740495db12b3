"""``warc ls`` and ``warc cat``: which records are in WARC files, and what is in them."""

import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsclean.cli.output import format_option, note, printable, to_terminal, write_json
from newsclean.cli.warc_inputs import Input, paths_argument, place_of, warc_inputs
from newsclean.errors import EXIT_OK, EXIT_SOME_FAILED, InputError, RecordNotFoundError, UsageError

if TYPE_CHECKING:
    from newsclean.warc.passing import Passing

PARTS = ("body", "entity", "http", "block", "head", "record")


@click.command("ls")
@paths_argument
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only records of this type; can be repeated.")
@click.option("--url", "glob", metavar="GLOB", help="Only records whose URL is like this, with * and ?.")
@format_option("jsonl", "txt")
def ls(paths: tuple[Path, ...], types: tuple[str, ...], glob: str | None, form: str | None) -> int:
    """List the records of WARC files.

    A line a record: offset, length, type, date, status, MIME type, URL, and in JSON its digests and ids. What is
    damaged stands in its place. A folder's WARC files are listed one after another; of an archive, those in warc/.

    \b
    newsclean warc ls my-archive --type response --url '*/politics/*'
    newsclean warc ls crawl.warc.gz | jq -r 'select(.status == 404).url'
    """
    from newsclean.warc.listing import listed

    damaged = 0
    with warc_inputs(paths) as files:
        for file in files:
            plain = form == "txt" or (form is None and to_terminal())
            if plain and len(files) > 1:
                click.echo(printable(f"{file.name}:"))
            for entry in listed(file.path, file.name):
                if entry["damage"] is not None:
                    damaged += 1
                elif (types and entry["type"] not in types) or (glob and not fnmatchcase(entry["url"] or "", glob)):
                    continue
                if plain:
                    click.echo(printable(_row(entry)))
                else:
                    write_json(entry)
    return EXIT_SOME_FAILED if damaged else EXIT_OK


def _row(entry: dict[str, Any]) -> str:
    if entry["damage"] is not None:
        return f"{entry['offset']:>12}  damaged: {entry['damage']}"
    return (
        f"{entry['offset']:>12} {entry['length']:>9}  {entry['type'] or '-':<8}  {(entry['date'] or '-')[:19]:<19}  "
        f"{entry['status'] or '-':>3}  {entry['mime'] or '-':<16}  {entry['url'] or '-'}"
    )


@click.command("cat")
@click.argument("places", metavar="FILE@OFFSET...|FILE|FOLDER", nargs=-1, required=True)
@click.option("--url", help="The newest capture of this URL in the files or the archive given.")
@click.option(
    "--part",
    type=click.Choice(PARTS),
    default="body",
    help="body: what was meant, codings off; entity: content coding on, as digests count it; http: the HTTP head; "
    "block: all that came; head: the WARC head; record: head and block. [default: body]",
)
def cat(places: tuple[str, ...], url: str | None, part: str) -> int:
    """Write what is in records: the body, or another part of them, as it is.

    A record is named by its file and offset, as ls lists it; or by a URL, with --url.

    \b
    newsclean warc cat crawl.warc.gz@20413 > page.html
    newsclean warc cat my-archive --url https://news.example/story --part http
    """
    if url is not None:
        with warc_inputs(tuple(map(Path, places))) as files:
            file, offset = _newest(files, url)
            _write(file.path, file.name, offset, part)
        return EXIT_OK
    found = [(text, place_of(text)) for text in places]
    for text, place in found:
        if place is None:
            raise UsageError(f"{text}: say which record, as {text}@OFFSET, or with --url")
    for _text, place in found:
        if place:
            _write(place[0], str(place[0]), place[1], part)
    return EXIT_OK


def _newest(files: list[Input], url: str) -> tuple[Input, int]:
    """Where the newest capture of a URL is: answers before other records, those with a body before revisits."""
    from newsclean.warc.listing import listed
    from newsclean.warc.surt import surt

    wanted = surt(url)
    ranks = {"response": 2, "resource": 2, "revisit": 1}
    found = [
        (ranks[entry["type"]], entry["date"] or "", file, entry["offset"])
        for file in files
        for entry in listed(file.path, file.name)
        if entry["type"] in ranks and entry["length"] and entry["url"] and surt(entry["url"]) == wanted
    ]
    if not found:
        raise RecordNotFoundError(f"{url}: no capture of it in {', '.join(file.name for file in files[:3])}")
    found.sort(key=lambda one: one[:2])
    _rank, date, file, offset = found[-1]
    if len(found) > 1:
        note(f"newsclean: {len(found)} captures; this is {file.name}@{offset}, of {date}")
    return file, offset


def _write(path: Path, name: str, offset: int, part: str) -> None:
    from newsclean.warc.listing import part_of, record_at

    with record_at(path, offset, name) as record:
        data = part_of(record, part, f"{name}@{offset}")
        if to_terminal():
            for text in _shown(data, record):
                click.echo(printable(text), nl=False)
            return
        for chunk in data:
            sys.stdout.buffer.write(chunk)
        sys.stdout.buffer.flush()


def _shown(data: Iterator[bytes], record: "Passing") -> Iterator[str]:
    """Text for a terminal; bytes that are none would steer it."""
    from codecs import getincrementaldecoder

    decoder = getincrementaldecoder("utf-8")("replace")
    first = True
    for chunk in data:
        if first and b"\0" in chunk[:1024]:
            raise InputError(f"the record at {record.offset} is no text; write it to a file with > FILE")
        first = False
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
