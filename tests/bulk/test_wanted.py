"""Which pages are extracted."""

import pytest

from newsclean.bulk.rows import rows_of_warc
from newsclean.bulk.wanted import Wanted
from newsclean.errors import UsageError
from tests.bulk.conftest import Make, story

GERMAN = (
    "<p>Der Fährrat hat am Dienstag beschlossen, dass der alte Kai offen bleibt und nicht verkauft wird.</p>"
    "<p>Im Mai beginnen die Arbeiten, sagte die Hafenmeisterin, und sie werden bis in den Herbst hinein dauern.</p>"
    "<p>Bis dahin legen die Boote am Fischmarkt an, sodass niemand weiter als bisher zur Straßenbahn gehen muss.</p>"
)
PAGES = [
    ("https://news.example/0", story(0)),
    ("https://www.news.example/1", story(1)),
    ("https://badnews.example/2", story(2)),
    ("https://news.example/3", story(3), 404, "text/html"),
    ("https://news.example/4", story(4), 200, "application/xhtml+xml"),
    ("https://news.example/5", "%PDF", 200, "application/pdf"),
    ("https://news.example/6", f"<html lang='de'><body><article><h1>Der Kai</h1>{GERMAN}</article></body></html>"),
]


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), "01246"),
        (Wanted(hosts=("news.example",)), "0146"),
        (Wanted(hosts=("www.news.example", "badnews.example")), "12"),
        (Wanted(statuses=(404,)), "3"),
        (Wanted(statuses=(200, 404)), "012346"),
        (Wanted(mimes=("application/xhtml+xml",)), "4"),
        (Wanted(languages=("de",)), "6"),
        (Wanted(since="2026-03-01"), "2"),
        (Wanted(since="2026-02-11T10:00:00Z", until="2026-03-11T10:00:00Z"), "14"),
        (Wanted(until="2026-02-01", hosts=("badnews.example",)), ""),
    ],
)
def test_filters(warc: Make, wanted: Wanted, numbers: str) -> None:
    path = str(warc("a.warc.gz", PAGES))
    assert "".join(row["url"][-1] for row in rows_of_warc(path, wanted=wanted)) == numbers


@pytest.mark.parametrize("name", ["since", "until"])
def test_no_date(name: str) -> None:
    with pytest.raises(UsageError, match=f"{name}: no date 'May'"):
        Wanted(**{name: "May"})  # type: ignore[arg-type]


def test_pages_that_are_not_wanted_are_not_parsed(warc: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("extracted")

    path = str(warc("a.warc.gz", PAGES))
    monkeypatch.setattr("newsclean.bulk.rows.extract_capture", fail)
    assert list(rows_of_warc(path, wanted=Wanted(hosts=("other.example",)))) == []
