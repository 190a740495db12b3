"""extract into a folder."""

import json
from pathlib import Path

import pytest

from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_SOME_FAILED, EXIT_USAGE
from tests.cli.conftest import Run, lines, one_error


@pytest.fixture
def crawl(archive: Path, tmp_path: Path) -> Path:
    (file,) = (archive / "warc").glob("*.warc.gz")
    (tmp_path / "crawl.warc.gz").write_bytes(file.read_bytes())
    return tmp_path / "crawl.warc.gz"


def test_a_folder_of_rows_equals_the_lines_of_extract(run: Run, crawl: Path, tmp_path: Path) -> None:
    result = run("extract", crawl, "-o", "out/", "-f", "jsonl", "-j", "1")
    assert result.stdout == ""
    assert "1 files" in result.stderr
    (made,) = (tmp_path / "out").glob("*.jsonl")
    alone = run("extract", crawl, "--no-site-memory", status=None).stdout
    assert [json.loads(line) for line in made.read_text().splitlines()] == lines(alone)
    assert "1 files were done before" in run("extract", crawl, "-o", "out", "-f", "jsonl", "-j", "1").stderr


def test_parquet_is_the_form_of_a_folder(run: Run, crawl: Path, tmp_path: Path) -> None:
    run("extract", "-q", crawl, "-o", "out/", "-j", "1", "--partition", "month")
    assert len(list((tmp_path / "out").glob("month=*/*.parquet"))) == 1


def test_a_manifest_and_a_shard(run: Run, crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "paths").write_text(f"{crawl}\n{tmp_path}/none.warc.gz\n")
    result = run("extract", "--manifest", "paths", "-o", "out/", "-j", "1", status=EXIT_SOME_FAILED)
    assert "none.warc.gz: no such file" in result.stderr
    run("extract", "--manifest", "paths", "-o", "out2/", "--shard", "1/2", "-j", "1")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["x.warc.gz", "-f", "parquet"], EXIT_USAGE, "goes with -o FOLDER/"),
        (["x.warc.gz", "--shard", "1/2"], EXIT_USAGE, "--shard: goes with -o FOLDER/"),
        (["x.warc.gz", "-o", "o/", "--shard", "3/2"], EXIT_USAGE, "no shard '3/2'"),
        (["x.warc.gz", "-o", "o/", "--split", "much"], EXIT_USAGE, "no size 'much'"),
        (["x.warc.gz", "-o", "o/", "--since", "May"], EXIT_USAGE, "no date 'May'"),
        (["x.warc.gz", "-o", "o/", "-f", "md"], EXIT_USAGE, "takes parquet or jsonl"),
        (["-o", "o/"], EXIT_USAGE, "no input"),
        (["--manifest", "none", "-o", "o/"], EXIT_USAGE, "no such manifest"),
        (["s3://b/x.warc.gz"], EXIT_USAGE, "is read with -o FOLDER/"),
        ([], EXIT_USAGE, "no input"),
    ],
)
def test_wrong_use_is_one_line(run: Run, arguments: list[str], status: int, words: str) -> None:
    one_error(run("extract", *arguments, status=status), words)


def test_nothing_could_be_read(run: Run) -> None:
    assert "no such file" in run("extract", "x.warc.gz", "-o", "o/", status=EXIT_NOTHING_SUCCEEDED).stderr


def test_a_folder_of_other_rows_is_refused(run: Run, crawl: Path) -> None:
    run("extract", "-q", crawl, "-o", "out/", "-j", "1")
    one_error(
        run("extract", crawl, "-o", "out/", "-f", "jsonl", status=EXIT_USAGE), "made otherwise", "name another folder"
    )


def test_several_processes_give_the_same_lines(run: Run, crawl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsclean.cli.extract._SMALL", 0)
    one = run("extract", crawl, "-j", "1", status=None)
    several = run("extract", crawl, "-j", "3", status=None)
    assert several.stdout == one.stdout
    assert several.stderr == one.stderr
    assert several.exit_code == one.exit_code
    loose = run("extract", crawl, "-j", "3", "--unordered", status=None)
    assert sorted(loose.stdout.splitlines()) == sorted(one.stdout.splitlines())


def test_an_archive_as_parquet(run: Run, archive: Path, tmp_path: Path) -> None:
    from pyarrow import parquet

    from newsclean.bulk.schema import filled

    run("export", archive, "-f", "parquet", "-o", "articles.parquet")
    rows = parquet.read_table(tmp_path / "articles.parquet").to_pylist()
    assert rows == [filled(record) for record in lines(run("export", archive).stdout)]
    one_error(run("export", archive, "-f", "parquet", status=EXIT_USAGE), "name one with -o")
    one_error(run("export", archive, "-f", "parquet", "-o", "none/a.parquet", status=EXIT_USAGE), "cannot be written")
    assert not list(tmp_path.glob(".*.tmp"))
