"""The choice of the authors."""

import pytest

from tests.metadata.pages import PROSE, article, meta, read, script

HEAD = "<h1>The bridge stays</h1>"
SITE = meta("og:site_name", "Harbour News")
PERSON = script({"@type": "Person", "@id": "#a", "name": "Ann Cole"})
LINE = '<p class="byline">By Ann Cole</p>'


def found(head: str = "", body: str = "") -> tuple[tuple[str, ...] | None, str | None]:
    read_off = read(SITE + head, HEAD + body + PROSE)
    source = read_off.sources.get("authors")
    return read_off.values.get("authors"), source.source.split(":")[0] if source else None


def ld(author: object) -> str:
    return script(article(author=author))


@pytest.mark.parametrize(
    ("head", "body", "authors", "source"),
    [
        (ld({"name": "Ann Cole"}), '<p class="byline">By Bo Dahl</p>', ("Ann Cole",), "json-ld"),
        (meta("author", "Ann Cole"), "", ("Ann Cole",), "meta"),
        (ld({"name": "Harbour News"}) + meta("author", "Ann Cole"), "", ("Ann Cole",), "meta"),
        (ld({"@type": "Organization", "name": "Harbour News"}), LINE, ("Ann Cole",), "block"),
        (meta("author", "admin"), LINE, ("Ann Cole",), "block"),
        (meta("author", "https://social.example/harbour"), "", None, None),
        (ld({"@type": "Organization", "name": "dpa"}), LINE, ("dpa",), "json-ld"),
        (ld({"name": "Harbour News"}) + meta("articleauthor", "dpa"), "", ("dpa",), "meta"),
        (ld({"name": "Harbour News"}), "", ("Harbour News",), "json-ld"),
        ("", LINE, ("Ann Cole",), "block"),
        ("", "", None, None),
        (ld({"@id": "#a"}) + PERSON, "", ("Ann Cole",), "json-ld"),
        (ld([{"name": "Ann Cole"}, {"@type": "Organization", "name": "dpa"}]), "", ("Ann Cole", "dpa"), "json-ld"),
        (ld("Ann Cole and Bo Dahl"), "", ("Ann Cole", "Bo Dahl"), "json-ld"),
        (meta("twitter:label1", "Written by") + meta("twitter:data1", "Ann Cole"), "", ("Ann Cole",), "meta"),
        (meta("twitter:label1", "Reading time") + meta("twitter:data1", "Ann Cole"), "", None, None),
    ],
)  # fmt: skip
def test_choice(head: str, body: str, authors: tuple[str, ...] | None, source: str | None) -> None:
    assert found(head, body) == (authors, source)


def test_a_byline_with_all_declared_names_and_more() -> None:
    assert found(ld("Ann Cole"), '<p class="byline">By Ann Cole and Bo Dahl</p>') == (("Ann Cole", "Bo Dahl"), "block")
    assert found(ld("Ann Cole"), '<p class="byline">By Cy Eck and Bo Dahl</p>') == (("Ann Cole",), "json-ld")


def test_400_authors() -> None:
    names = [{"name": f"Ann Cole{chr(97 + number % 26)}{chr(97 + number // 26)}"} for number in range(400)]
    authors, _ = found(ld(names))
    assert authors is not None
    assert len(authors) == 100


def test_the_raw_value_is_what_the_page_says() -> None:
    assert read(ld("By Ann Cole"), HEAD + PROSE).sources["authors"].raw == "By Ann Cole"
    assert read("", HEAD + LINE + PROSE).sources["authors"].raw == "By Ann Cole"
