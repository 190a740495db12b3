"""archive_urls: a list of URLs over a cluster, each task with the sites of its partition and an archive of its own."""

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsclean.archive.archive import Archive
from newsclean.archive.disk import disk_error
from newsclean.archive.lock import Lock
from newsclean.errors import ArchiveError, NewscleanError, NoArchiveError, SettingsError, UsageError
from newsclean.integrations.claims import Claim
from newsclean.integrations.partitions import name_of, part_of
from newsclean.integrations.spark_errors import executors_told
from newsclean.model import Outcome
from newsclean.settings import Settings
from newsclean.urls import shown

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext
    from pyspark.sql import DataFrame, SparkSession

LAYOUT = "partitions.json"
"""File in the folder of the archives: how many partitions there are, which must stay the same for it."""
_LAYOUT_VERSION = 1

OUTCOMES = (
    "part int, url string, outcome string, status int, message string,"
    " record struct<file: string, offset: bigint, length: bigint, record_id: string>,"
    " article_id bigint, revisit boolean"
)
"""Schema of the outcomes: ``part`` is the number of the archive, the rest that of :class:`newsclean.Outcome`;
``record.file`` begins with the archive's folder: ``part-00007/warc/….warc.gz``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What each task is told."""

    out: Path
    settings: Settings
    retry_failed: bool
    call: str
    """A name that no other call has."""


def archive_urls(
    spark: "SparkSession",
    urls: "Iterable[str] | DataFrame",
    out: str | Path,
    *,
    settings: Settings | None = None,
    parts: int | None = None,
    retry_failed: bool = False,
) -> "DataFrame":
    """Fetch, store and extract a list of URLs with all executors of a cluster; returns how each one ended.

    ``urls``: strings, or a DataFrame whose first column they are. ``out``: a folder that the driver and all executors
    see under the same path, new or of an earlier call; each partition becomes an archive ``out/part-00007/``. All URLs
    of one site are in one partition, so that one task keeps the site's delays. ``parts``: the number of partitions, by
    default the number of cores; a folder keeps the number that it was begun with. ``retry_failed``: URLs of earlier
    calls that failed in a way that may pass are fetched again. In each task, ``settings.connections`` exchanges are
    under way at once, and ``settings.workers`` processes extract: 0 means ``spark.task.cpus``.

    The call ends when all is fetched. A second one goes on where a first stopped, and does not fetch again what ended;
    so does Spark's next attempt of a task whose executor was lost. The DataFrame is read from the archives, those of
    URLs of earlier calls included; its schema is :data:`OUTCOMES`.

    Raises UsageError where ``out`` is no path on a file system, SettingsError where ``spark.speculation`` is on or the
    number of partitions is another one than before, ArchiveBusyError while another call works on ``out``, ArchiveError
    where partitions failed: the others are done.
    """
    context = _context(spark)
    _refuse_speculation(context)
    folder = _folder(out)
    chosen = settings or Settings()
    chosen = chosen.with_values(workers=chosen.workers or int(_conf(context, "spark.task.cpus", "1")), origins={})
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = Lock(folder)
            lock.take()
        except (FileExistsError, NotADirectoryError):
            raise NoArchiveError(f"{folder}: not a folder; name a new folder for the archives") from None
        except OSError as problem:
            raise disk_error(problem, folder) from problem
        stack.callback(lock.drop)
        count = _count(folder, parts, context.defaultParallelism)
        placed = _strings(context, urls).map(partial(_placed, count)).partitionBy(count, _itself)
        work = Work(out=folder, settings=chosen, retry_failed=retry_failed, call=uuid.uuid4().hex[:12])
        with executors_told():
            errors = placed.mapPartitionsWithIndex(partial(_archive, work)).collect()
    if errors:
        part, _code, message = errors[0]
        more = f", and {len(errors) - 1} more partitions" if len(errors) > 1 else ""
        raise ArchiveError(f"{name_of(part)}: {message}{more}; the others are done, the same call goes on with these")
    return outcomes(spark, folder)


def outcomes(spark: "SparkSession", out: str | Path) -> "DataFrame":
    """How the URLs of earlier calls ended, read from the archives when the DataFrame is. Raises NoArchiveError."""
    folder = _folder(out)
    count = _known_count(folder)
    if count is None:
        raise NoArchiveError(f"{folder}: no archives of archive_urls: there is no {LAYOUT}")
    rows = _context(spark).parallelize(range(count), count).mapPartitions(partial(_read, folder))
    return spark.createDataFrame(rows, OUTCOMES)


# On the driver


def _context(spark: "SparkSession") -> "SparkContext":
    """The context. Raises UsageError for Spark Connect, which has none."""
    try:
        return spark.sparkContext
    except (AttributeError, NotImplementedError):
        raise UsageError(
            "archive_urls needs a classic Spark session: run it with spark-submit, not over Connect"
        ) from None


