"""Strings that name authors -> names."""

import pytest

from newsclean.metadata.names import declared_names, is_organisation, is_person, shown_names, split

OUTLET = frozenset({"harbournews"})


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Ann Cole", ("Ann Cole",)),
        ("By Ann Cole", ("Ann Cole",)),
        ("Von Anna Köhler", ("Anna Köhler",)),
        ("Ann Cole and Bo Dahl", ("Ann Cole", "Bo Dahl")),
        ("Anna Köhler und Bo Dahl", ("Anna Köhler", "Bo Dahl")),
        ("Anne Colin et Luc Petit", ("Anne Colin", "Luc Petit")),
        ("Ann Cole, Bo Dahl and Cy Eck", ("Ann Cole", "Bo Dahl", "Cy Eck")),
        ("Ann Cole, Bo Dahl, and Cy Eck", ("Ann Cole", "Bo Dahl", "Cy Eck")),
        ("Ann Cole; Bo Dahl", ("Ann Cole", "Bo Dahl")),
        ("Ann Cole / Bo Dahl", ("Ann Cole", "Bo Dahl")),
        ("Ann Cole & Bo Dahl", ("Ann Cole", "Bo Dahl")),
        ("Cole, Ann", ("Ann Cole",)),
        ("Cole, Ann T.", ("Ann T. Cole",)),
        ("Veröffentlicht von Ann Cole", ("Ann Cole",)),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("Ann Cole, Berlin", ("Ann Cole",)),
        ("Ann Cole, Senior Reporter", ("Ann Cole",)),
        ("Ann Cole Redakteurin", ("Ann Cole",)),
        ("Ann Cole (Harbour News)", ("Ann Cole",)),
        ("Ann Cole ann.cole@news.example", ("Ann Cole",)),
        ("Ann Cole, The Associated Press", ("Ann Cole",)),
        ("김민수 기자", ("김민수",)),
        ("山田太郎", ("山田太郎",)),
        ("Ludwig van der Meer", ("Ludwig van der Meer",)),
        ("cy", ("cy",)),
        ("https://news.example/ann", ()),
        ("@anncole", ()),
        ("admin", ()),
        ("No Author", ()),
        ("#author", ()),
        ("page.head.author", ()),
        ("{{author}}", ()),
        ("", ()),
    ],
)
def test_declared(text: str, people: tuple[str, ...]) -> None:
    assert declared_names(text).people == people


@pytest.mark.parametrize(
    ("text", "organisations"),
    [
        ("Harbour News", ("Harbour News",)),
        ("Harbournews", ("Harbournews",)),
        ("The Harbournews", ("The Harbournews",)),
        ("dpa", ("dpa",)),
        ("Redaktion", ("Redaktion",)),
        ("Sports Desk", ("Sports Desk",)),
        ("Ann Cole", ()),
    ],
)
def test_newsrooms_are_no_people(text: str, organisations: tuple[str, ...]) -> None:
    assert declared_names(text, OUTLET).organisations == organisations


@pytest.mark.parametrize(
    ("text", "marked", "people"),
    [
        ("By Ann Cole", False, ("Ann Cole",)),
        ("By: Ann Cole and Bo Dahl", False, ("Ann Cole", "Bo Dahl")),
        ("ByAnn Cole", False, ("Ann Cole",)),
        ("Von Anna Köhler, 05.08.2024, 20:59 Uhr", False, ("Anna Köhler",)),
        ("Posted on 3 May 2024 by Ann Cole", False, ("Ann Cole",)),
        ("3. Mai 2024 von Anna Köhler", False, ("Anna Köhler",)),
        ("A column by Ann Cole", False, ("Ann Cole",)),
        ("By Ann Cole Updated May 3, 2024", False, ("Ann Cole",)),
        ("By Ann Cole May 3, 2024", False, ("Ann Cole",)),
        ("Ann Cole", True, ("Ann Cole",)),
        ("Ann Cole Staff Writer", True, ("Ann Cole",)),
        ("Ann Cole | Harbour Editor | 3 May 2024", True, ("Ann Cole",)),
        ("Ludwig von Meer", True, ("Ludwig von Meer",)),
        ("Ann Cole | Rosario del Mar | 3 May 2024", True, ("Ann Cole",)),
        ("Par Anne Colle, Louis Bret Envoyés spéciaux à Montville", False, ("Anne Colle", "Louis Bret")),
        ("By Ann Cole Senior Autos Reporter", False, ("Ann Cole",)),
        ("By Ann Cole harbour.com Archive | Contact", True, ("Ann Cole",)),
        ("by Ann ColeMay 3, 2024", False, ("Ann Cole",)),
        ("Ann ColeFollow", True, ("Ann Cole",)),
        ("By Ann ColeIn Harbour Walks, Travel", False, ("Ann Cole",)),
        ("ByA.B. Cole", False, ("A.B. Cole",)),
        ("By Ann", True, ("Ann",)),
        ("By Ann", False, ()),
        ("Ann Cole", False, ()),
        ("The bridge built by the town stays open", False, ()),
        ("By the end of the month it will rain", False, ()),
        ("Share this article", True, ()),
        ("3 May 2024", True, ()),
        ("Leave a comment", True, ()),
        ("Member of", True, ()),
        ("Zur Person", True, ()),
        ("By " + "Ann Cole, " * 100, True, ()),
    ],
)
def test_shown(text: str, marked: bool, people: tuple[str, ...]) -> None:
    assert shown_names(text, marked).people == people


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("By Ann Cole HARBOURNEWS", ("Ann Cole",)),
        ("By Ann Cole Harbournews Executive News Editor", ("Ann Cole",)),
        ("By Ann Mary Harbournews", ("Ann Mary Harbournews",)),
        ("Harbour News and Ann Cole", ("Ann Cole",)),
    ],
)
def test_the_outlet_behind_a_name(text: str, people: tuple[str, ...]) -> None:
    found = shown_names(text, True, OUTLET)
    assert found.people == people


def test_the_outlet_beside_a_declared_name() -> None:
    assert declared_names("Harbour News - Ann Cole", OUTLET).people == ("Ann Cole",)
    assert declared_names("Harbour News and AFP", OUTLET).organisations == ("Harbour News and AFP",)


def test_two_words_of_the_same_person_are_not_split() -> None:
    assert split("José Ortega y Gasset") == ["José Ortega y Gasset"]
    assert split("Juan Paz y Ana Sol") == ["Juan Paz", "Ana Sol"]


@pytest.mark.parametrize("name", ["Ann Cole", "Bill McCARTHY", "Ann-Marie O'Neill", "Ludwig van der Meer", "علي حسن"])
def test_people(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "name", ["", "the bridge", "Ann Cole?", "Route 66", "Harbour News", "Read More", "Senior Editor", "A B C D E F G"]
)
def test_no_people(name: str) -> None:
    assert not is_person(name)


def test_the_outlet_by_any_spelling() -> None:
    assert is_organisation("harbour-news", OUTLET)
    assert not is_organisation("Ann Cole", OUTLET)
