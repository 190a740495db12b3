"""What other people's WARC files and lists may hold, and what must not come of it."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsclean.bulk import job
from newsclean.bulk.places import shown, sources
from newsclean.bulk.rows import rows_of_warc
from newsclean.errors import InputError
from newsclean.extraction import extract_capture
from newsclean.model import Capture, Extraction
from newsclean.settings import Settings
from tests.bulk.conftest import Make, stories, story


def run(paths: list[str], out: Path, **plan: Any) -> job.Report:
    return job.run(paths, job.Plan(out=out, **plan), Settings(), workers=1)


def dated(path: Path, date: str) -> str:
    """A WARC file of one page with that WARC-Date."""
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
    with path.open("wb") as file, io.BytesIO(story(1).encode()) as body:
        writer = WARCWriter(file, gzip=True)
        record = writer.create_warc_record(
            "https://news.example/1", "response", payload=body, http_headers=head, warc_headers_dict={"WARC-Date": date}
        )
        writer.write_record(record)
        record.raw_stream.close()
    return str(path)


@pytest.mark.parametrize(
    "date", ["/../../", "../../x", "2026-99-01", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59-10"]
)
def test_a_date_that_is_none_leads_nowhere(tmp_path: Path, date: str) -> None:
    out = tmp_path / "deep" / "out"
    report = run([dated(tmp_path / "a.warc.gz", date)], out, partition="month")
    assert (report.rows, report.failed) == (1, {})
    (made,) = tmp_path.rglob("*.parquet")
    assert made.parent == out / "month=unknown"
    assert pq.ParquetFile(made).read().to_pylist()[0]["captured_at"] is None


def test_one_file_under_two_names_is_one_input(warc: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = warc("a.warc.gz", stories(2))
    monkeypatch.chdir(tmp_path)
    report = run(["a.warc.gz", "./a.warc.gz", str(file)], tmp_path / "out")
    assert (report.inputs, report.rows) == (1, 2)
    assert run([str(file)], tmp_path / "out").passed_over == 1


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_hosts_that_come_in_turn_are_a_file_each(warc: Make, tmp_path: Path, form: str) -> None:
    pages = [(f"https://h{number % 90}.example/{number}", story(number)) for number in range(180)]
    report = run([str(warc("a.warc.gz", pages))], tmp_path / "out", partition="host", form=form)
    files = list((tmp_path / "out").rglob(f"*.{form}"))
    assert (report.rows, len(files)) == (180, 90)
    if form == "jsonl":
        assert sum(len(file.read_text().splitlines()) for file in files) == 180


def test_partitions_that_a_changed_input_has_no_more_are_gone(warc: Make, tmp_path: Path) -> None:
    out = tmp_path / "out"
    both = warc("a.warc.gz", [*stories(1, "one.example"), *stories(1, "two.example")])
    run([str(both)], out, partition="host")
    warc("a.warc.gz", stories(1, "one.example"))
    run([str(both)], out, partition="host")
    assert [file.parent.name for file in out.rglob("*.parquet")] == ["host=one.example"]


def test_no_password_and_no_signature_is_told(tmp_path: Path) -> None:
    address = "ftp://me:s3kr1t@127.0.0.1:9/a.warc.gz"
    said: list[str] = []
    plan = job.Plan(out=tmp_path / "out")
    report = job.run([address], plan, Settings(), workers=1, on_failure=lambda *words: said.extend(words))
    assert said
    assert "s3kr1t" not in json.dumps([said, report.failed])
    assert shown("https://store.example/a.warc.gz?X-Amz-Signature=abc") == "https://store.example/a.warc.gz?…"
    assert shown("odd?name@here.warc") == "odd?name@here.warc"


def test_rows_of_a_job_and_of_the_single_call_name_the_same_settings(warc: Make, tmp_path: Path) -> None:
    file = warc("a.warc.gz", stories(1))
    run([str(file)], tmp_path / "out")
    (made,) = (tmp_path / "out").glob("*.parquet")
    rows = pq.ParquetFile(made).read().to_pylist()
    assert rows == list(rows_of_warc(str(file), settings=Settings())) == list(rows_of_warc(f"file://{file}"))
    assert rows[0]["versions"]["settings"] == Settings(site_memory=False).extraction_digest()


def test_a_manifest_with_broken_gzip(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(b"a.warc.gz\n" * 1000))
    data[12:16] = b"\xff\xff\xff\xff"
    (tmp_path / "list.gz").write_bytes(data)
    with pytest.raises(InputError, match=r"list\.gz: cannot be read"):
        sources([], [str(tmp_path / "list.gz")])


def test_a_page_whose_extraction_raises_is_one_row(warc: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(capture: Capture, settings: Settings) -> Extraction:
        if capture.url.endswith("quay-1"):
            raise OverflowError("date value out of range")
        return extract_capture(capture, settings)

    monkeypatch.setattr("newsclean.bulk.rows.extract_capture", torn)
    report = run([str(warc("a.warc.gz", stories(3)))], tmp_path / "out")
    assert (report.outcomes, report.failed) == ({"article": 2, "extraction-crashed": 1}, {})
    (made,) = (tmp_path / "out").glob("*.parquet")
    assert "OverflowError" in pq.ParquetFile(made).read().to_pylist()[1]["message"]
