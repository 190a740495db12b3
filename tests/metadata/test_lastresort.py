"""htmldate, where nothing else has a date."""

import pytest

from newsclean.metadata.lastresort import day_of


def test_a_day_that_stands_in_the_page() -> None:
    source = "<html><body><h1>x</h1><p>Posted: 2024-05-01</p><p>words</p></body></html>"
    assert day_of(source, None, "2100-01-01") == "2024-05-01"
    assert day_of(source, None, "2020-01-01") is None


def test_the_first_of_a_month_that_no_page_names() -> None:
    source = "<html><body><h1>x</h1><p>Posted: 2024-02-30</p><p>words</p></body></html>"
    assert day_of(source, None, "2100-01-01") is None


def test_long_pages_are_not_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("htmldate.find_date", lambda *_, **__: "2024-05-02")
    assert day_of("x", None, "2100-01-01") == "2024-05-02"
    assert day_of("x" * 500_001, None, "2100-01-01") is None


@pytest.mark.parametrize("problem", [ValueError, TypeError, RecursionError])
def test_its_errors_stay_here(problem: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr("htmldate.find_date", fail)
    assert day_of("<html></html>", None, "2100-01-01") is None
