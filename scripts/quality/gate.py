"""The quality gate on the command line: measure, compare, and with --update write the new floors and digests."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from newsclean.errors import NewscleanError
from scripts.quality import digests
from scripts.quality.digests import Change
from scripts.quality.floors import AT_MOST, COUNTS, Fall, Floors
from scripts.quality.measure import BENCH, ROOT, SETS, Figures, Measured, measure

FOLDER = ROOT / "quality"
PASSED, WRONG_CALL, BELOW = 0, 2, 4
_FIXTURES = "fixtures"
_MOST_SHOWN = 30
"""Pages that are named."""


def main(args: Sequence[str] | None = None) -> int:
    """Returns the exit status: 0, 2 for a wrong call, 4 where a figure is below its floor."""
    parser = argparse.ArgumentParser(prog="scripts/gate", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="pages that come out otherwise are status 4 as well")
    parser.add_argument("--update", action="store_true", help="raise the floors to what was measured, note the pages")
    parser.add_argument("--allow-lower", metavar="REASON", default="", help="with --update: lower floors, too")
    parser.add_argument("--bench", type=Path, default=BENCH, help="the folder of the benchmark [default: %(default)s]")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where floors.toml and digests.txt are")
    parser.add_argument("--workers", type=int, default=2, help="processes [default: 2]")
    chosen = parser.parse_args(args)
    if chosen.allow_lower and not chosen.update:
        parser.error("--allow-lower goes with --update")
    bench: Path | None = chosen.bench
    if bench is not None and not (bench / "bench.py").exists():
        print(f"scripts/gate: {bench} is not there: the sets are skipped, only the page fixtures are measured")
        bench = None
    try:
        floors = Floors.read(chosen.folder / "floors.toml")
        known = digests.read(chosen.folder / "digests.txt")
    except (NewscleanError, ValueError) as problem:
        print(f"scripts/gate: {problem}", file=sys.stderr)
        return WRONG_CALL
    before = sum(os.times()[:4])  # a shell that became this process has children of its own
    found = measure(bench=bench, workers=chosen.workers)
    falls = floors.falls(found.figures, ("sets", "languages") if bench is None else ())
    changed = digests.changes(known, found.pages, [_FIXTURES, *(SETS if bench is not None else ())])
    print(table(found.figures, floors.figures))
    spent = sum(os.times()[:4]) - before
    print(f"{len(found.pages)} pages, digest {digests.overall(found.pages)}, {spent:.0f} s of CPU")
    if chosen.update:
        return _update(chosen.folder, floors, known, found, falls, changed, chosen.allow_lower)
    return _verdict(falls, changed, strict=chosen.strict)


def _verdict(falls: Sequence[Fall], changed: Sequence[Change], *, strict: bool) -> int:
    if falls:
        print(f"\nbelow the floor: {len(falls)}")
        print("\n".join(f"  {fall}" for fall in falls))
    if changed:
        print(f"\npages that come out otherwise: {len(changed)}")
        print(_shown(changed))
    if falls:
        print("\nscripts/gate: quality fell. If it must: scripts/gate --update --allow-lower REASON")
        return BELOW
    if changed:
        print("\nscripts/gate: nothing is below its floor. Acknowledge the pages: scripts/gate --update")
        return BELOW if strict else PASSED
    print("scripts/gate: all floors are reached, all pages come out as they did")
    return PASSED


def _update(
    folder: Path,
    floors: Floors,
    known: Mapping[str, tuple[str, float]],
    found: Measured,
    falls: Sequence[Fall],
    changed: Sequence[Change],
    reason: str,
) -> int:
    if falls and not reason:
        _verdict(falls, changed, strict=False)
        print("scripts/gate: nothing was written")
        return BELOW
    measured = {name.partition("/")[0] for name in found.pages}
    others = {name: value for name, value in known.items() if name.partition("/")[0] not in measured}
    figures = {**_unmeasured(floors, found), **found.figures}
    folder.mkdir(exist_ok=True)
    floors.raised(figures, reason, datetime.now(UTC).date()).write(folder / "floors.toml")
    digests.write(folder / "digests.txt", found.pages, others)
    print(_shown(changed))
    print(f"scripts/gate: {len(changed)} pages noted, floors written; {len(falls)} lowered")
    return PASSED


def _unmeasured(floors: Floors, found: Measured) -> dict[str, Figures]:
    """Floors of a kind that was not measured stay as they are."""
    kinds = {name.partition(".")[0] for name in found.figures}
    return {name: dict(row) for name, row in floors.figures.items() if name.partition(".")[0] not in kinds}


def _shown(changed: Sequence[Change]) -> str:
    lines = [f"  {change}" for change in changed[:_MOST_SHOWN]]
    if len(changed) > _MOST_SHOWN:
        lines.append(f"  and {len(changed) - _MOST_SHOWN} more")
    return "\n".join(lines)


def table(found: Mapping[str, Figures], floors: Mapping[str, Figures]) -> str:
    """One line for each set, language and label: figures, each with its floor where there is one."""
    width = max(len(name) for name in found)
    lines = []
    for name, row in found.items():
        cells = []
        for key, value in row.items():
            if key in COUNTS:
                cells.append(f"{value:4.0f} {key}")
                continue
            allowed = floors.get(name, {}).get(key)
            bound = "" if allowed is None else f" ({'≤' if key in AT_MOST else '≥'}{allowed:g})"
            cells.append(f"{key} {value:.4f}{bound}")
        lines.append(f"{name:{width}}  {'  '.join(cells)}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
