"""What all parts of the bench need: its pages, and what a command costs."""

import gzip
import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from isal import igzip

from tests.trials.processes import Sampler

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
DATA = SHARED / "bench" / "data"
SETS = ("fundus-dev", "wcxb-dev")
"""News first: the pages of the bench."""
NEWSCLEAN = str(Path(sys.executable).parent / "newsclean")
MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one command took."""

    cpu: float
    """Seconds of CPU, user and system, of all its processes."""
    peak: int
    """Bytes of memory, shared pages counted once, of all its processes; looked at ten times a second."""
    main: int = 0
    """Bytes: the largest resident set of its first process."""
    out: str = ""
    """What it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a development set."""

    url: str
    path: Path

    def html(self) -> bytes:
        """Its bytes, read anew."""
        return gzip.decompress(self.path.read_bytes())


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, *, allowed: Sequence[int] = (0,)) -> Cost:
    """Run a command and measure it; without proxies and settings of the caller.

    Raises CalledProcessError for a status that is not allowed.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("NEWSCLEAN_") and not k.lower().endswith("_proxy")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(command, cwd=ROOT, env={**kept, **(environment or {})}, stdout=subprocess.PIPE) as process:
        memory = Sampler(process.pid)
        memory.start()
        assert process.stdout is not None
        out = process.stdout.read().decode()
        status = process.wait()
        memory.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if status not in allowed:
        raise subprocess.CalledProcessError(status, command)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu=cpu, peak=memory.pss, main=memory.main, out=out)


def there() -> bool:
    """Whether the development sets are."""
    return all((DATA / name / "truth.jsonl").exists() for name in SETS)


def pages() -> list[Page]:
    """All pages that have an address, those of different publishers side by side."""
    found = []
    for name in SETS:
        for line in (DATA / name / "truth.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            path = DATA / name / "pages" / f"{row['id']}.html.gz"
            if str(row.get("url", "")).startswith("http") and path.exists():
                found.append(Page(url=row["url"], path=path))
    return found


def repeated(number: int) -> Iterator[Page]:
    """So many pages: those of the sets, and those again under other hosts."""
    once = pages()
    every = (
        page if turn == 0 else Page(url=page.url.replace("://", f"://copy{turn}.", 1), path=page.path)
        for turn in count()
        for page in once
    )
    return islice(every, number)


def write_warc(path: Path, number: int) -> Path:
    """A WARC file of so many pages, gzip by record, as crawlers write it."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    held: dict[Path, bytes] = {}
    with path.open("wb") as file:
        for place, page in enumerate(repeated(number)):
            html = held.setdefault(page.path, page.html())
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(html) + html
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid5(NAMESPACE_URL, str(place))}>\r\n"
                f"WARC-Date: {start + timedelta(seconds=place):%Y-%m-%dT%H:%M:%SZ}\r\nWARC-Target-URI: {page.url}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
            )
            file.write(igzip.compress(head.encode() + answer + b"\r\n\r\n", 1))
    return path
