"""Two attempts at one folder: only one writes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsclean.errors import ArchiveBusyError
from newsclean.integrations import claims
from newsclean.integrations.claims import Claim
from newsclean.integrations.partitions import name_of, part_of, site_of

HOLDER = """
import sys, time
from pathlib import Path
from newsclean.integrations.claims import Claim
with Claim(Path(sys.argv[1]), "first", machine="node-1"):
    print("held", flush=True)
    sys.stdin.read()
"""


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_the_note_says_who_holds_it_and_that_it_ended(tmp_path: Path) -> None:
    folder = tmp_path / "part-00000"
    with Claim(folder, "first", machine="node-1") as claim:
        assert claim.holder() == {"attempt": "first", "machine": "node-1", "pid": os.getpid(), "ended": False}
        assert not claim.is_set()
    holder = Claim(folder, "other").holder()
    assert holder is not None
    assert holder["ended"]


def test_a_second_writer_waits_and_is_refused(tmp_path: Path) -> None:
    folder, clock = tmp_path / "part-00000", Clock()
    with (
        Claim(folder, "first"),
        pytest.raises(ArchiveBusyError, match="attempt first still writes"),
        Claim(folder, "second", clock=clock, sleep=clock.sleep),
    ):
        pass
    assert sum(clock.slept) == pytest.approx(600)


def test_the_lock_of_a_killed_holder_is_free(tmp_path: Path) -> None:
    folder = tmp_path / "part-00000"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    clock = Clock()
    with Claim(folder, "second", machine="node-1", clock=clock, sleep=clock.sleep):
        assert clock.slept == []


def test_from_another_machine_it_waits_until_the_first_has_seen_it(tmp_path: Path) -> None:
    """As on storage where a lock is only good for one machine: the first still runs, and its lock is not seen."""
    folder, clock = tmp_path / "part-00000", Clock()
    first = Claim(folder, "first", machine="node-1", clock=clock)
    first.__enter__()
    folder.with_name("part-00000.lock").unlink()  # so the second has a lock of its own
    with Claim(folder, "second", machine="node-2", clock=clock, sleep=clock.sleep):
        assert clock.slept == [claims.FENCE_SECONDS]
        assert first.is_set()
        assert "gave way to attempt second" in str(first.lost())
        first.__exit__(None, None, None)
    assert json.loads((tmp_path / "part-00000.claim").read_text())["attempt"] == "second"


def test_the_holder_looks_once_a_second_at_most(tmp_path: Path) -> None:
    folder, clock = tmp_path / "part-00000", Clock()
    with Claim(folder, "first", clock=clock) as first:
        assert not first.is_set()
        (tmp_path / "part-00000.claim").write_text('{"attempt": "second"}')
        assert not first.is_set()
        clock.now += claims.LOOK_SECONDS
        assert first.is_set()


@pytest.mark.parametrize("note", ["", "{", "[]", "null"], ids=["empty", "torn", "list", "null"])
def test_a_note_that_cannot_be_read_stops_nobody(tmp_path: Path, note: str) -> None:
    clock = Clock()
    with Claim(tmp_path / "part-00000", "first", clock=clock) as first:
        (tmp_path / "part-00000.claim").write_text(note)
        clock.now += 5
        assert not first.is_set()


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.example/a", "news.example"),
        ("http://live.news.example:8080/a", "news.example"),
        ("https://WWW.News.example./a", "news.example"),
        ("https://m.news.co.zz/a", "news.co.zz"),
        ("https://www.abc.zz/a", "abc.zz"),
        ("http://192.0.2.7:81/a", "192.0.2.7"),
        ("http://[2001:db8::1]:81/a", "[2001:db8::1]"),
        ("http://localhost/", "localhost"),
        ("no url", ""),
    ],
)
def test_site_of_a_url(url: str, site: str) -> None:
    assert site_of(url) == site


def test_parts_are_the_same_everywhere() -> None:
    parts = [part_of(f"https://www.paper{number}.example/story", 8) for number in range(12)]
    assert parts == [6, 7, 2, 5, 1, 0, 3, 1, 2, 1, 6, 2]
    assert part_of("https://live.paper7.example/x", 8) == parts[7]
    assert name_of(7) == "part-00007"
