"""The job over many WARC files."""

import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from newsclean.bulk import job
from newsclean.bulk.outputs import file_name
from newsclean.bulk.places import sources
from newsclean.bulk.rows import record_of, rows_of_warc
from newsclean.bulk.wanted import ALL, Wanted
from newsclean.bulk.workers import Event, Task, Workers
from newsclean.errors import UsageError
from newsclean.model import Capture
from newsclean.settings import Settings
from newsclean.warc import Damaged
from tests.bulk.conftest import Make, stories, story


def run(paths: list[Path], out: Path, **plan: Any) -> job.Report:
    options = {name: plan.pop(name) for name in ("workers", "shard", "settings") if name in plan}
    return job.run(
        [str(path) for path in paths],
        job.Plan(out=out, **plan),
        options.get("settings") or Settings(),
        workers=options.get("workers", 2),
        shard=options.get("shard", (1, 1)),
    )


def rows(out: Path) -> list[dict[str, Any]]:
    return [row for file in sorted(out.rglob("*.parquet")) for row in pq.ParquetFile(file).read().to_pylist()]


def test_one_output_and_one_marker_an_input(warc: Make, tmp_path: Path) -> None:
    files = [warc("a.warc.gz", stories(3)), warc("sub/a.warc.gz", stories(2)), warc("b.warc", stories(4), gzip=False)]
    report = run(files, tmp_path / "out")
    assert (report.inputs, report.rows, report.outcomes, report.failed) == (3, 9, {"article": 9}, {})
    made = sorted(tmp_path.glob("out/*.parquet"))
    assert len(made) == 3
    markers = [json.loads(file.read_text()) for file in sorted((tmp_path / "out" / "_done").iterdir())]
    assert sorted(marker["rows"] for marker in markers) == [2, 3, 4]
    assert sorted(name for marker in markers for name in marker["files"]) == [file.name for file in made]
    assert {row["headline"] for row in rows(tmp_path / "out")} == {f"Quay {number} stays open" for number in range(4)}


def test_rows_are_those_of_the_single_call_and_of_json_lines(warc: Make, tmp_path: Path) -> None:
    file = warc("a.warc.gz", [*stories(5), ("https://news.example/gone", "<h1>Not found</h1>")])
    with file.open("ab") as stream:
        stream.write(b"\x1f\x8btorn")
    run([file], tmp_path / "p")
    run([file], tmp_path / "j", form="jsonl")
    direct = list(rows_of_warc(str(file)))
    assert len(direct) == 7
    assert rows(tmp_path / "p") == direct
    (lines,) = (tmp_path / "j").glob("*.jsonl")
    from newsclean.bulk.schema import filled

    assert [filled(json.loads(line)) for line in lines.read_text().splitlines()] == direct
    assert [row["outcome"].partition(":")[0] for row in direct] == ["article"] * 5 + ["not-article", "warc-damaged"]


def test_a_second_run_passes_over_what_is_done_and_redoes_what_changed(warc: Make, tmp_path: Path) -> None:
    one, other = warc("a.warc.gz", stories(2)), warc("b.warc.gz", stories(2))
    run([one, other], tmp_path / "out")
    before = {file: file.stat().st_mtime_ns for file in (tmp_path / "out").glob("*.parquet")}
    assert run([one, other], tmp_path / "out").passed_over == 2
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "out").glob("*.parquet")} == before
    warc("b.warc.gz", stories(3))
    report = run([one, other], tmp_path / "out")
    assert (report.passed_over, report.inputs, report.rows) == (1, 1, 3)
    (tmp_path / "out" / next(file.name for file in before)).unlink()
    assert run([one, other], tmp_path / "out").inputs == 1


def test_shards_share_the_inputs_and_a_changed_count_does_no_harm(warc: Make, tmp_path: Path) -> None:
    files = [warc(f"{name}.warc.gz", stories(1, f"{name}.example")) for name in "abcdefg"]
    assert [run(files, tmp_path / "out", shard=(i, 3), workers=1).inputs for i in (1, 2)] == [3, 2]
    assert [run(files, tmp_path / "out", shard=(i, 2), workers=1).inputs for i in (1, 2)] == [1, 1]
    assert sorted(row["url"] for row in rows(tmp_path / "out")) == [
        f"https://{n}.example/2026/quay-0" for n in "abcdefg"
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"form": "jsonl"},
        {"wanted": Wanted(languages=("de",))},
        {"partition": "month"},
        {"settings": Settings(focus="precision")},
    ],
)
def test_rows_made_otherwise_are_not_mixed(warc: Make, tmp_path: Path, other: dict[str, Any]) -> None:
    file = warc("a.warc.gz", stories(1))
    run([file], tmp_path / "out")
    with pytest.raises(UsageError, match="made otherwise"):
        run([file], tmp_path / "out", **other)


