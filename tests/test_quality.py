"""The quality gate's floors, held in the suite: of the news pages where ../shared/bench is there, of the page fixtures.

scripts/gate measures more pages and compares their digests, too.
"""

import tomllib

import pytest

from newsclean.labels import LABELS
from scripts.quality.floors import Floors
from scripts.quality.gate import FOLDER
from scripts.quality.measure import BENCH, LANGUAGES_OF, SETS, lines_named, measure
from scripts.quality.measure import LABELS as LABELS_FILE
from tests.fixtures.pages import FIXTURES

FLOORS = Floors.read(FOLDER / "floors.toml")
OTHER_SETS = [f"sets.{name}" for name in SETS if name != LANGUAGES_OF]


@pytest.mark.skipif(not BENCH.exists(), reason="../shared/bench is not there: no pages with gold to measure")
def test_no_figure_of_the_news_pages_is_below_its_floor() -> None:
    found = measure(sets=[LANGUAGES_OF], workers=1)
    assert found.figures[f"sets.{LANGUAGES_OF}"]["pages"] == 120
    assert list(map(str, FLOORS.falls(found.figures, OTHER_SETS))) == []


def test_no_label_of_the_page_fixtures_is_below_its_floor() -> None:
    found = measure(bench=None)
    assert list(map(str, FLOORS.falls(found.figures, ["sets", "languages"]))) == []


def test_floors_are_there_for_each_set_and_for_languages_and_labels() -> None:
    kinds = [name.partition(".")[0] for name in FLOORS.figures]
    assert {f"sets.{name}" for name in SETS} <= FLOORS.figures.keys()
    assert kinds.count("languages") >= 5
    assert kinds.count("labels") >= 12


def test_marked_lines_are_lines_of_the_fixtures_with_one_label_each() -> None:
    marked = tomllib.loads(LABELS_FILE.read_text(encoding="utf-8"))
    fixtures = {fixture.name: fixture for fixture in FIXTURES}
    for name, labels in marked.items():
        assert labels.keys() <= LABELS
        beginnings = [beginning for group in labels.values() for beginning in group]
        lines = lines_named(beginnings, fixtures[name].truth["must_not"])
        assert len(lines) == len(set(lines)), name
    assert marked.keys() == {name for name, fixture in fixtures.items() if fixture.truth.get("must_not")}
