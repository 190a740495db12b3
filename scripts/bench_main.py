"""Measures newsclean beside others, on the development sets, in one run, and writes docs/benchmarks.md.

    scripts/bench [--sizes 1000 3000 10000] [--skip quality]

Parts: help (start-up), peers (extract beside trafilatura, newspaper4k, readability-lxml and resiliparse, and parsing
alone), memory (the main job), wget (archiving beside it), parquet (WARC to Parquet, and how its cost grows), quality,
stages (where the time of an extraction goes), growth (memory over many pages). The page is written where none of the
first five was skipped. Pages come from ../shared/bench, without which only help is measured; tools that are missing are
left out with a notice. The run takes up to half an hour; nothing else should run beside it.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import bench_report, bench_runs, bench_stages
from scripts.bench_parquet import AIM, growth
from scripts.bench_peers import beside_peers
from scripts.bench_report import Job, Measured
from scripts.bench_runs import MB, NEWSCLEAN, ROOT, SHARED, repeated, run
from scripts.bench_wget import beside_wget

_WRITTEN = ("help", "peers", "memory", "wget", "parquet")
_OTHERS = ("quality", "stages", "growth")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--skip", action="append", default=[], choices=[*_WRITTEN, *_OTHERS], help="leave a part out")
    parser.add_argument("--pages", type=int, default=1000, help="inputs of the main job")
    parser.add_argument("--wget-pages", type=int, default=2000, help="pages that are archived beside wget")
    parser.add_argument("--peer-pages", type=int, default=200, help="pages that each extractor reads")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1000, 3000, 10_000], help="pages of the WARC files; up to 100000"
    )
    parser.add_argument("--peers-up-to", type=int, default=3000, help="the largest WARC file that the peers read, too")
    parser.add_argument("--rounds", type=int, default=3, help="turns of the peers and of wget")
    args = parser.parse_args()
    parts = {name for name in (*_WRITTEN, *_OTHERS) if name not in args.skip}
    own, bare = help_time() if "help" in parts else (0.0, 0.0)
    if not bench_runs.there():
        print("bench: left out all but the start-up, ../shared/bench is not there", file=sys.stderr)
        return 0
    rates = beside_peers(args.peer_pages, args.rounds) if "peers" in parts else []
    job = main_job(args.pages) if "memory" in parts else None
    beside = beside_wget(args.wget_pages, args.rounds) if "wget" in parts else None
    sizes = growth(sorted(args.sizes), args.peers_up_to) if "parquet" in parts else []
    if parts.issuperset(_WRITTEN):
        found = Measured(help_ms=own, bare_ms=bare, rates=rates, job=job, beside=beside, sizes=sizes)
        bench_report.write(found, ROOT / "docs", wget_version())
        print("bench: docs/benchmarks.md is written", file=sys.stderr)
    reached = beside is None or beside.reached
    reached &= all(size.ratio is None or size.ratio >= AIM for size in sizes)
    if "quality" in parts:
        quality()
    reached &= "stages" not in parts or bench_stages.stages()
    reached &= "growth" not in parts or bench_stages.memory()
    return 0 if reached else 4


def help_time(rounds: int = 20) -> tuple[float, float]:
    """Milliseconds of CPU of ``newsclean --help``, and of an interpreter that does nothing."""
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(1000 * run([sys.executable, "-c", ""]).cpu)
        ours.append(1000 * run([NEWSCLEAN, "--help"]).cpu)
    own, base = statistics.median(ours), statistics.median(bare)
    print(
        f"newsclean --help: {own:.0f} ms of CPU (limit 150), {own / base:.1f} times a bare interpreter's {base:.0f} ms"
    )
    return own, base


def main_job(count: int) -> Job | None:
    """Peak memory of the main job over so many pages, and what it costs a page; None where it cannot be measured."""
    newsstand = SHARED / "newsstand" / "newsstand.py"
    if not newsstand.exists():
        print("main job: left out, there is no ../shared/newsstand", file=sys.stderr)
        return None
    with tempfile.TemporaryDirectory(prefix="newsclean-bench-") as name:
        folder = Path(name)
        served_pages = copies(folder / "pages", count)
        listed = folder / "urls.txt"
        stand = subprocess.Popen(
            [sys.executable, str(newsstand), "--pages", str(served_pages), "--port", "0", "--list", str(listed)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert stand.stdout is not None
            _, port, served = stand.stdout.readline().split()
            command = [NEWSCLEAN, "archive", "-q", "-i", str(listed), "-o", str(folder / "archive")]
            environment = {"HTTP_PROXY": f"http://127.0.0.1:{port}", "NEWSCLEAN_HOST_DELAY": "0"}
            cost = run(command, environment, allowed=(0, 1))
        finally:
            stand.terminate()
            stand.wait()
    outcomes = [json.loads(line) for line in cost.out.splitlines()]
    articles = sum(outcome["outcome"] == "article" for outcome in outcomes)
    print(
        f"main job: {served} inputs, {len(outcomes)} outcomes, {articles} articles\n"
        f"  peak memory: main process {cost.main / MB:.0f} MB RSS; with the extraction processes"
        f" {cost.peak / MB:.0f} MB PSS (limit 400)\n"
        f"  {1000 * cost.cpu / max(1, len(outcomes)):.0f} ms of CPU a page, fetch, WARC, extraction and catalogue"
    )
    return Job(pages=len(outcomes), cpu=cost.cpu, main=cost.main, peak=cost.peak)


def copies(folder: Path, count: int) -> Path:
    """A set of so many pages for the newsstand: those of the sets, and those again under other hosts."""
    (folder / "pages").mkdir(parents=True)
    taken: set[str] = set()
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as out:
        for number, page in enumerate(repeated(2 * count)):
            url = "http://" + page.url.partition("://")[2]
            if url not in taken and len(taken) < count:
                taken.add(url)
                (folder / "pages" / f"{number}.html.gz").symlink_to(page.path)
                out.write(json.dumps({"id": str(number), "url": url, "title": None}) + "\n")
    return folder


def wget_version() -> str:
    """As it calls itself; empty where there is none."""
    wget = shutil.which("wget")
    if wget is None:
        return ""
    first = subprocess.run([wget, "--version"], capture_output=True, text=True, check=False).stdout.partition("\n")[0]
    return "wget " + first.removeprefix("GNU Wget ").split(" ")[0]


def quality() -> None:
    """Quality and time beside trafilatura, on the pages of the bench."""
    bench = SHARED / "bench" / "bench.py"
    subprocess.run([sys.executable, str(bench), "newsclean", "trafilatura", "--sets", "fundus-dev"], check=True)


if __name__ == "__main__":
    sys.exit(main())
