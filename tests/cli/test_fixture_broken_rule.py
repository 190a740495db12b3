"""A rule broken on purpose: pytest, fixture check and diff all name the page, the paragraph and the rule."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Run, lines
from .test_diff import RULES, TEXT
from .test_reading import TIDEWATER

RULE = "rule:en.too-wide"
WHY = "It speaks of a study."


@pytest.fixture
def scraper(run: Run, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository of a scraper with one approved page, and a rule that takes a paragraph of it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (added,) = lines(run("fixture", "add", TIDEWATER, "-o", archive).stdout)
    run("fixture", "approve", added["id"], "--reason", "read beside the page")
    run("fixture", "check")
    Path("pytest.ini").write_text("[pytest]\naddopts = --newsclean-fixtures fixtures\n", encoding="utf-8")
    Path("wide.toml").write_text(RULES, encoding="utf-8")
    return tmp_path


def test_fixture_check(run: Run, scraper: Path) -> None:
    (record,) = lines(run("fixture", "check", "--rules", scraper / "wide.toml", status=4).stdout)
    assert (record["url"], record["state"]) == (TIDEWATER, "changed")
    (change,) = [change for change in record["changes"] if change["kind"] == "body"]
    assert change["old"].startswith(TEXT)
    assert (change["new"], change["source"]) == (None, RULE)
    assert WHY in change["now"]


def test_pytest(scraper: Path) -> None:
    (scraper / "newsclean.toml").write_text('rules = ["wide.toml"]\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"],
        cwd=scraper,
        env=os.environ | {"PYTEST_ADDOPTS": "", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"page: {TIDEWATER}" in done.stdout
    assert f"- {TEXT}" in done.stdout
    assert f"{WHY} ({RULE})" in done.stdout


def test_diff(run: Run, scraper: Path, archive: Path) -> None:
    out = run("diff", archive, "--with-rules", scraper / "wide.toml", "--fail-on", "lost", "-q", status=4)
    _, page = lines(out.stdout)
    assert page["url"] == TIDEWATER
    (paragraph,) = page["paragraphs"]
    assert (paragraph["mark"], paragraph["source"], paragraph["why"]) == ("-", RULE, WHY)
    assert paragraph["text"].startswith(TEXT)
