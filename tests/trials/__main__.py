"""The long trials, over all pages of the newsstand in ../shared.

    scripts/trial faults [--delay 1]
    scripts/trial kills [--kills 200] [--seed 1]

A folder given with --keep has the archive, the outcomes and the newsstand's log afterwards. Exit status 4: something
was not as it should be; 2: there is no newsstand.
"""

import argparse
import sys
import tempfile
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from newsclean.settings import Settings
from tests.trials import faults, kills, newsstand


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/trial", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trial", choices=["faults", "kills"])
    parser.add_argument("--delay", type=float, help="seconds between two requests to one host [1; kills: 0.02]")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder for the archive and the logs")
    args = parser.parse_args()
    if newsstand.MISSING:
        print(f"left out: {newsstand.MISSING}", file=sys.stderr)
        return 2
    if args.keep:
        args.keep.mkdir(parents=True)
    with nullcontext(args.keep) if args.keep else tempfile.TemporaryDirectory(prefix="newsclean-trial-") as folder:
        if args.trial == "faults":
            problems = _faults(Path(folder), 1.0 if args.delay is None else args.delay)
        else:
            problems = _kills(Path(folder), args.kills, args.seed, 0.02 if args.delay is None else args.delay)
    print("\n".join(problems) or "all as it should be")
    return 4 if problems else 0


def _faults(folder: Path, delay: float) -> list[str]:
    result = faults.run(folder, delay=delay, seconds=1800)
    print(
        f"{len(newsstand.deal())} URLs, {len(result.outcomes)} outcomes in {result.seconds:.0f} s,"
        f" exit status {result.status}\n"
        f"  {dict(Counter(outcome['outcome'] for outcome in result.outcomes).most_common())}\n"
        f"  memory: main process {result.main / faults.MB:.0f} MB RSS,"
        f" all processes {result.pss / faults.MB:.0f} MB PSS\n"
        f"  closest starts of two requests to one host: {result.closest:.3f} s; the delay is {delay:g} s"
    )
    return result.problems


def _kills(folder: Path, count: int, seed: int, delay: float) -> list[str]:
    result = kills.run(
        folder, kills=count, seed=seed, delay=delay, seconds=1800, environment={"NEWSCLEAN_READ_TIMEOUT": "2"}
    )
    checked = "" if kills.can_check() else "; newsclean warc check: left out, there is no such command"
    print(
        f"{len(newsstand.deal())} URLs, {len(result.outcomes)} outcomes reported in {result.seconds:.0f} s;"
        f" {result.kills} kills, {result.early} of them before anything was reported, {result.torn} left a WARC file"
        f" open{checked}"
    )
    return [*result.problems, *kills.rebuilt(folder / "archive", Settings())]


if __name__ == "__main__":
    sys.exit(main())
