"""newsclean on a Spark cluster of two workers: columns, WARC files, lists of URLs, and a worker that is killed."""

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from newsclean import Archive, Settings, extract
from newsclean.bulk.schema import FIELDS, filled
from newsclean.cli import main
from newsclean.demo.newsstand import Newsstand
from newsclean.errors import (
    ArchiveBusyError,
    InputError,
    NewscleanError,
    NoArchiveError,
    SettingsError,
    UsageError,
)
from newsclean.integrations import spark_job
from newsclean.integrations.claims import Claim
from newsclean.integrations.partitions import name_of, part_of
from newsclean.integrations.spark_archive import run_partition
from newsclean.warc import Damaged, read_inputs

pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

QUICK = Settings(host_delay=0.01, max_attempts=1)
PARTS = 2


def inputs(out: Path) -> Counter[str]:
    """How often each input ended, by the WARC files of all partitions."""
    found: Counter[str] = Counter()
    for file in out.glob("part-*/warc/*.warc.gz"):
        for item in read_inputs(file):
            assert not isinstance(item, Damaged), item
            found[item.url] += 1
    return found


def check(path: Path) -> None:
    result = CliRunner().invoke(main, ["warc", "check", str(path)])
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def archived(spark: Any, newsstand: Newsstand, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any]]:
    """All that the newsstand has, and a line that is no URL: the folder, and the outcomes. Tests must not change it."""
    from newsclean.integrations.spark import archive_urls

    out = tmp_path_factory.mktemp("cluster") / "out"
    frame = archive_urls(spark, [*newsstand.urls, "no url", newsstand.urls[0]], out, settings=QUICK, parts=PARTS)
    return out, frame.collect()