def _refuse_speculation(context: "SparkContext") -> None:
    if _conf(context, "spark.speculation", "false").lower() == "true":
        raise SettingsError(
            "spark.speculation is on: a host would be asked by two tasks at once; set --conf spark.speculation=false"
        )


def _conf(context: "SparkContext", name: str, default: str) -> str:
    return str(context.getConf().get(name, default))


def _folder(out: str | Path) -> Path:
    text = str(out)
    if text.startswith("file:"):
        text = "/" + text.removeprefix("file:").lstrip("/")
    if "://" in text:
        raise UsageError(f"{text}: archives need a file system that is mounted on all machines; name a path")
    return Path(text).absolute()


def _count(folder: Path, wanted: int | None, default: int) -> int:
    """The number of partitions, which is written down for the next call."""
    if wanted is not None and wanted < 1:
        raise SettingsError(f"parts must be above 0, not {wanted}")
    known = _known_count(folder)
    if known is not None:
        if wanted not in (None, known):
            raise SettingsError(
                f"{folder}: begun with {known} partitions, not {wanted}: hosts would change their archives; "
                f"leave the number out, or name a new folder"
            )
        return known
    if any(entry.name != "lock" for entry in folder.iterdir()):
        raise NoArchiveError(f"{folder}: not empty, and without {LAYOUT}; name a new folder")
    count = wanted or max(1, default)
    new = folder / f"{LAYOUT}.new"
    new.write_text(json.dumps({"schema_version": _LAYOUT_VERSION, "partitions": count}) + "\n", encoding="utf-8")
    new.replace(folder / LAYOUT)
    return count


def _known_count(folder: Path) -> int | None:
    try:
        said = json.loads((folder / LAYOUT).read_bytes())
        return int(said["partitions"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise NoArchiveError(f"{folder / LAYOUT}: cannot be read: {problem}; name a new folder") from None


def _strings(context: "SparkContext", urls: "Iterable[str] | DataFrame") -> "RDD[str]":
    from pyspark.sql import DataFrame

    if isinstance(urls, str):
        raise UsageError(f"archive_urls takes a list of URLs, not one string: [{shown(urls)}]")
    if isinstance(urls, DataFrame):
        name, kind = urls.dtypes[0] if urls.dtypes else ("", "nothing")
        if kind != "string":
            raise UsageError(f"the first column of the URLs must be of strings; {name!r} is of {kind}")
        return urls.rdd.map(_first).filter(bool)
    return context.parallelize(list(urls)).filter(bool)


# In the tasks


def _first(row: Any) -> Any:
    return row[0]


def _itself(part: int) -> int:
    return part


def _placed(parts: int, url: str) -> tuple[int, str]:
    return part_of(url, parts), url


def _archive(work: Work, part: int, rows: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Bring the URLs of one partition to their ends. What the archive refuses is no reason for Spark to try again: it
    is returned (part, code, message), and the other partitions go on."""
    urls = [url for _part, url in rows]
    if not urls:
        return
    from pyspark import TaskContext

    context = TaskContext.get()
    number = f"{context.stageId()}.{context.attemptNumber()}.{context.taskAttemptId()}" if context else "local"
    folder = work.out / name_of(part)
    try:
        run_partition(folder, urls, work.settings, attempt=f"{work.call}.{number}", retry_failed=work.retry_failed)
    except NewscleanError as problem:
        yield part, problem.code, str(problem)


def run_partition(
    folder: Path, urls: Iterable[str], settings: Settings, *, attempt: str, retry_failed: bool = False
) -> None:
    """Fetch, store and extract the URLs of one partition, under a claim for the attempt. Raises ArchiveError's kinds:
    ArchiveBusyError where another attempt has taken the partition meanwhile."""
    try:
        with Claim(folder, attempt) as claim:
            with Archive.create_or_open(folder, settings) as archive:
                summary = archive.run(urls, retry_failed=retry_failed, stop=claim)
            if summary.interrupted or claim.is_set():
                raise claim.lost()
    except OSError as problem:
        raise disk_error(problem, folder) from problem


def _read(out: Path, parts: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    for part in parts:
        if (out / name_of(part)).is_dir():
            with Archive.open(out / name_of(part)) as archive:
                for outcome in archive.outcomes():
                    yield _row(part, outcome)


def _row(part: int, outcome: Outcome) -> tuple[Any, ...]:
    record = outcome.record and (
        f"{name_of(part)}/warc/{outcome.record.file}",
        outcome.record.offset,
        outcome.record.length,
        outcome.record.record_id,
    )
    return (
        part,
        outcome.url,
        outcome.outcome,
        outcome.status,
        outcome.message,
        record,
        outcome.article_id,
        outcome.revisit,
    )
