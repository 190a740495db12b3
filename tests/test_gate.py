"""scripts/gate: what it lets through, what it says, and what it writes."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from newsclean import Article
from scripts.quality import digests, gate, measure
from scripts.quality.floors import Floors, FloorsError
from scripts.quality.measure import Measured, Page, by_language, lines_named, summary

NEWS = "sets.news"


def measured(word_f1: float = 0.9512, extra: float = 2.0, digest: str = "aa") -> Measured:
    page = Page("fixtures/quay", digest, {"line_f1": word_f1})
    return Measured({NEWS: {"pages": 3, "word_f1": word_f1, "extra_lines": extra}}, {page.id: page})


@pytest.fixture
def floors() -> Floors:
    return Floors({}).raised(measured().figures)


def test_floors_are_on_the_step_below_what_was_found(floors: Floors) -> None:
    assert floors.figures[NEWS] == {"pages": 3, "word_f1": 0.951, "extra_lines": 2.0}
    few = Floors({}).raised({"languages.de": {"word_f1": 0.9871, "extra_lines": 1.234}, "labels.share": {"out": 1.0}})
    assert few.figures["languages.de"] == {"word_f1": 0.98, "extra_lines": 1.4}
    assert few.figures["labels.share"] == {"out": 1.0}
    assert not few.falls({"languages.de": {"word_f1": 0.9871, "extra_lines": 1.234}, "labels.share": {"out": 1.0}})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (measured(0.9512), []),
        (measured(0.9510), []),
        (measured(0.9509), ["sets.news.word_f1: 0.9509, must be at least 0.951"]),
        (measured(0.99, 2.1), ["sets.news.extra_lines: 2.1000, must be at most 2"]),
        (
            Measured({NEWS: {"pages": 4, "word_f1": 1, "extra_lines": 0}}),
            ["sets.news.pages: 4.0000, must be exactly 3"],
        ),
    ],
)
def test_falls(floors: Floors, found: Measured, said: list[str]) -> None:
    assert list(map(str, floors.falls(found.figures))) == said


def test_what_was_not_measured_has_fallen_unless_it_was_skipped(floors: Floors) -> None:
    assert [fall.found for fall in floors.falls({})] == [None] * 3
    assert floors.falls({}, ["sets"]) == floors.falls({}, [NEWS]) == []


def test_floors_rise_and_do_not_fall(floors: Floors) -> None:
    better = floors.raised(measured(0.97, 1.5).figures)
    assert (better.figures[NEWS]["word_f1"], better.figures[NEWS]["extra_lines"]) == (0.97, 1.5)
    assert better.raised(measured(0.9, 9).figures) == better


def test_floors_are_lowered_with_a_reason_which_is_noted(floors: Floors, tmp_path: Path) -> None:
    reason = 'gold was "mended"'
    lower = floors.raised(measured(0.9, 1.0).figures, reason, date(2025, 3, 14))
    assert lower.figures[NEWS] == {"pages": 3, "word_f1": 0.9, "extra_lines": 1.0}
    (note,) = lower.lowered
    assert note == {"date": "2025-03-14", "reason": reason, "floors": ["sets.news.word_f1 0.951 to 0.9"]}
    gone = lower.raised({"labels.share": {"out": 1.0}}, "the set is gone", date(2025, 3, 15))
    assert gone.figures == {"labels.share": {"out": 1.0}}
    assert len(gone.lowered) == 2
    gone.write(tmp_path / "floors.toml")
    assert Floors.read(tmp_path / "floors.toml") == gone


def test_floors_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert Floors.read(tmp_path / "none.toml") == Floors({})
    for text in ("sets = 3\n", "[sets.news]\nword_f1 = 'high'\n", "[sets\n"):
        (tmp_path / "floors.toml").write_text(text)
        with pytest.raises(FloorsError, match=r"floors\.toml"):
            Floors.read(tmp_path / "floors.toml")


def test_digests_say_which_pages_changed(tmp_path: Path) -> None:
    file = tmp_path / "digests.txt"
    pages = {name: Page(f"a set/{name}", name, {"word_f1": 0.9}) for name in "xyz"}
    digests.write(file, {page.id: page for page in pages.values()}, {"other/page": ("aa", 0.5)})
    known = digests.read(file)
    assert known["a set/x"] == ("x", 0.9)
    now = {
        "a set/x": Page("a set/x", "x", {"word_f1": 0.9}),
        "a set/y": Page("a set/y", "new", {"word_f1": 0.4}),
        "a set/w": Page("a set/w", "w", {"word_f1": 0.7}),
    }
    said = list(map(str, digests.changes(known, now, ["a set"])))
    assert said == ["a set/z: gone, was 0.900", "a set/y: 0.900 to 0.400", "a set/w: new, 0.700"]


@pytest.fixture
def gated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with floors and digests of one page; the gate measures what :func:`now` says."""
    now(monkeypatch, measured())
    monkeypatch.setattr(gate, "FOLDER", tmp_path)
    assert run(tmp_path, "--update") == 0
    return tmp_path


