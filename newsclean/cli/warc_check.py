"""``warc check`` and ``warc repair``: what is wrong with WARC files, and a sound copy of the damaged ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsclean.cli.output import format_option, note, printable, to_terminal, write_json
from newsclean.cli.warc_inputs import Input, paths_argument, warc_inputs
from newsclean.errors import EXIT_OK, EXIT_SOME_FAILED, InputError, NewscleanError, UsageError

if TYPE_CHECKING:
    from newsclean.warc.check import Checker
    from newsclean.warc.findings import Finding


@click.command("check")
@paths_argument
@click.option("--errors", "only_errors", is_flag=True, help="Say nothing of warnings.")
@format_option("jsonl", "txt")
def check(paths: tuple[Path, ...], only_errors: bool, form: str | None) -> int:
    """Check WARC files by the standard, ISO 28500:2017.

    Looked at are the bytes of the files (torn tails, one gzip member a record), the fields of each record, its digests,
    and what refers to what in all files given. The status is 1 where an error was found, 0 where there were none or
    warnings only.

    \b
    newsclean warc check my-archive
    newsclean warc check *.warc.gz -f jsonl | jq -r .finding | sort | uniq -c
    """
    from newsclean.warc.check import Checker

    checker = Checker()
    counts = {"error": 0, "warning": 0}
    with warc_inputs(paths) as files:
        for finding in _findings(checker, files):
            counts[finding.severity] += 1
            if only_errors and finding.severity != "error":
                continue
            if form == "txt" or (form is None and to_terminal()):
                click.echo(printable(finding.line))
            else:
                write_json(_record(finding))
    note(
        f"newsclean: {len(files):,} files, {checker.records:,} records: "
        f"{counts['error']:,} errors, {counts['warning']:,} warnings"
    )
    return EXIT_SOME_FAILED if counts["error"] else EXIT_OK


def _findings(checker: "Checker", files: list[Input]) -> "Iterator[Finding]":
    for file in files:
        for finding in checker.check(file.path, file.name):
            if finding.slug == "not-warc" and len(files) == 1:
                raise InputError(f"{file.name}: {finding.detail}")
            yield finding
    yield from checker.rest()


def _record(finding: "Finding") -> dict[str, object]:
    return {
        "file": finding.file,
        "offset": finding.offset,
        "record_id": finding.record_id,
        "severity": finding.severity,
        "finding": finding.slug,
        "clause": finding.clause,
        "message": finding.message,
    }


@click.command("repair")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path),
    help="File to write, or a folder, where the copies get the names of the files.",
)
@click.option("--in-place", is_flag=True, help="Put the copy in the file's place; the file is kept as FILE.bak.")
def repair(paths: tuple[Path, ...], out: Path | None, in_place: bool) -> int:
    """Write a sound copy of damaged WARC files.

    All whole records are kept byte for byte, each in a gzip member of its own. Torn ends, rubbish and broken records
    are left out and named; the status is 1 then. A file that was not closed (.open) gets its name. What the records say
    is not changed: check has more than repair can mend.

    \b
    newsclean warc repair torn.warc.gz -o sound.warc.gz
    newsclean warc repair my-archive/warc/*.warc.gz --in-place
    """
    from newsclean.warc.names import OPEN
    from newsclean.warc.salvage import salvage

    if (out is None) != in_place:
        raise UsageError("say where the copy goes: -o OUT, or --in-place, which keeps FILE.bak")
    if out and len(paths) > 1 and not out.is_dir():
        raise UsageError(f"{out}: no folder; several files are repaired into one")
    for path in paths:
        if path.is_dir():
            raise InputError(f"{path}: is a folder; name the files, as in {path / '*.warc.gz'}")
    status = EXIT_OK
    for path in paths:
        target = out / path.name.removesuffix(OPEN) if out and out.is_dir() else out
        try:
            with _alone(path, in_place=in_place), warc_inputs((path,)):
                done = salvage(path, target)
        except NewscleanError as problem:
            if len(paths) == 1:
                raise
            note(f"newsclean: {problem}")
            status = EXIT_SOME_FAILED
            continue
        for damaged in done.skipped:
            note(f"newsclean: left out: {damaged.message}")
            status = EXIT_SOME_FAILED
        note(f"newsclean: {done.message}")
        if in_place and done.changed and (archive := _archive_of(path)):
            note(f"newsclean: {archive}: records have moved; run `newsclean reindex {archive}`")
    return status


def _archive_of(path: Path) -> Path | None:
    """The archive whose WARC file it is."""
    folder = path.absolute().parent
    return folder.parent if folder.name == "warc" and (folder.parent / "catalog.sqlite").exists() else None


@contextmanager
def _alone(path: Path, *, in_place: bool) -> Iterator[None]:
    """While nobody else writes to the archive that the file is in. Raises ArchiveBusyError."""
    archive = _archive_of(path) if in_place else None
    if not archive:
        yield
        return
    from newsclean.archive.lock import Lock

    lock = Lock(archive)
    lock.take()
    try:
        yield
    finally:
        lock.drop()
