"""Lines of the page that name the authors."""

import pytest

from newsclean.metadata.bylines import bylines, far_byline, opening_name, repeated_name
from tests.metadata.pages import PROSE, page

HEAD = "<h1>The bridge stays</h1>"
NONE: frozenset[str] = frozenset()


def names(body: str, only_named: bool = False) -> tuple[str, ...]:
    blocks = page(body=body).blocks
    at = next((block.index for block in blocks if block.level == 1), None)
    return next((line.names.people for line in bylines(blocks, at, NONE, only_named)), ())


@pytest.mark.parametrize(
    "line",
    [
        '<p class="byline">Ann Cole</p>',
        '<div class="post-authorName"><span>Ann Cole</span></div>',
        '<p><a href="/author/ann">Ann Cole</a></p>',
        '<p><a href="/people/ann-cole">Ann Cole</a></p>',
        "<p>By Ann Cole</p>",
        '<p class="meta">3 May 2024 by Ann Cole</p>',
        '<ul class="authors"><li class="authors__list-item">von Ann Cole</li></ul>',
        '<div class="social-bar"><div class="author"><p>Ann Cole</p></div></div>',
        '<p class="field-tag-author">Ann Cole</p>',
    ],
)
def test_a_byline(line: str) -> None:
    assert names(HEAD + line + PROSE) == ("Ann Cole",)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Ann Cole</p>",
        '<p class="comment-author">Ann Cole</p>',
        '<div class="related"><p class="author">Ann Cole</p></div>',
        '<div class="tags"><a href="/people/ann-cole">Ann Cole</a></div>',
        '<figcaption class="author">Ann Cole</figcaption>',
        '<p><a href="/privacy-policy/">Privacy Policy</a></p>',
        '<p class="author">The bridge stays open for walkers</p>',
    ],
)
def test_no_byline(line: str) -> None:
    assert names(HEAD + line + PROSE) == ()


def test_bylines_of_teasers_are_not_the_articles() -> None:
    teaser = '<article><h2>Rain</h2><p class="author">Bo Dahl</p></article>'
    assert names(f"<article>{HEAD}{PROSE}</article>{teaser}") == ()
    assert names(f'<article>{HEAD}<p class="author">Ann Cole</p>{PROSE}</article>{teaser}') == ("Ann Cole",)


def test_what_the_article_is_filed_under_says_nothing_of_its_byline() -> None:
    line = '<p class="author">Ann Cole</p>'
    for around in ('div class="hentry tag-newsletter related"', 'div class="module image"'):
        assert names(f"<{around}>{HEAD}{line}{PROSE}</div>") == ("Ann Cole",)
        assert names(f"{HEAD}<{around}>{line}</div>{PROSE}") == ()


@pytest.mark.parametrize(
    ("behind", "people"),
    [
        ("<p>Ann Cole writes of rivers and of those who live beside them.</p>", ("Ann Cole",)),
        ("<p>Written by Ann Cole</p>", ("Ann Cole",)),
        ("<p>Ann Cole</p>", ()),
        ("<p>Written by Bo Dahl</p>", ()),
    ],
)
def test_a_name_of_which_another_line_tells(behind: str, people: tuple[str, ...]) -> None:
    blocks = page(body=f"{HEAD}<div>Ann Cole</div><p>3 May</p>{PROSE}{behind}").blocks
    line = repeated_name(blocks, 0, NONE)
    assert (line.names.people if line else ()) == people
    assert repeated_name(blocks, None, NONE) is None


def test_a_line_that_begins_with_by_before_the_text() -> None:
    story = f"<div><p>Rain</p><p>By Ann Cole</p>{PROSE}</div>"
    line = far_byline(page(body=story).blocks, None, NONE)
    assert line is not None
    assert line.names.people == ("Ann Cole",)
    assert far_byline(page(body="<div><p>By Ann Cole</p></div><p>Rain</p>").blocks, None, NONE) is None


def test_lines_of_one_box_are_one_byline() -> None:
    box = "".join(
        f'<div class="byline"><div><address class="name">{name}</address></div></div>'
        for name in ("Ann Cole", "Bo Dahl")
    )
    assert names(f'{HEAD}<div class="bylines">{box}</div>{PROSE}') == ("Ann Cole", "Bo Dahl")


def test_only_those_that_class_names_mark() -> None:
    assert names(f"{HEAD}<p>By Ann Cole</p>{PROSE}", only_named=True) == ()
    assert names(f'{HEAD}<p class="byline">By Ann Cole</p>{PROSE}', only_named=True) == ("Ann Cole",)


def test_a_byline_below_the_text() -> None:
    blocks = page(body=HEAD + PROSE * 80 + '<p class="author-name">Ann Cole</p>').blocks
    line = far_byline(blocks, None, NONE)
    assert line is not None
    assert line.names.people == ("Ann Cole",)
    assert far_byline(page(body=HEAD + PROSE).blocks, 0, NONE) is None


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Ann Cole", ("Ann Cole",)),
        ("Ann Cole/Bo Dahl", ("Ann Cole", "Bo Dahl")),
        ("Local News", ()),
        ("the old bridge", ()),
        ("Ann Cole.", ()),
    ],
)
def test_a_name_alone_before_the_text(line: str, people: tuple[str, ...]) -> None:
    blocks = page(body=f"{HEAD}<div><p>{line}</p>{PROSE}</div>").blocks
    found = opening_name(blocks, 0, NONE)
    assert (found.names.people if found else ()) == people


def test_a_page_without_blocks() -> None:
    assert list(bylines((), None, NONE)) == []
    assert opening_name((), None, NONE) is None