def now(monkeypatch: pytest.MonkeyPatch, found: Measured) -> None:
    monkeypatch.setattr(gate, "measure", lambda **_: found)


def run(folder: Path, *args: str) -> int:
    bench = folder / "bench"
    bench.mkdir(exist_ok=True)
    (bench / "bench.py").touch()
    return gate.main([*args, "--folder", str(folder), "--bench", str(bench)])


def test_all_as_before(gated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(gated, "--strict") == 0
    assert "all pages come out as they did" in capsys.readouterr().out


def test_fall_is_status_4_and_says_which(
    gated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now(monkeypatch, measured(0.9, digest="bb"))
    assert run(gated) == 4
    said = capsys.readouterr().out
    assert "sets.news.word_f1: 0.9000, must be at least 0.951" in said
    assert "fixtures/quay: 0.951 to 0.900" in said
    assert "--allow-lower" in said


def test_other_texts_pass_unless_strict(
    gated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now(monkeypatch, measured(digest="bb"))
    assert run(gated) == 0
    assert "fixtures/quay: 0.951 to 0.951" in capsys.readouterr().out
    assert run(gated, "--strict") == 4
    assert "scripts/gate --update" in capsys.readouterr().out
    assert run(gated, "--update") == 0
    assert run(gated, "--strict") == 0


def test_update_lowers_nothing_without_a_reason(gated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file.name: file.read_text() for file in gated.glob("*.t*")}
    now(monkeypatch, measured(0.9, digest="bb"))
    assert run(gated, "--update") == 4
    assert {file.name: file.read_text() for file in gated.glob("*.t*")} == before
    assert run(gated, "--update", "--allow-lower", "a reason") == 0
    assert 'reason = "a reason"' in (gated / "floors.toml").read_text()
    assert run(gated, "--strict") == 0


def test_without_the_sets_their_floors_and_digests_stay(
    gated: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (gated / "digests.txt").open("a") as file:
        file.write("wcxb-dev/0001 cc 0.5\n")
    fixtures = measured()
    fixtures.figures = {"labels.share": {"lines": 2, "out": 1.0}}
    now(monkeypatch, fixtures)
    args = ("--folder", str(gated), "--bench", str(gated / "nowhere"))
    assert gate.main(["--strict", *args]) == 0
    assert "is not there: the sets are skipped" in capsys.readouterr().out
    assert gate.main(["--update", *args]) == 0
    assert Floors.read(gated / "floors.toml").figures.keys() == {NEWS, "labels.share"}
    assert "wcxb-dev/0001" in digests.read(gated / "digests.txt")


def test_wrong_calls(gated: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(gated, "--allow-lower", "a reason")
    (gated / "floors.toml").write_text("[sets\n")
    assert run(gated) == 2
    assert "floors.toml" in capsys.readouterr().err


def test_means_and_snippets() -> None:
    pages: list[dict[str, Any]] = [
        {"word_f1": 1.0, "perfect": True, "present": None, "confusion": (3, 1, 0, 4)},
        {"word_f1": 0.5, "perfect": False, "present": 0.5},
    ]
    found = summary(pages, ("word_f1", "perfect", "present", "date_ok"))
    assert found == {"pages": 2, "word_f1": 0.75, "perfect": 0.5, "present": 0.5, "snippet_f1": 6 / 7}
    assert Page("a", "b", {"confusion": (3, 1, 0, 4)}).score == 7 / 8


def test_languages_of_few_pages_count_together() -> None:
    pages = [(Page(str(n), "d", {"word_f1": 0.5}), language) for n, language in enumerate("de de de fr it".split())]
    found = by_language(pages)
    assert {name: row["pages"] for name, row in found.items()} == {"languages.de": 3, "languages.other": 2}


def test_score_is_the_benchmark_s(monkeypatch: pytest.MonkeyPatch) -> None:
    def score_page(*given: object) -> dict[str, object]:
        return {"given": given}

    monkeypatch.setattr(measure, "_bench", lambda folder: SimpleNamespace(score_page=score_page, folder=folder))
    article = Article(
        url=None, headline="Quay", authors=("A. Reed",), date_published="2025-03-14", body=("One.", "Two.")
    )
    truth = {"id": "1"}
    nothing: dict[str, Any] = {"text": "", "title": None, "authors": [], "date": None}
    found = {"text": "One.\nTwo.", "title": "Quay", "authors": ["A. Reed"], "date": "2025-03-14"}
    assert measure.score(truth, None, Path())["given"] == (truth, nothing, 0.0, None)
    assert measure.score(truth, article, Path())["given"] == (truth, found, 0.0, None)


def test_lines_are_named_by_their_beginning() -> None:
    assert lines_named(["Ad", "Share"], ["Share this", "Advertisement", "Ad"]) == ["Ad", "Share this"]
    with pytest.raises(ValueError, match="begins with 'Vote'"):
        lines_named(["Vote"], ["Share this"])
