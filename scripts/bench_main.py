"""Measures newsclean: the CPU time of its help, the memory of its main job, its archiving beside wget, its quality and
speed beside trafilatura.

    scripts/bench [--pages 1000] [--skip quality]

Pages come from ../shared/bench; without it, what needs them is left out with a notice.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import bench_stages
from scripts.bench_wget import beside_wget
from tests.trials.processes import Sampler

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
COMMAND = [str(Path(sys.executable).parent / "newsclean")]
MB = 1024 * 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000, help="inputs of the main job")
    parser.add_argument(
        "--skip", action="append", default=[], choices=["help", "memory", "wget", "quality", "stages", "growth"]
    )
    parser.add_argument("--wget-pages", type=int, default=2000, help="pages that are archived beside wget")
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs beside wget")
    args = parser.parse_args()
    if "help" not in args.skip:
        help_time()
    if "memory" not in args.skip:
        main_job(args.pages)
    reached = "wget" in args.skip or beside_wget(args.wget_pages, args.rounds)
    if "quality" not in args.skip:
        quality()
    if bench_stages.there():
        reached &= "stages" in args.skip or bench_stages.stages()
        reached &= "growth" in args.skip or bench_stages.memory()
    else:
        print("bench: ../shared/bench is not there: the stages of extraction are left out", file=sys.stderr)
    return 0 if reached else 4


def help_time(rounds: int = 20) -> None:
    """CPU of ``newsclean --help``, beside that of an interpreter that does nothing."""
    bare, ours = [], []
    for _ in range(rounds):
        bare.append(_cpu([sys.executable, "-c", ""]))
        ours.append(_cpu([*COMMAND, "--help"]))
    own, base = statistics.median(ours), statistics.median(bare)
    print(
        f"newsclean --help: {own:.0f} ms of CPU (limit 150), {own / base:.1f} times a bare interpreter's {base:.0f} ms"
    )


def _cpu(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main_job(count: int) -> None:
    """Peak memory of the main job over so many pages, and what it costs a page."""
    newsstand = SHARED / "newsstand" / "newsstand.py"
    data = SHARED / "bench" / "data"
    if not newsstand.exists() or not data.exists():
        print(f"main job: left out, there is no {SHARED}")
        return
    with tempfile.TemporaryDirectory(prefix="newsclean-bench-") as name:
        folder = Path(name)
        sets = sorted(path.parent for path in data.glob("*/truth.jsonl"))
        pages = copies(sets, folder / "pages", count)
        listed = folder / "urls.txt"
        stand = subprocess.Popen(
            [sys.executable, str(newsstand), "--pages", str(pages), "--port", "0", "--list", str(listed)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert stand.stdout is not None
            _, port, served = stand.stdout.readline().split()
            run = [*COMMAND, "archive", "-q", "-i", str(listed), "-o", str(folder / "archive")]
            environment = os.environ | {"HTTP_PROXY": f"http://127.0.0.1:{port}", "NEWSCLEAN_HOST_DELAY": "0"}
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            with (folder / "outcomes.jsonl").open("wb") as out:
                job = subprocess.Popen(run, env=environment, stdout=out)
                memory = Sampler(job.pid)
                memory.start()
                status = job.wait()
                memory.stop()
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        finally:
            stand.terminate()
            stand.wait()
        outcomes = [json.loads(line) for line in (folder / "outcomes.jsonl").open()]
        articles = sum(outcome["outcome"] == "article" for outcome in outcomes)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            f"main job: {served} inputs, {len(outcomes)} outcomes, {articles} articles, exit status {status}\n"
            f"  peak memory: main process {memory.main / MB:.0f} MB RSS; with the extraction processes"
            f" {memory.pss / MB:.0f} MB PSS (limit 400), {memory.rss / MB:.0f} MB as a sum of RSS\n"
            f"  {1000 * cpu / max(1, len(outcomes)):.0f} ms of CPU a page, fetch, WARC, extraction and catalogue"
        )


def copies(sets: list[Path], folder: Path, count: int) -> Path:
    """A set of so many pages, taken from others: pages come again under another host where there are not enough."""
    rows = []
    for path in sets:
        for line in (path / "truth.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            source = path / "pages" / f"{row['id']}.html.gz"
            if str(row.get("url", "")).startswith("http") and source.exists():
                rows.append((row["url"].partition("://")[2], row.get("title"), source))
    taken: set[str] = set()
    (folder / "pages").mkdir(parents=True)
    with (folder / "truth.jsonl").open("w", encoding="utf-8") as out:
        for number in range(10 * count):
            address, title, source = rows[number % len(rows)]
            url = f"http://copy{number // len(rows)}.{address}" if number >= len(rows) else f"http://{address}"
            if url in taken:
                continue
            taken.add(url)
            (folder / "pages" / f"{number}.html.gz").symlink_to(source)
            out.write(json.dumps({"id": str(number), "url": url, "title": title}) + "\n")
            if len(taken) == count:
                break
    return folder


def quality() -> None:
    """Quality and time beside trafilatura, on the pages of the bench."""
    bench = SHARED / "bench" / "bench.py"
    if not bench.exists():
        print(f"quality: left out, there is no {bench}")
        return
    subprocess.run([sys.executable, str(bench), "newsclean", "trafilatura", "--sets", "fundus-dev"], check=True)


if __name__ == "__main__":
    sys.exit(main())
