"""Pages archived per second of CPU, beside ``wget --warc-file``: the same pages, from the same server on loopback."""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETS = [ROOT.parent / "shared" / "bench" / "data" / name for name in ("fundus-dev", "wcxb-dev")]
NEWSCLEAN = str(Path(sys.executable).parent / "newsclean")
TARGET = 1.5
LARGER = 1.15
"""Size that our files may have, against the same records packed by zlib at level 9."""
_HOSTS = 50
_PART = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run took."""

    cpu: float
    """Seconds of CPU, user and system, of all its processes."""
    files: list[Path]
    """The WARC files that it made."""

    @property
    def bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Both, over the same pages; medians over the pairs of runs."""

    pages: int
    rate: float
    """Pages per second of CPU, start-up counted."""
    wget: float
    ratio: float
    """Median of the pairs' ratios."""
    size: float
    """Bytes of our files, against the same records packed by zlib at level 9."""

    @property
    def reached(self) -> bool:
        """Whether speed and size are what they should be."""
        return self.ratio >= TARGET and self.size <= LARGER


def beside_wget(count: int, rounds: int) -> Beside | None:
    """Print pages per CPU-second of both, in pairs of runs, and the size of ours; None where it cannot be measured."""
    wget = shutil.which("wget")
    if wget is None or not all(path.exists() for path in SETS):
        print(
            "beside wget: left out, there is no wget" if wget is None else "beside wget: left out, no ../shared/bench"
        )
        return None
    with tempfile.TemporaryDirectory(prefix="newsclean-bench-") as name, _server() as (port, mean):
        folder = Path(name)
        lists = {size: _listed(folder, size) for size in (1, count)}
        ours: dict[int, list[float]] = {1: [], count: []}
        theirs: dict[int, list[float]] = {1: [], count: []}
        for _ in range(rounds):
            for size, listed in lists.items():
                cost = _wget(wget, listed, folder / "wget", port)
                theirs[size].append(cost.cpu)
                wget_bytes = cost.bytes
                shutil.rmtree(folder / "wget")
                cost = _newsclean(listed, folder / "newsclean", port)
                ours[size].append(cost.cpu)
                if size == count and len(ours[size]) == rounds:
                    got, level_9 = cost.bytes, _packed_at_9(cost.files)
                shutil.rmtree(folder / "newsclean")
    print(f"archive without extraction, {count} pages of {mean / 1000:.0f} kB, {rounds} pairs of runs:")
    found = []
    for label, start in (("with start-up", 0), ("without start-up", 1)):
        rates = [
            [count / (whole - start * short) for whole, short in zip(cpu[count], cpu[1], strict=True)]
            for cpu in (ours, theirs)
        ]
        paired = [a / b for a, b in zip(*rates, strict=True)]
        rate, other = map(statistics.median, rates)
        found.append((rate, other, statistics.median(paired)))
        pairs = ", ".join(f"{ratio:.2f}" for ratio in paired)
        print(
            f"  {label}: {rate:.0f} pages per CPU-second, wget {other:.0f}: {found[-1][2]:.2f} times"
            f" (target {TARGET}; pairs {pairs})"
        )
    print(
        f"  size: {got / level_9:.3f} times the same records packed by zlib at level 9 (limit {LARGER});"
        f" wget's files {wget_bytes / 1e6:.1f} MB, ours {got / 1e6:.1f} MB"
    )
    rate, other, ratio = found[0]
    return Beside(pages=count, rate=rate, wget=other, ratio=ratio, size=got / level_9)


@contextmanager
def _server() -> Iterator[tuple[int, int]]:
    """Its port, and the mean size of its pages in bytes."""
    command = [sys.executable, "-m", "scripts.bench_server", *map(str, SETS)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port, mean = process.stdout.readline().split()
        try:
            yield int(port), int(mean)
        finally:
            process.kill()


def _listed(folder: Path, count: int) -> Path:
    """A list of so many URLs on many hosts, the hosts one after another."""
    listed = folder / f"{count}.txt"
    urls = (f"http://host{number % _HOSTS}.example/page/{number}\n" for number in range(count))
    listed.write_text("".join(urls))
    return listed


def _wget(wget: str, listed: Path, folder: Path, port: int) -> Cost:
    folder.mkdir()
    command = [wget, "-q", "-e", "use_proxy=on", "-e", f"http_proxy=http://127.0.0.1:{port}", "-O", "/dev/null"]
    command += [f"--warc-file={folder}/wget", "--warc-max-size=1G", "--no-warc-keep-log", "-i", str(listed)]
    cpu = _cpu(command)
    return Cost(cpu=cpu, files=sorted(folder.glob("*.warc.gz")))


def _newsclean(listed: Path, folder: Path, port: int) -> Cost:
    command = [NEWSCLEAN, "archive", "-q", "--no-extract", "--ignore-robots", "--host-delay", "0"]
    cpu = _cpu([*command, "--proxy", f"http://127.0.0.1:{port}", "-i", str(listed), "-o", str(folder)])
    return Cost(cpu=cpu, files=sorted((folder / "warc").glob("*.warc.gz")))


def _cpu(command: list[str]) -> float:
    """Seconds of CPU of a command and all its processes. Raises CalledProcessError."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = subprocess.Popen(command, env=kept, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return usage.ru_utime + usage.ru_stime


def _packed_at_9(files: list[Path]) -> int:
    """Bytes that the records of these files take, each packed by zlib at level 9."""
    total = 0
    for path in files:
        data, at = memoryview(path.read_bytes()), 0
        while at < len(data):
            unpacker = zlib.decompressobj(31)
            packer = zlib.compressobj(9, zlib.DEFLATED, 31)
            while not unpacker.eof:
                part = data[at : at + _PART]
                total += len(packer.compress(unpacker.decompress(part)))
                at += len(part) - len(unpacker.unused_data)
            total += len(packer.flush())
    return total
