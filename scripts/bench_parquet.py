"""WARC to Parquet: ``newsclean extract``, beside the same job put together of warcio, trafilatura and pyarrow.

python -m scripts.bench_parquet text|parse WARC OUT     that other job, or reading and parsing alone: the floor
"""

import io
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scripts.bench_runs import MB, NEWSCLEAN, Cost, run, write_warc

AIM = 3.0
"""Pages per second of CPU, against the peer's."""
_BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One WARC file, and what it cost."""

    pages: int
    bytes: int
    own: Cost
    peer: Cost | None
    """warcio, trafilatura and pyarrow; absent for files that would take too long."""
    floor: Cost | None
    """warcio and lxml."""

    def milliseconds(self, cost: Cost) -> float:
        """CPU time a page."""
        return 1000 * cost.cpu / self.pages

    @property
    def ratio(self) -> float | None:
        """How many times the peer's pages per second of CPU."""
        return self.peer.cpu / self.own.cpu if self.peer else None


def growth(sizes: list[int], peer_up_to: int) -> list[Size]:
    """The job over WARC files of so many pages; the peers where there are at most ``peer_up_to``."""
    missing = [name for name in ("pyarrow", "trafilatura", "warcio") if find_spec(name) is None]
    if missing:
        print(f"WARC to Parquet: left out, no {', '.join(missing)}: `scripts/install` installs them", file=sys.stderr)
        return []
    found: list[Size] = []
    for number in sizes:
        with tempfile.TemporaryDirectory(prefix="newsclean-bench-") as name:
            folder = Path(name)
            warc = write_warc(folder / "pages.warc.gz", number)
            try:
                own = _newsclean(warc, folder)
            except subprocess.CalledProcessError as problem:
                print(f"WARC to Parquet: left out, newsclean ended with {problem.returncode}", file=sys.stderr)
                return found
            peers = number <= peer_up_to
            size = Size(
                pages=number,
                bytes=warc.stat().st_size,
                own=own,
                peer=_other("text", warc, folder) if peers else None,
                floor=_other("parse", warc, folder) if peers else None,
            )
            found.append(size)
            _print(size)
    return found


def _print(size: Size) -> None:
    print(
        f"WARC to Parquet, {size.pages} pages, {size.bytes / MB:.0f} MB: {size.pages / size.own.cpu:.0f} pages per"
        f" CPU-second, {size.milliseconds(size.own):.1f} ms a page, peak {size.own.peak / MB:.0f} MB",
        flush=True,
    )
    if size.peer and size.floor:
        print(
            f"  warcio, trafilatura, pyarrow: {size.pages / size.peer.cpu:.0f} pages per CPU-second, newsclean"
            f" {size.ratio:.2f} times (aim {AIM}); peak {size.peer.peak / MB:.0f} MB; the floor, warcio and lxml:"
            f" {size.milliseconds(size.floor):.1f} ms a page",
            flush=True,
        )


def _newsclean(warc: Path, folder: Path) -> Cost:
    out = folder / "out"
    cost = run([NEWSCLEAN, "extract", str(warc), "-o", f"{out}/", "--format", "parquet", "-q"], allowed=(0, 1))
    shutil.rmtree(out)
    return cost


def _other(what: str, warc: Path, folder: Path) -> Cost:
    out = folder / "other.parquet"
    return run([sys.executable, "-W", "ignore", "-m", "scripts.bench_parquet", what, str(warc), str(out)])


def _bodies(warc: Path) -> Iterator[tuple[str, str, bytes]]:
    """URL, date and page of each response."""
    iterator: Any = import_module("warcio.archiveiterator").ArchiveIterator
    with warc.open("rb") as file:
        for record in iterator(file):
            if record.rec_type == "response":
                head = record.rec_headers
                yield head["WARC-Target-URI"], head["WARC-Date"], record.content_stream().read()


def _rows(warc: Path) -> Iterator[dict[str, Any]]:
    extract: Any = import_module("trafilatura").bare_extraction
    for url, date, page in _bodies(warc):
        try:
            found = extract(page, url=url, with_metadata=True)
        except Exception:  # noqa: BLE001
            continue
        if found is not None:
            fields = ("title", "author", "date", "sitename", "description", "text")
            yield {"url": url, "captured_at": date, **{name: getattr(found, name) for name in fields}}


def main() -> None:
    """The other job, as a script would do it."""
    what, warc, out = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    if what == "parse":
        html: Any = import_module("lxml.html")
        for _url, _date, page in _bodies(warc):
            html.parse(io.BytesIO(page))
        return
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    names = ("url", "captured_at", "title", "author", "date", "sitename", "description", "text")
    schema = arrow.schema([(name, arrow.string()) for name in names])
    count = 0
    batch: list[dict[str, Any]] = []
    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for row in _rows(warc):
            batch.append(row)
            count += 1
            if len(batch) == _BATCH:
                writer.write_table(arrow.Table.from_pylist(batch, schema))
                batch = []
        writer.write_table(arrow.Table.from_pylist(batch, schema))
    print(json.dumps({"rows": count}))


if __name__ == "__main__":
    main()
