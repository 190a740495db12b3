"""``newsclean extract`` over many WARC files into a folder: options, progress, and what is said at the end."""

import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

import click

from newsclean.cli.output import note, printable
from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_OK, EXIT_SOME_FAILED, InputError, UsageError

if TYPE_CHECKING:
    from newsclean.bulk.job import Report
    from newsclean.settings import Settings

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
_PAUSE = 10.0
"""Seconds between two lines where stderr is no terminal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """The options that only a job into a folder has."""

    manifests: tuple[str, ...]
    shard: tuple[int, int]
    hosts: tuple[str, ...]
    languages: tuple[str, ...]
    since: str | None
    until: str | None
    statuses: tuple[int, ...]
    mimes: tuple[str, ...]
    partition: str | None
    split: int | None
    jobs: int | None
    """Processes; absent for as many as there are cores."""

    def asked(self) -> list[str]:
        """The options that were given and that need a folder."""
        given = {
            "--manifest": self.manifests,
            "--shard": self.shard != (1, 1),
            "--host": self.hosts,
            "--language": self.languages,
            "--since": self.since,
            "--until": self.until,
            "--status": self.statuses,
            "--mime": self.mimes,
            "--partition": self.partition,
            "--split": self.split is not None,
        }
        return [name for name, value in given.items() if value]


def bulk_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of :class:`Bulk`; passes ``bulk``."""
    names = [field.name for field in fields(Bulk)]

    @wraps(function)
    def command(*args: Any, **values: Any) -> Any:
        return function(*args, bulk=Bulk(**{name: values.pop(name) for name in names}), **values)

    options = (
        click.option(
            "--manifest",
            "manifests",
            multiple=True,
            metavar="FILE|-",
            help="Read inputs from FILE, one path or URL a line.",
        ),
        click.option("--shard", callback=_shard, metavar="I/N", help="Take only each Nth input, from the Ith on."),
        click.option(
            "-j",
            "--jobs",
            type=click.IntRange(1),
            metavar="N",
            help="Processes. [default: the cores that may be used]",
        ),
        click.option(
            "--split", callback=_size, metavar="SIZE", help="Share files above SIZE between processes; 0: none."
        ),
        click.option(
            "--partition", type=click.Choice(["month", "host"]), help="Write a file for each month of capture, or host."
        ),
        click.option(
            "--host", "hosts", multiple=True, metavar="NAME", help="Only pages of this host and those below it."
        ),
        click.option("--language", "languages", multiple=True, metavar="CODE", help="Only articles in this language."),
        click.option("--since", metavar="DATE", help="Only captures from this day or moment on."),
        click.option("--until", metavar="DATE", help="Only captures before this day or moment."),
        click.option(
            "--status", "statuses", multiple=True, type=int, metavar="CODE", help="Only this status. [default: 2xx]"
        ),
        click.option("--mime", "mimes", multiple=True, metavar="TYPE", help="Only this media type. [default: HTML]"),
    )
    decorated: Callable[..., Any] = command
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def run_bulk(paths: Sequence[str], out: Path, form: str, bulk: Bulk, settings: "Settings", *, quiet: bool) -> int:
    """Do the job; the exit status."""
    from newsclean.bulk import job
    from newsclean.bulk.places import sources
    from newsclean.bulk.wanted import Wanted
    from newsclean.settings import cores

    if form not in ("parquet", "jsonl"):
        raise UsageError(f"--format {form}: a folder takes parquet or jsonl")
    plan = job.Plan(
        out=out,
        form=cast("Literal['parquet', 'jsonl']", form),
        partition=cast("Literal['month', 'host'] | None", bulk.partition),
        wanted=Wanted(
            hosts=tuple(host.lower() for host in bulk.hosts),
            languages=tuple(language.lower() for language in bulk.languages),
            since=bulk.since,
            until=bulk.until,
            statuses=bulk.statuses,
            mimes=tuple(mime.lower() for mime in bulk.mimes),
        ),
        split=bulk.split,
    )
    found = sources(paths, bulk.manifests)
    said = _Said(len(found[bulk.shard[0] - 1 :: bulk.shard[1]]), quiet)
    report = job.run(
        found,
        plan,
        settings,
        workers=bulk.jobs or cores(),
        shard=bulk.shard,
        on_progress=said.progress,
        on_failure=lambda source, reason: note(f"newsclean: {reason if source in reason else f'{source}: {reason}'}"),
    )
    said.end(report, out)
    if report.failed:
        return EXIT_SOME_FAILED if report.inputs + report.passed_over else EXIT_NOTHING_SUCCEEDED
    return EXIT_OK


class _Said:
    """What is told while the job runs."""

    def __init__(self, inputs: int, quiet: bool) -> None:
        self._inputs = inputs
        self._quiet = quiet
        self._began = self._last = time.monotonic()

    def progress(self, report: "Report") -> None:
        """A line now and then."""
        now = time.monotonic()
        if self._quiet or now - self._last < (1.0 if sys.stderr.isatty() else _PAUSE):
            return
        self._last = now
        ended = report.inputs + report.passed_over + len(report.failed)
        line = f"newsclean: {ended:,} of {self._inputs:,} files, {report.rows:,} rows"
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{printable(line)}")
            sys.stderr.flush()
        else:
            note(line)

    def end(self, report: "Report", out: Path) -> None:
        """The last line."""
        if self._quiet:
            return
        if sys.stderr.isatty():
            sys.stderr.write("\r\x1b[K")
        articles = report.outcomes.get("article", 0)
        parts = [f"{report.inputs:,} files", f"{report.rows:,} rows", f"{articles:,} articles"]
        if report.passed_over:
            parts.append(f"{report.passed_over:,} files were done before")
        if report.failed:
            parts.append(f"{len(report.failed):,} files failed")
        seconds = time.monotonic() - self._began
        note(f"newsclean: {out}: {', '.join(parts)}; {seconds:,.0f} s")


def _shard(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, int]:
    if value is None:
        return (1, 1)
    found = re.fullmatch(r"(\d+)/(\d+)", value.strip())
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise click.BadParameter(f"no shard {value!r}; write 1/4 for the first of four", ctx, param)
    return int(found[1]), int(found[2])


def _size(ctx: click.Context, param: click.Parameter, value: str | None) -> int | None:
    if value is None:
        return None
    found = _SIZE.fullmatch(value.strip())
    if found is None:
        raise click.BadParameter(f"no size {value!r}; write 256M or 1G, or 0 to part no file", ctx, param)
    return int(float(found[1]) * _UNITS[found[2].lower()])


def is_folder(out: Path | None, given: str | None) -> bool:
    """Whether ``-o`` names a folder: one that is there, or a name that ends with a slash."""
    return out is not None and (out.is_dir() or (given or "").endswith(("/", "\\")))


def refuse_without_folder(bulk: Bulk) -> None:
    """Raises UsageError where an option needs a folder."""
    if asked := bulk.asked():
        raise UsageError(f"{asked[0]}: goes with -o FOLDER/ (a name that ends with a slash, or a folder that is there)")


def check_here(paths: Sequence[str]) -> None:
    """Raises InputError for addresses, which only a job into a folder reads."""
    for path in paths:
        if "://" in path and not path.startswith(("http://", "https://")):
            raise InputError(f"{path}: is read with -o FOLDER/ only")
