"""What scripts/bench writes: its page and picture, from figures that were made up."""

import gzip
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.warc import read_warc
from scripts import bench_peers, bench_report, bench_runs
from scripts.bench_parquet import Size
from scripts.bench_peers import TOOLS, Rate
from scripts.bench_report import Job, Measured
from scripts.bench_runs import Cost, Page
from scripts.bench_wget import Beside

SIZES = [
    Size(
        pages=number,
        bytes=number * 60_000,
        own=Cost(cpu=number * 0.01, peak=300 << 20),
        peer=Cost(cpu=number * 0.04, peak=150 << 20) if number < 10_000 else None,
        floor=Cost(cpu=number * 0.002, peak=50 << 20) if number < 10_000 else None,
    )
    for number in (1000, 10_000)
]
MEASURED = Measured(
    help_ms=61.2,
    bare_ms=20.4,
    rates=[
        Rate(tool=TOOLS[name], pages=200, milliseconds=spent, peak=100 << 20, found=198)
        for name, spent in (("lxml alone", 1.0), ("newsclean", 10.0), ("trafilatura", 40.0))
    ],
    beside=Beside(pages=2000, rate=900.0, wget=450.0, ratio=2.0, size=1.1),
    job=Job(pages=1000, cpu=40.0, main=80 << 20, peak=280 << 20),
    sizes=SIZES,
)


def test_the_page_has_all_figures() -> None:
    text = bench_report.page(MEASURED, "wget 1.0")
    assert "| trafilatura | text, metadata | 25 | 40.0 | 4.00 | 100 | 198 |" in text
    assert "| 1,000 | 100 | 10.0 | 300 | 25 | 150 | 4.00 | 2.0 |" in text
    assert "| 10,000 | 100 | 10.0 | 300 |  |  |  |  |" in text
    assert "| fetch and store: newsclean | 900 | 2.00 |  |" in text
    assert "61 ms of CPU" in text
    assert "wget 1.0" in text
    assert max(len(line) for line in text.splitlines() if not line.startswith("|")) <= 120


def test_what_was_left_out_is_not_on_the_page() -> None:
    text = bench_report.page(replace(MEASURED, rates=[], beside=None, job=None, sizes=[]), "")
    assert "## Start-up" in text
    assert "|" not in text


def test_the_picture_is_svg(tmp_path: Path) -> None:
    bench_report.write(MEASURED, tmp_path, "wget 1.0")
    assert (tmp_path / "benchmarks.md").exists()
    root = ET.parse(tmp_path / "benchmarks.svg").getroot()
    lines = root.findall("{http://www.w3.org/2000/svg}polyline")
    assert len(lines) == 6
    for line in lines:
        for place in line.attrib["points"].split():
            x, y = map(float, place.split(","))
            assert 0 <= x <= 740
            assert 0 <= y <= 270


def test_one_size_alone_can_be_drawn() -> None:
    ET.fromstring(bench_report.picture(SIZES[:1]))


def test_a_warc_file_of_more_pages_than_there_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "1.html.gz"
    page.write_bytes(gzip.compress(b"<p>A page."))
    monkeypatch.setattr(bench_runs, "pages", lambda: [Page(url="https://a.example/1", path=page)])
    captures = list(read_warc(bench_runs.write_warc(tmp_path / "made.warc.gz", 3)))
    assert [capture.final_url for capture in captures] == [
        "https://a.example/1",
        "https://copy1.a.example/1",
        "https://copy2.a.example/1",
    ]
    assert {capture.body for capture in captures} == {b"<p>A page."}


def test_tools_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench_peers, "find_spec", lambda name: None if name == "newspaper" else object())
    assert "newspaper4k" not in [tool.name for tool in bench_peers.installed()]
    assert "newspaper4k left out: `scripts/install --bench` installs them" in capsys.readouterr().err
