"""Lets atheris look for pages that break what ``checks`` says; see ``scripts/fuzz --help``."""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any


def main() -> int:
    """Run for the seconds that are asked for. Returns 0 where nothing was found, and where atheris is missing."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("seconds", nargs="?", type=int, default=60)
    parser.add_argument("-o", "--out", type=Path, help="folder for the pages that break something (default: a new one)")
    parser.add_argument("--corpus", type=Path, help="folder in which pages that reach new code are kept between runs")
    options = parser.parse_args()
    try:
        atheris: Any = import_module("atheris")
    except ImportError:
        print("fuzz: atheris is not installed (pip install atheris): nothing was tried", file=sys.stderr)
        return 0
    with atheris.instrument_imports(include=["newsclean"]):
        from tests.fuzz.checks import checked
    from tests.fixtures.pages import FIXTURES

    def one(body: bytes) -> None:
        checked(body)

    with tempfile.TemporaryDirectory() as folder:
        corpus = options.corpus or Path(folder)
        out = options.out or Path(tempfile.mkdtemp(prefix="newsclean-fuzz-"))
        for directory in (corpus, out):
            directory.mkdir(parents=True, exist_ok=True)
        for fixture in FIXTURES:
            (corpus / f"{fixture.name}.html").write_bytes(fixture.html)
        print(f"fuzz: {options.seconds} s over {len(FIXTURES)} pages; what breaks goes to {out}", file=sys.stderr)
        limits = [f"-max_total_time={options.seconds}", "-timeout=20", "-rss_limit_mb=2048", "-max_len=200000"]
        atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={out}/", str(corpus)], one)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
