"""The command diff, over an archive of the newsstand's pages and exports of it."""

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run, lines

RULES = """language = "en"

[[rule]]
id = "en.too-wide"
label = "promo"
scope = "text"
why = "It speaks of a study."
weight = -10.0
max_words = 60
part = ["traffic study"]
match = ["A traffic study was made"]
no_match = ["The study went on"]
"""
TEXT = "A traffic study commissioned by the ministry"


def state(archive: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in archive.rglob("*") if path.is_file()}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "wide.toml"
    file.write_text(RULES, encoding="utf-8")
    return file


def test_the_same_version_changes_nothing(run: Run, archive: Path) -> None:
    before = state(archive)
    (summary,) = lines(run("diff", archive, "-q", "--fail-on", "changed").stdout)
    assert summary["pages"] == summary["unchanged"] > 10
    assert run("reextract", archive, "--dry-run", "-q").stdout
    assert state(archive) == before


def test_a_rule_that_is_too_wide_is_named_with_page_and_paragraph(run: Run, archive: Path, rules: Path) -> None:
    out = run("diff", archive, "--with-rules", rules, "--fail-on", "lost", "-q", "--html", "d.html", status=4)
    summary, *pages = lines(out.stdout)
    assert (summary["changed"], summary["paragraphs_lost"]) == (1, 1)
    assert summary["labels"] == {"promo": {"gained": 0, "lost": 1}}
    (page,) = pages
    assert page["host"] == "www.tidewater-courier.example"
    (paragraph,) = page["paragraphs"]
    assert paragraph["text"].startswith(TEXT)
    assert (paragraph["mark"], paragraph["source"], paragraph["why"]) == (
        "-",
        "rule:en.too-wide",
        "It speaks of a study.",
    )
    html = Path("d.html").read_text(encoding="utf-8")
    assert "rule:en.too-wide; It speaks of a study." in html
    assert 'class="changed"' in html
    dry = lines(run("reextract", archive, "--dry-run", "--rules", rules, "-q").stdout)
    assert dry == [summary, page]


def test_it_reads_well_on_a_terminal(run: Run, archive: Path, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsclean.cli.diff.to_terminal", lambda: True)
    shown = run("diff", archive, "--with-rules", rules, "-q").stdout
    assert "promo: +0 −1" in shown
    assert f"  − {TEXT}" in shown
    assert "[promo: rule:en.too-wide; It speaks of a study.]" in shown
    assert re.search(r"^\+ .* extracted again  \(newsclean \S+, rules \w{12}\)$", shown, re.MULTILINE)
    assert lines(run("diff", archive, "--with-rules", rules, "-q", "--json").stdout)[1]["state"] == "changed"


def test_exports_of_two_days(run: Run, archive: Path) -> None:
    run("export", archive, "-o", "old.jsonl")
    old = Path("old.jsonl").read_text(encoding="utf-8").splitlines()
    first, second = json.loads(old[0]), json.loads(old[1])
    first["headline"] = "<b>Another</b>"
    second["body"] = ["<script>A new one, with a sentence that is long enough</script>", *second["body"]]
    kept = [json.dumps(first), json.dumps(second), *old[3:]]
    Path("new.jsonl").write_text("\n".join(kept), encoding="utf-8")
    summary, *pages = lines(run("diff", "old.jsonl", "new.jsonl", "--html", "out.html").stdout)
    assert (summary["changed"], summary["lost"], summary["gained"]) == (2, 1, 0)
    assert [page["state"] for page in pages] == ["lost", "changed", "changed"]
    assert pages[0]["outcome"] == {"old": "article", "new": None}
    assert pages[1]["paragraphs"][0] | {"label": ""} == {
        "mark": "+",
        "text": "<script>A new one, with a sentence that is long enough</script>",
        "label": "",
        "source": None,
        "why": None,
    }
    assert pages[2]["fields"] == [{"name": "headline", "old": json.loads(old[0])["headline"], "new": "<b>Another</b>"}]
    html = Path("out.html").read_text(encoding="utf-8")
    assert "<script>" not in html
    assert "<b>Another" not in html
    assert lines(run("diff", archive, "old.jsonl").stdout)[0]["lost"] == 0


def test_another_version_of_newsclean(run: Run, archive: Path) -> None:
    program = Path(sys.executable).with_name("newsclean")
    (summary,) = lines(run("diff", archive, "--with-command", program).stdout)
    assert summary["unchanged"] == summary["pages"]
    assert summary["new"].endswith(f"by {program}")
    said = run("diff", archive, "--with-command", "old-version/bin/newsclean", status=2).stderr
    assert "old-version/bin/newsclean: not to be run" in said
    failing = Path("failing")
    failing.write_text("#!/bin/sh\necho no such command >&2\nexit 2\n", encoding="utf-8")
    failing.chmod(0o755)
    said = run("diff", archive, "--with-command", failing.resolve(), status=2).stderr
    assert "no such command" in said


def test_an_archive_on_an_earlier_day(run: Run, archive: Path) -> None:
    (same,) = lines(run("diff", f"{archive}@2999-01-01", archive).stdout)
    assert same["unchanged"] == same["pages"] > 10
    (version,) = same["new_versions"]
    assert version.startswith("newsclean ")
    assert ", rules " in version
    empty, *pages = lines(run("diff", f"{archive}@2000-01-01T06:00:00Z", archive).stdout)
    assert (empty["old_versions"], empty["lost"], empty["gained"]) == ({}, 0, empty["new_versions"][version])
    assert len(pages) == empty["pages"]
    assert "no date" in run("diff", f"{archive}@lately", archive, status=2).stderr
    assert "name what to compare" in run("diff", f"{archive}@2000-01-01", status=2).stderr


def test_wrong_sides(run: Run, archive: Path, tmp_path: Path, rules: Path) -> None:
    assert "leave NEW out" in run("diff", archive, archive, "--with-rules", rules, status=2).stderr
    assert "own settings" in run("diff", archive, "--with-rules", rules, "--with-command", "x", status=2).stderr
    assert "no such archive or file" in run("diff", "nowhere", status=2).stderr
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(archive / "catalog.sqlite", copy)
    assert "no WARC files" in run("diff", copy, status=2).stderr


def test_extracting_again_keeps_the_archive_whole(run: Run, archive: Path, rules: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(archive, copy)
    assert TEXT in run("export", copy).stdout
    run("reextract", copy, "--rules", rules, "-q")
    assert TEXT not in run("export", copy).stdout
    assert lines(run("diff", archive, copy).stdout)[0]["paragraphs_lost"] == 1
    run("reextract", tmp_path / "nothing", status=2)
