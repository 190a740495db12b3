"""Exchanges from outside, into an archive."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsclean import Archive, Settings
from newsclean.errors import ArchiveBusyError, ConnectError, HttpStatusError, NoArchiveError
from newsclean.exchange import Exchange
from newsclean.integrations.recorder import Followed, Recorder

URL = "http://news.example/story"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
BODY = b"<html><body><article><h1>Quay</h1>" + b"<p>The harbour board met on Tuesday to talk of the quay.</p>" * 20

CRASH = f"""
import os, sys
from newsclean.integrations.recorder import Recorder
from tests.integrations.test_recorder import fetch
recorder = Recorder(sys.argv[1])
for number in range(3):
    recorder.add(fetch(f"{URL}/{{number}}", body=b"<p>%d" % number))
os._exit(9)
"""


def fetch(url: str = URL, *, body: bytes = BODY, status: int = 200, **more: Any) -> Followed:
    answer = Exchange(
        url=url,
        request_bytes=b"GET / HTTP/1.1\r\n\r\n",
        response_bytes=HEAD + body,
        head_length=len(HEAD),
        status=status,
        headers=(("Content-Type", "text/html"),),
        started_at="2025-03-14T05:42:10.000000Z",
    )
    return Followed(url=url, exchanges=(answer,), **more)


def ends(folder: Path) -> dict[str, str]:
    with Archive.open(folder) as archive:
        return {outcome.url: outcome.outcome for outcome in archive.outcomes()}


def test_pages_wait_for_the_next_run(tmp_path: Path) -> None:
    with Recorder(tmp_path / "archive") as recorder:
        capture = recorder.add(fetch(hops=("http://news.example/old",)))
        assert capture is not None
        assert capture.body == BODY
        assert capture.redirects == ("http://news.example/old",)
        failed = Exchange(url=f"{URL}/x", started_at="2025-03-14T05:42:11.000000Z", error=ConnectError("no"))
        assert recorder.add(Followed(url=f"{URL}/x", exchanges=(failed,), error=failed.error)) is None
        gone = HttpStatusError("gone", 410)
        recorder.add(fetch(f"{URL}/y", status=410, error=gone))
        recorder.add(fetch("http://news.example/robots.txt", purpose="robots"))
    recorder.close()
    with Archive.open(tmp_path / "archive", Settings(workers=1)) as archive:
        assert archive.stats().waiting == 1
        summary = archive.run()
    assert summary.bytes_fetched == 0
    found = ends(tmp_path / "archive")
    assert found.pop(URL) in ("article", "not-article:empty-shell")
    assert found == {f"{URL}/x": "connect", f"{URL}/y": "http-410"}
    assert len((tmp_path / "archive" / "index.cdxj").read_text().splitlines()) == 3


def test_the_catalogue_gets_what_came_in_a_second(tmp_path: Path) -> None:
    now = [0.0]
    with (
        Recorder(tmp_path / "archive", clock=lambda: now[0]) as recorder,
        Archive.open(tmp_path / "archive") as archive,
    ):
        recorder.add(fetch(f"{URL}/1", body=b"1"))
        assert archive.stats().captures == 0
        now[0] = 1.5
        recorder.add(fetch(f"{URL}/2", body=b"2"))
        assert archive.stats().captures == 2


def test_what_a_crash_left_is_taken_in(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", CRASH, str(tmp_path / "archive")], cwd=root, check=False)
    assert done.returncode == 9
    (file,) = (tmp_path / "archive" / "warc").iterdir()
    assert file.name.endswith(".open")
    with Recorder(tmp_path / "archive") as recorder:
        recorder.add(fetch(f"{URL}/3"))
    assert not list((tmp_path / "archive" / "warc").glob("*.open"))
    with Archive.open(tmp_path / "archive") as archive:
        assert archive.stats().captures == 4
    assert len((tmp_path / "archive" / "index.cdxj").read_text().splitlines()) == 4


def test_one_writer(tmp_path: Path) -> None:
    with Recorder(tmp_path / "archive"), pytest.raises(ArchiveBusyError):
        Recorder(tmp_path / "archive")
    Recorder(tmp_path / "archive").close()


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    with pytest.raises(NoArchiveError, match="not empty"):
        Recorder(tmp_path)