@pytest.fixture
def run_job(spark: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the job file in this process and session; status, what it said on stdout, and stderr."""
    monkeypatch.setattr(spark_job, "_session", lambda _action: spark)
    monkeypatch.setattr(type(spark), "stop", lambda _self: None)

    def run(*words: object) -> tuple[int, Any, str]:
        status = spark_job.main([str(word) for word in words])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return run


def test_columns_of_html(spark: Any, newsstand: Newsstand) -> None:
    from newsclean.integrations.spark import clean_html, extract_html

    pages = newsstand.pages[:2]
    rows: list[tuple[Any, Any]] = [(bytearray(page.html), page.url) for page in pages]
    rows += [(bytearray(b"<html><body><p>Too little."), None), (None, None)]
    frame = spark.createDataFrame(rows, "html binary, url string")
    columns = clean_html("html").alias("text"), extract_html("html", "url").alias("found")
    taken = frame.coalesce(1).select(*columns).collect()
    for page, row in zip(pages, taken, strict=False):
        article = extract(page.html, page.url).article
        assert row.text == extract(page.html).article.text
        assert row.found.headline == article.headline
        assert tuple(row.found.authors) == article.authors
        assert row.found.date_published == article.date_published
        assert tuple(row.found.body) == article.body
        assert row.found.outcome == "article"
    small, null = taken[2:]
    assert small.text is None
    assert small.found.outcome.startswith("not-article:")
    assert small.found.message
    assert null.text is None
    assert null.found.asDict() == dict.fromkeys(null.found.asDict())


def test_a_list_over_the_cluster(archived: tuple[Path, list[Any]], newsstand: Newsstand) -> None:
    out, rows = archived
    ended = {row.url: row for row in rows}
    assert ended.keys() == {*newsstand.urls, "no url"}
    assert len(rows) == len(ended)
    counts = Counter(row.outcome for row in rows)
    assert counts["bad-url"] == 1
    assert counts["http-404"] == 1
    assert counts["article"] >= 15
    for row in rows:
        assert row.part == part_of(row.url, PARTS)
        if row.outcome == "article":
            assert row.record.file.startswith(f"{name_of(row.part)}/warc/")
            with Archive.open(out / name_of(row.part)) as archive:
                assert archive.article(row.article_id).url == row.url
            assert (out / row.record.file).is_file()


def test_its_files_are_good_together(archived: tuple[Path, list[Any]], tmp_path: Path, newsstand: Newsstand) -> None:
    out, _rows = archived
    files = sorted(out.glob("part-*/warc/*"))
    together = tmp_path / "together.warc.gz"
    together.write_bytes(b"".join(file.read_bytes() for file in files))
    check(together)
    assert inputs(out) == Counter(newsstand.urls)
    fastwarc = pytest.importorskip("fastwarc.warc")
    with together.open("rb") as stream:
        infos = list(fastwarc.ArchiveIterator(stream, record_types=fastwarc.WarcRecordType.warcinfo))
    assert len(infos) == len(files)


def test_rows_of_warc_files(archived: tuple[Path, list[Any]], run_job: Any, tmp_path: Path) -> None:
    """The rows of Spark are those of the Parquet files and the JSON Lines of ``newsclean extract``."""
    import pyarrow.parquet

    out, _rows = archived
    no_warc = tmp_path / "letter.warc.gz"
    no_warc.write_bytes(b"Dear editor")
    files = sorted(map(str, out.glob("part-*/warc/*.warc.gz")))
    status, said, _err = run_job("extract", *files, no_warc, "-o", tmp_path / "rows", "--set", "focus=balanced")
    assert status == 1
    assert said["outcomes"]["not-warc"] == 1
    parts = list((tmp_path / "rows").glob("*.parquet"))
    assert len(parts) == len(files) + 1  # one task a file
    table = pyarrow.parquet.ParquetDataset(parts).read()
    assert table.schema.names == [field.name for field in FIELDS]
    got = in_order(row for row in table.to_pylist() if row["outcome"] != "not-warc")
    assert sum(row["outcome"] == "article" for row in got) == said["outcomes"]["article"]
    for form in ("parquet", "jsonl"):
        done = CliRunner().invoke(main, ["extract", *files, "-o", f"{tmp_path / form}/", "--format", form, "-j", "1"])
        assert done.exit_code == 0, done.stderr
    by_arrow = pyarrow.parquet.ParquetDataset(list((tmp_path / "parquet").glob("*.parquet"))).read().to_pylist()
    lines = [line for file in (tmp_path / "jsonl").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    assert got == in_order(by_arrow)
    assert got == in_order(filled(json.loads(line)) for line in lines)


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["record"]["file"], row["record"]["offset"]))


def test_a_second_call_fetches_only_what_is_new(
    spark: Any, archived: tuple[Path, list[Any]], newsstand: Newsstand
) -> None:
    from newsclean.integrations.spark import archive_urls

    out, before = archived
    extra = newsstand.urls[0].rsplit("/", 2)[0] + "/another"
    urls = spark.createDataFrame([(url,) for url in [*newsstand.urls, extra, None]], "url string")
    rows = archive_urls(spark, urls, out, settings=QUICK).collect()
    assert {row.url for row in rows} == {row.url for row in before} | {extra}
    assert inputs(out) == Counter([*newsstand.urls, extra])


def test_urls_of_another_type_are_refused(spark: Any, tmp_path: Path) -> None:
    from newsclean.integrations.spark import archive_urls

    with pytest.raises(UsageError, match="'number' is of bigint"):
        archive_urls(spark, spark.createDataFrame([(1,)], "number bigint"), tmp_path / "out")
    with pytest.raises(UsageError, match="not one string"):
        archive_urls(spark, "http://news.example/", tmp_path / "out")


def test_a_killed_worker_costs_nothing(spark: Any, newsstand: Newsstand, tmp_path: Path) -> None:
    from newsclean.integrations.spark import archive_urls

    out = tmp_path / "out"
    urls = [*newsstand.urls, *(f"http://harbour-herald.example/2025/03/{number}" for number in range(8))]
    part = part_of(urls[-1], 2)
    result: dict[str, Any] = {}

    def work() -> None:
        settings = Settings(host_delay=0.3, max_attempts=1)
        result["rows"] = archive_urls(spark, urls, out, settings=settings, parts=2).collect()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        holder = in_the_middle(out / name_of(part), thread)
        os.kill(executor_of(holder["pid"]), signal.SIGKILL)
    finally:
        thread.join()
    after = Claim(out / name_of(part), "nobody").holder()
    assert after is not None
    assert after["ended"]
    assert after["attempt"] != holder["attempt"]
    assert Counter(row.url for row in result["rows"]) == Counter(urls)
    assert {row.outcome for row in result["rows"] if "/2025/03/" in row.url[-12:]} == {"http-404"}
    assert inputs(out) == Counter(urls)
    check(out / name_of(part))


def in_the_middle(folder: Path, thread: threading.Thread) -> dict[str, Any]:
    """Wait until some inputs of a partition have ended; who works on it."""
    while thread.is_alive():
        # before there is a WARC file, the catalogue is in the making
        if any(file.stat().st_size > 2000 for file in folder.glob("warc/*.open")):
            with Archive.open(folder) as archive:
                if archive.stats().outcomes:
                    holder = Claim(folder, "nobody").holder()
                    assert holder is not None
                    return holder
        time.sleep(0.05)
    pytest.fail("the job ended before it could be disturbed")


def executor_of(pid: int) -> int:
    """The Java process above a Python worker."""
    for _ in range(5):
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        pid = int(words[1])
        if b"CoarseGrainedExecutorBackend" in Path(f"/proc/{pid}/cmdline").read_bytes():
            return pid
    pytest.fail("no executor above the worker")


def test_the_job_archives_a_list(run_job: Any, archived: tuple[Path, list[Any]], tmp_path: Path) -> None:
    out, rows = archived
    listed = tmp_path / "urls.txt"
    listed.write_text("\n".join(row.url for row in rows if row.url != "no url"), encoding="utf-8")
    status, said, _err = run_job("archive", "-i", listed, "-o", out, "--set", "host_delay=0.01")
    assert status == 1
    assert said["schema_version"] == 1
    assert said["outcomes"]["article"] == sum(row.outcome == "article" for row in rows)


def test_the_job_says_in_one_line_what_is_wrong(run_job: Any, tmp_path: Path) -> None:
    for words, told in (
        (("archive", "-i", tmp_path / "none.txt", "-o", tmp_path / "out"), "none.txt"),
        (("archive", "-i", "-", "-o", tmp_path / "out", "--set", "host_delay"), "NAME=VALUE"),
        (("archive", "-i", "-", "-o", tmp_path / "out", "--set", "host_dleay=1"), "did you mean 'host_delay'"),
        (("extract", "-o", tmp_path / "out"), "--manifest"),
        (("extract", "-m", tmp_path / "none.txt", "-o", tmp_path / "out"), "no such"),
        (("extract", tmp_path / "none.warc.gz", "-o", tmp_path / "out"), "none.warc.gz: no such file"),
    ):
        status, said, err = run_job(*words)
        assert status == 2
        assert said is None
        assert err.count("\n") == 1
        assert err.startswith("newsclean: error: ")
        assert told in err


# What is refused


def test_a_partition_that_fails_is_told_and_stops_no_other(tmp_path: Path) -> None:
    from newsclean.integrations.spark_archive import Work, _archive

    (tmp_path / "part-00001").mkdir()
    (tmp_path / "part-00001" / "letter.txt").write_text("x")
    work = Work(out=tmp_path, settings=QUICK, retry_failed=False, call="x")
    ((part, code, message),) = _archive(work, 1, [(1, "http://news.example/")])
    assert (part, code) == (1, "no-archive")
    assert "not empty" in message
    assert list(_archive(work, 0, [])) == []
    assert not (tmp_path / "part-00000").exists()


def test_an_attempt_gives_way_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claim is another's from the start: nothing is fetched."""
    monkeypatch.setattr(Claim, "_is_lost", lambda _self: True)
    with pytest.raises(ArchiveBusyError, match="gave way"):
        run_partition(tmp_path / "part-00000", ["http://news.example/"], QUICK, attempt="first")
    with Archive.open(tmp_path / "part-00000") as archive:
        assert archive.stats().waiting == 1


def session(**conf: str) -> Any:
    """A session as far as archive_urls asks for it before it begins."""
    values = {name.replace("_", "."): value for name, value in conf.items()}
    return SimpleNamespace(sparkContext=SimpleNamespace(defaultParallelism=2, getConf=lambda: values))


def archive(spark: Any, out: Any, **more: Any) -> None:
    from newsclean.integrations.spark import archive_urls

    archive_urls(spark, ["http://news.example/"], out, **more)


@pytest.mark.parametrize(
    ("said", "kind", "told"),
    [
        ("in a task: ModuleNotFoundError: No module named 'newsclean'", UsageError, "PYSPARK_PYTHON"),
        (
            "Traceback:\nnewsclean.errors.InputError: x.warc.gz: no such file\n\tat org.example",
            InputError,
            "no such file",
        ),
        ("newsclean.errors.HttpStatusError: the server answered 410", NewscleanError, "410"),
        ("java.lang.OutOfMemoryError", RuntimeError, "OutOfMemory"),
    ],
    ids=["no newsclean", "ours", "ours with more", "another's"],
)
def test_what_ends_a_task_is_told_in_one_line(said: str, kind: type[Exception], told: str) -> None:
    from newsclean.integrations.spark_errors import executors_told

    with pytest.raises(kind, match=told) as caught, executors_told():
        raise RuntimeError(said)
    assert "\n" not in str(caught.value)


def test_speculation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="set --conf spark"):
        archive(session(spark_speculation="true"), tmp_path)


def test_spark_connect_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="classic Spark session"):
        archive(SimpleNamespace(), tmp_path)


def test_object_storage_is_refused() -> None:
    with pytest.raises(UsageError, match="mounted on all machines"):
        archive(session(), "s3://bucket/out")


def test_another_number_of_partitions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "partitions.json").write_text('{"schema_version": 1, "partitions": 3}')
    with pytest.raises(SettingsError, match="begun with 3 partitions, not 4"):
        archive(session(), tmp_path, parts=4)


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(NoArchiveError, match="not empty"):
        archive(session(), tmp_path)


def test_a_second_driver_is_refused(tmp_path: Path) -> None:
    from newsclean.archive.lock import Lock

    lock = Lock(tmp_path)
    lock.take()
    with pytest.raises(ArchiveBusyError, match="is writing"):
        archive(session(), tmp_path)
    lock.drop()
