"""The choice of the headline."""

import pytest

from newsclean.metadata.headlines import Heading, headings, wordings
from tests.metadata.pages import PROSE, article, meta, page, read, script

STAYS = "The old bridge stays open"
SEARCH = "Bridge open: what walkers must know now"


def first(
    visible: list[Heading],
    json_ld: str | None,
    open_graph: str | None,
    twitter: str | None,
    title: str | None,
    is_news: bool = False,
) -> str:
    return wordings(visible, json_ld, open_graph, twitter, title, ("Harbour News",), is_news=is_news)[0].text


def seen(*texts: str) -> list[Heading]:
    return [Heading(number, text, False) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    "title",
    [
        f"{STAYS} | Harbour News",
        f"{STAYS} - Harbour News",
        f"{STAYS} – Politics – Harbour News",
        f"Harbour News: {STAYS}",
        f"{STAYS} » harbournews.example",
        f"{STAYS}ㅣHarbour News",
    ],
)
def test_the_name_of_the_outlet_is_cut_off(title: str) -> None:
    outlet = ("Harbour News", "harbournews.example")
    found = wordings([], None, title, None, title, outlet, ("Politics",))
    if ":" not in title:
        assert found[0].text == STAYS
    assert found[0].raw == title


def test_a_dash_inside_the_headline_stays() -> None:
    text = "Bridge stays open – for walkers alone"
    assert first(seen(text), None, text, None, f"{text} | Harbour News") == text
    assert first([], None, text, None, f"{text} | Harbour News") == text


def test_what_readers_see_goes_before_copies_of_the_page_title() -> None:
    assert first(seen(STAYS), SEARCH, SEARCH, None, SEARCH) == STAYS
    assert first(seen(STAYS), None, SEARCH, None, f"{SEARCH} | Harbour News") == STAYS


def test_the_headline_of_a_news_article_goes_before_a_heading_that_stands_alone() -> None:
    assert first(seen(STAYS), SEARCH, SEARCH, None, SEARCH, is_news=True) == SEARCH


@pytest.mark.parametrize("heading", ["Harbour News", "Navigation", "Menu"])
def test_a_heading_that_is_no_headline(heading: str) -> None:
    assert first(seen(heading), None, STAYS, None, f"{STAYS} | Harbour News") == STAYS


def test_a_site_name_as_heading_that_ends_the_title() -> None:
    assert first(seen("Notes of a walker"), None, None, None, f"{STAYS} today | Notes of a walker") == f"{STAYS} today"


def test_the_spelling_that_most_sources_have() -> None:
    assert first(seen("Old bridgeStays open"), "Old bridge: Stays open", "Old bridge: Stays open", None, None) == (
        "Old bridge: Stays open"
    )


TRAIL = f'<nav class="breadcrumb"><a href="/">Home</a><h1>{SEARCH}</h1></nav>'


@pytest.mark.parametrize(
    "trail",
    [
        TRAIL,
        f"<ol><li>Home</li><li><h1>{SEARCH}</h1></li></ol>",
        f'<div class="page-breadcrumbs"><h1>{SEARCH}</h1></div>',
    ],
)
def test_the_last_step_of_a_breadcrumb_trail_is_no_headline(trail: str) -> None:
    found = read(
        f"<title>{SEARCH}</title>" + meta("og:title", STAYS) + script(article(headline=SEARCH)),
        f"{trail}<article><h2>{STAYS}</h2>{PROSE}</article>",
    )
    assert found.values["headline"] == STAYS
    assert SEARCH in found.headlines


def test_a_kicker_before_the_headline_is_left_off_where_a_source_says_so() -> None:
    head = f"<title>{SEARCH}</title>" + meta("og:title", STAYS)
    found = read(head, f"{TRAIL}<h2><span>Port </span>{STAYS}</h2>{PROSE}")
    assert found.values["headline"] == STAYS
    assert found.sources["headline"].source == "meta:og:title"


def test_the_pieces_of_one_heading_are_one() -> None:
    blocks = page(body=f"<h1><div>Port</div><div>{STAYS}</div></h1><h1>More</h1>{PROSE}").blocks
    assert [heading.text for heading in headings(blocks)] == [f"Port {STAYS}", "More"]


def test_a_title_of_any_length() -> None:
    assert read("<title>" + "a - " * 20_000 + "</title>", f"<h1>{STAYS}</h1>{PROSE}").values["headline"] == STAYS


def test_no_headline() -> None:
    assert wordings([], None, None, None, None, ()) == []


def test_a_kicker_of_its_own_line_that_a_declared_wording_parts_off() -> None:
    body = "<h1><span style='display:block'>Harbour</span><div>Quay</div><div>The old bridge stays open</div></h1>"
    shown = "<h1><div>After the vote</div><div>The old bridge stays open</div></h1>" + PROSE
    for sign in (": ", " – ", " - ", " | "):
        found = read(meta("og:title", f"After the vote{sign}The old bridge stays open"), shown)
        assert found.values["headline"] == "The old bridge stays open"
        assert found.values["alternative_headline"] == "After the vote"
    assert (
        read(meta("og:title", "After the vote the old bridge stays open"), shown).values["headline"].startswith("After")
    )
    assert read("", body + PROSE).values["headline"] == "Harbour Quay The old bridge stays open"
