"""Hosts whose pages changed shape, on the command line."""

from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.cli.drift import Seen
from newsclean.model import Outcome, RecordRef
from tests.cli.conftest import Run, lines

_SENTENCE = "The harbour board of Pellworth voted on Tuesday to rebuild the northern quay, number {number} of them. "


def answer(number: int, paragraphs: int) -> bytes:
    """A WARC record with a page of the paper."""
    text = "".join(f"<p>{(_SENTENCE * 4).format(number=f'{number}.{place}')}</p>" for place in range(paragraphs))
    html = f"<html><body><article><h1>Quay {number} is rebuilt</h1>{text}</article></body></html>".encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(html)}\r\n\r\n"
    block = head.encode() + html
    fields = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://pellworth.example/{number}\r\n"
        f"WARC-Date: 2024-03-{number:02}T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-0000000000{number:02}>\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return fields.encode() + block + b"\r\n\r\n"


@pytest.fixture
def drifted(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    (folder / "warc").mkdir(parents=True)
    pages = [*(answer(number, 8) for number in range(1, 9)), *(answer(number, 2) for number in range(9, 17))]
    (folder / "warc" / "paper.warc").write_bytes(b"".join(pages))
    run("reindex", folder, "-q", "--no-site-memory")
    return folder


def test_stats_lists_hosts_whose_pages_changed_shape(run: Run, drifted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = lines(run("stats", drifted, "--drift").stdout)
    assert found["host"] == "pellworth.example"
    assert "body" in found["signs"]
    assert found["before"]["body"] > 3 * found["after"]["body"] > 0
    monkeypatch.setattr("newsclean.cli.stats.to_terminal", lambda: True)
    shown = run("stats", drifted, "--drift").stdout
    assert shown.startswith("pellworth.example since 2024-03-09: bodies of ")


def test_an_archive_of_one_shape_has_none(run: Run, archive: Path) -> None:
    assert run("stats", archive, "--drift").stdout == ""


def test_a_run_warns_of_its_hosts_alone(drifted: Path) -> None:
    record = RecordRef(file="paper.warc", offset=0, length=1, record_id="<urn:uuid:1>")
    seen, other = Seen(), Seen()
    seen.add(Outcome(url="https://pellworth.example/16", outcome="article", record=record))
    seen.add(Outcome(url="no url", outcome="bad-url"))
    other.add(Outcome(url="https://other.example/1", outcome="article", record=record))
    with Archive.open(drifted) as opened:
        (line,) = seen.warnings(opened)
        assert line.startswith("pages changed shape: pellworth.example since 2024-03-09: ")
        assert f"newsclean stats {drifted} --drift" in line
        assert other.warnings(opened) == []
