"""Names of agencies."""

from typing import Any

import pytest

from newsclean.metadata.agencies import (
    agency_data,
    agency_in_byline,
    agency_of,
    agency_of_names,
    agency_of_value,
    agency_signed,
)
from newsclean.metadata.dateline import datelines

AGENCIES = agency_data()["agency"]


def named(line: str) -> str | None:
    """The agency of a line, wherever pages name one."""
    found = datelines([line])
    return (found.agency if found else None) or agency_in_byline(line)


@pytest.mark.parametrize(("line", "name"), [(line, agency["name"]) for agency in AGENCIES for line in agency["match"]])
def test_the_examples_of_the_vocabulary(line: str, name: str) -> None:
    assert name in (named(line) or "").split("/")


@pytest.mark.parametrize("line", [line for agency in AGENCIES for line in agency["no_match"]])
def test_lines_that_name_none(line: str) -> None:
    assert named(line) is None


def test_a_spelling_names_one_agency() -> None:
    names: dict[str, set[str]] = {}
    for agency in AGENCIES:
        for spelling in agency["spellings"]:
            names.setdefault(spelling.lower(), set()).add(agency["name"])
    assert {spelling: found for spelling, found in names.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        ("AFP/NAN", "AFP/NAN"),
        ("(AP)", "AP"),
        ("AP, Reuters", "AP/Reuters"),
        ("ap", None),
        ("City desk", None),
        ("", None),
    ],
)
def test_marks(mark: str, name: str | None) -> None:
    assert agency_of(mark) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Reuters", "Reuters"),
        ({"@type": "Organization", "name": "Associated Press"}, "AP"),
        ([{"name": "AFP"}, {"name": "dpa"}], "AFP/dpa"),
        ({"name": "The Quay Courier"}, None),
        ([], None),
        (None, None),
        (7, None),
    ],
)
def test_values_of_structured_data(value: Any, name: str | None) -> None:
    assert agency_of_value(value) == name


def test_names_of_authors() -> None:
    assert agency_of_names(("Ada Brook", "Reuters")) == "Reuters"
    assert agency_of_names(("Ada Brook",)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The bridge stays open, the mayor said. (AP)", "AP"),
        ("The bridge stays open until May. /dpa", None),
        ("Reuters", "Reuters"),
        ("The bridge stays open until May (see map)", None),
    ],
)
def test_signs_at_the_end(text: str, name: str | None) -> None:
    assert agency_signed(text) == name
