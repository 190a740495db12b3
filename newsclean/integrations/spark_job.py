"""The job for spark-submit: WARC files to rows, or a list of URLs to archives; see docs/spark.md.

::

    spark-submit [SPARK OPTIONS] spark_job.py extract WARC… -o OUT [--format parquet|json]
    spark-submit [SPARK OPTIONS] spark_job.py archive -i LIST -o OUT [--parts N] [--retry-failed]

Stdout gets one JSON object: ``schema_version``, ``out``, ``outcomes`` (how many ended how). It is the last line:
spark-submit also puts there what Python writes to stderr. Exit status as that of the command ``newsclean``: 0 all is
good, 1 some files are no WARC files, or some URLs no articles, 2 wrong usage, 3 nothing succeeded.
"""

import argparse
import os
import sys
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if __name__ == "__main__":
    # spark-submit puts this file's folder first, where scrapy.py would stand before the package of that name.
    sys.path[:] = [place for place in sys.path if Path(place or ".").resolve() != Path(__file__).parent.resolve()]

from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_OK, EXIT_SOME_FAILED, NewscleanError, NotWarcError, UsageError
from newsclean.integrations.spark_errors import executors_told
from newsclean.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCHEMA_VERSION = 1
"""Of the object on stdout."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the job; returns the exit status. ``words``: the arguments, by default those of the process."""
    options = _parser().parse_args(words)
    try:
        session = _session(options.action)
        try:
            with executors_told():
                counts = (_extract if options.action == "extract" else _archive)(session, options)
        finally:
            session.stop()
    except NewscleanError as problem:
        print(f"newsclean: error: {problem}", file=sys.stderr)
        return problem.exit_code
    from newsclean.store.records import json_line

    said = {"schema_version": SCHEMA_VERSION, "out": options.out, "outcomes": dict(counts.most_common())}
    sys.stdout.write(json_line(said).decode())
    sys.stdout.flush()
    # As the commands have it: an input is a file for extract, a URL for archive.
    failed = counts[NotWarcError.code] if options.action == "extract" else counts.total() - counts["article"]
    if not failed and (counts or options.action == "extract"):
        return EXIT_OK
    return EXIT_SOME_FAILED if failed < counts.total() else EXIT_NOTHING_SUCCEEDED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="spark_job.py", description="Run newsclean on a Spark cluster.")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("-o", "--out", required=True, help="folder that is written")
    shared.add_argument("--settings", type=Path, metavar="FILE", help="a newsclean.toml that the driver can read")
    shared.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="one setting; repeat for more")
    extract = actions.add_parser("extract", parents=[shared], help="extract WARC files, one task a file")
    extract.add_argument("paths", nargs="*", metavar="WARC", help="path, folder, glob or address that all can read")
    extract.add_argument(
        "-m", "--manifest", action="append", default=[], help="file with one path a line; - is stdin; repeat for more"
    )
    extract.add_argument("--format", choices=("parquet", "json"), default="parquet", help="what Spark writes")
    extract.add_argument("--overwrite", action="store_true", help="replace what is in the folder")
    archive = actions.add_parser("archive", parents=[shared], help="fetch, store and clean URLs, each site in one task")
    archive.add_argument("-i", "--input", required=True, metavar="LIST", help="one URL a line, or CSV; - is stdin")
    archive.add_argument("--parts", type=int, metavar="N", help="archives to make; default: the number of cores")
    archive.add_argument("--retry-failed", action="store_true", help="fetch again what failed in a way that may pass")
    return parser


def _session(action: str) -> "SparkSession":
    # spark-submit sends what Python writes to stderr to stdout
    warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise UsageError("pyspark is not installed: pip install 'newsclean[spark]'") from None
    return SparkSession.builder.appName(f"newsclean {action}").getOrCreate()


def _settings(options: argparse.Namespace) -> Settings:
    """Defaults < file < environment of the driver < ``--set``."""
    flags: dict[str, Any] = {}
    for given in options.set:
        name, sign, value = given.partition("=")
        if not sign:
            raise UsageError(f"--set {given}: it must be NAME=VALUE")
        flags[name.strip()] = value.strip()
    return Settings.load(options.settings, os.environ, flags)


def _archive(session: "SparkSession", options: argparse.Namespace) -> Counter[str]:
    from newsclean.fetch.sources import read_list
    from newsclean.integrations.spark import archive_urls

    settings = _settings(options)
    urls = [entry.text for entry in read_list(options.input)]
    frame = archive_urls(
        session, urls, options.out, settings=settings, parts=options.parts, retry_failed=options.retry_failed
    )
    return _counted(frame)


def _extract(session: "SparkSession", options: argparse.Namespace) -> Counter[str]:
    from newsclean.bulk.places import sources
    from newsclean.integrations.spark import extract_warcs

    paths = sources(options.paths, options.manifest)
    # Spark's own default, INT96, has no zone: other readers would take the time of capture for a local one.
    session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
    frame = extract_warcs(session, paths, settings=_settings(options))
    mode = "overwrite" if options.overwrite else "errorifexists"
    frame.write.mode(mode).format(options.format).save(options.out)
    return _counted(session.read.format(options.format).load(options.out))


def _counted(frame: "DataFrame") -> Counter[str]:
    return Counter({row["outcome"]: row["count"] for row in frame.groupBy("outcome").count().collect()})


if __name__ == "__main__":
    sys.exit(main())