def test_a_folder_of_another_schema_is_refused(warc: Make, tmp_path: Path) -> None:
    file = warc("a.warc.gz", stories(1))
    run([file], tmp_path / "out")
    known = json.loads((tmp_path / "out" / "_job.json").read_text())
    (tmp_path / "out" / "_job.json").write_text(json.dumps(known | {"schema_version": 0}))
    with pytest.raises(UsageError, match="schema_version: 0, now 1"):
        run([file], tmp_path / "out")
    (tmp_path / "out" / "_job.json").write_text("[")
    with pytest.raises(UsageError, match="cannot be used"):
        run([file], tmp_path / "out")


@pytest.mark.parametrize("gzip", [True, False])
def test_a_file_in_parts_gives_the_same_rows_in_the_same_order(warc: Make, tmp_path: Path, gzip: bool) -> None:
    file = warc("a.warc.gz" if gzip else "a.warc", stories(40), gzip=gzip)
    run([file], tmp_path / "whole", split=0)
    for split in (1, 700, 20_000):
        run([file], tmp_path / str(split), split=split)
        assert rows(tmp_path / str(split)) == rows(tmp_path / "whole")


def test_a_file_that_is_cut_in_the_middle_of_a_part(warc: Make, tmp_path: Path) -> None:
    file = warc("a.warc.gz", stories(40))
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2] + data[len(data) // 2 + 300 :])
    run([file], tmp_path / "whole", split=0)
    report = run([file], tmp_path / "parts", split=2_000)
    assert rows(tmp_path / "parts") == rows(tmp_path / "whole")
    assert report.outcomes["article"] >= 37
    assert report.outcomes["warc-damaged"] >= 1


def test_partitions(warc: Make, tmp_path: Path) -> None:
    pages = [*stories(4), *stories(2, "other.example:8080")]
    file = warc("a.warc.gz", pages)
    run([file], tmp_path / "m", partition="month")
    assert {file.parent.name for file in (tmp_path / "m").rglob("*.parquet")} == {f"month=2026-0{n}" for n in (1, 2, 3)}
    run([file], tmp_path / "h", partition="host")
    assert {file.parent.name for file in (tmp_path / "h").rglob("*.parquet")} == {
        "host=news.example",
        "host=other.example%3A8080",
    }
    assert pq.read_table(tmp_path / "m").num_rows == len(rows(tmp_path / "h")) == 6
    assert run([file], tmp_path / "h", partition="host").passed_over == 1


def test_more_hosts_than_files_that_may_be_open(warc: Make, tmp_path: Path) -> None:
    pages = [page for _ in range(2) for number in range(70) for page in stories(1, f"h{number}.example")]
    run([warc("a.warc.gz", pages)], tmp_path / "out", partition="host", form="jsonl")
    assert len(list((tmp_path / "out").glob("host=*"))) == 70
    assert sum(len(file.read_text().splitlines()) for file in (tmp_path / "out").rglob("*.jsonl")) == 140


def test_an_input_without_pages_has_an_output_without_rows(warc: Make, tmp_path: Path) -> None:
    run([warc("a.warc.gz", [])], tmp_path / "out")
    (file,) = (tmp_path / "out").glob("*.parquet")
    assert pq.read_table(file).num_rows == 0
    assert pq.read_schema(file).metadata[b"newsclean.schema_version"] == b"1"


def test_inputs_that_cannot_be_read_are_told_and_leave_nothing(warc: Make, tmp_path: Path) -> None:
    (tmp_path / "b.warc.gz").write_bytes(b"no WARC file, whatever it is called")
    files = [warc("a.warc.gz", stories(1)), tmp_path / "b.warc.gz", tmp_path / "none.warc.gz"]
    told: list[str] = []
    report = job.run(
        [str(file) for file in files],
        job.Plan(out=tmp_path / "out"),
        Settings(),
        workers=1,
        on_failure=lambda _source, reason: told.append(reason),
    )
    assert report.inputs == 1
    assert set(report.failed) == set(map(str, files[1:]))
    assert any("no such file" in line for line in told)
    assert any("no WARC file" in line for line in told)
    assert len(list((tmp_path / "out").glob("*.parquet"))) == len(list((tmp_path / "out" / "_done").iterdir())) == 1
    assert not list((tmp_path / "out").glob("**/*.tmp"))


def test_a_job_that_is_killed_goes_on(warc: Make, tmp_path: Path) -> None:
    import subprocess
    import sys

    files = [warc(f"{number}.warc.gz", stories(40, f"h{number}.example")) for number in range(4)]
    command = [sys.executable, "-m", "newsclean", "extract", "-o", f"{tmp_path}/out/", "-j", "1", *map(str, files)]
    job_process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    done = tmp_path / "out" / "_done"
    while not (done.exists() and list(done.iterdir())) and job_process.poll() is None:
        time.sleep(0.02)
    job_process.send_signal(signal.SIGKILL)
    job_process.wait()
    finished = len(list(done.glob("[!.]*")))
    assert 1 <= finished <= 4
    (tmp_path / "out" / f".{file_name(str(files[0]), job._digest(str(files[0])))}.parquet.1.tmp").write_bytes(b"left")
    # as if it had been killed at its last file
    (done / next(iter(done.glob("0.warc.gz-*"))).name).unlink()
    finished -= 1
    assert run(files, tmp_path / "out").passed_over == finished
    assert not list((tmp_path / "out").glob(".*.tmp"))
    assert sorted(row["url"] for row in rows(tmp_path / "out")) == sorted(
        url for number in range(4) for url, _ in stories(40, f"h{number}.example")
    )


# What ends the process of a page, and what hangs it: by the page's URL.
def evil(found: Capture | Damaged, settings: Settings, wanted: Wanted, source: str) -> dict[str, Any] | None:
    url = found.final_url if isinstance(found, Capture) else ""
    if url.endswith("/kills"):
        os.kill(os.getpid(), signal.SIGKILL)
    if url.endswith("/hangs"):
        time.sleep(600)
    return record_of(found, settings, wanted, source)


def events(workers: Workers, task: Task) -> Iterator[Event]:
    workers.add(task)
    while True:
        for event in workers.events():
            yield event
            if event.kind != "rows":
                return


def test_a_page_that_kills_or_hangs_its_process_is_one_outcome(warc: Make) -> None:
    pages: list[tuple[str, str]] = stories(50)
    pages.insert(3, ("https://news.example/kills", story(90)))
    pages.insert(20, ("https://news.example/hangs", story(91)))
    pages.insert(40, ("https://news.example/2/kills", story(92)))
    pages.append(("https://news.example/3/kills", story(93)))
    path = str(warc("a.warc.gz", pages))
    with Workers(1, Settings(max_page_seconds=2.0), ALL, extract=evil) as workers:
        found = list(events(workers, Task(key=0, path=path, source="a.warc.gz")))
    assert found[-1].kind == "done"
    records = [json.loads(row) for event in found for row in event.rows]
    assert [record["url"] for record in records] == [url for url, _ in pages]
    ends = {record["url"]: record["outcome"] for record in records if record["outcome"] != "article"}
    assert ends == {
        "https://news.example/kills": "extraction-crashed",
        "https://news.example/hangs": "extraction-timeout",
        "https://news.example/2/kills": "extraction-crashed",
        "https://news.example/3/kills": "extraction-crashed",
    }
    messages = [record["message"] for record in records if record["outcome"] != "article"]
    assert "SIGKILL" in messages[0]
    assert "not done after 2 s" in messages[1]
    assert all("a.warc.gz@" in message for message in messages)


def test_processes_serve_several_tasks(warc: Make) -> None:
    first, second = str(warc("a.warc.gz", stories(3))), str(warc("b.warc.gz", stories(2)))
    with Workers(1, Settings(), ALL) as workers:
        for path, count in ((first, 3), (second, 2), (first, 3)):
            found = list(events(workers, Task(key=0, path=path, source=path)))
            assert sum(len(event.rows) for event in found) == count
        assert workers.free == 1


def test_memory_of_a_long_job_is_the_same_whatever_its_length(warc: Make, tmp_path: Path) -> None:
    """Rows are written in groups: what is held is bounded."""
    from newsclean.bulk import outputs

    file = warc("a.warc.gz", stories(30))
    whole = rows(run_folder(file, tmp_path / "one"))
    held, outputs._GROUP_ROWS = outputs._GROUP_ROWS, 7
    try:
        folder = run_folder(file, tmp_path / "two")
    finally:
        outputs._GROUP_ROWS = held
    (made,) = folder.glob("*.parquet")
    assert pq.ParquetFile(made).num_row_groups == 5
    assert rows(folder) == whole


def run_folder(file: Path, out: Path) -> Path:
    run([file], out)
    return out


def test_sources_are_sorted_and_each_one_once(warc: Make, tmp_path: Path) -> None:
    one, other = warc("a.warc.gz", []), warc("b.warc.gz", [])
    (tmp_path / "list.txt").write_text(f"# all of them\n{other}\n\n  {one}  \n")
    shutil.copy(one, tmp_path / "notes.txt")
    assert sources([str(tmp_path / "*.warc.gz"), str(one), str(tmp_path)], [str(tmp_path / "list.txt")]) == [
        str(one),
        str(other),
    ]
