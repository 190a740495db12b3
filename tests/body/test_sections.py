"""A heading that names a box takes what is in the box with it, and nothing after it."""

import pytest

from newsclean.extraction import clean_text
from tests.body.pages import PARAGRAPHS, body, extract, p, page, verdict

A, B, C, D, E, F = PARAGRAPHS
TITLES = ("Harbour wall will be raised", "Fish are back in the river", "Mill to become a museum")
LINKS = "<ul>" + "".join(f"<li><a href='/{n}'>{title}</a></li>" for n, title in enumerate(TITLES)) + "</ul>"


@pytest.mark.parametrize(
    "box",
    [
        f"<h3>Related Articles</h3>{LINKS}",
        f"<div><h3>Related Articles</h3>{LINKS}</div>",
        f"<aside><p><strong>Related Articles</strong></p>{LINKS}</aside>",
        f"<div><div><h3>Related Articles</h3></div><div>{LINKS}</div></div>",
        "<div><h3>Related Articles</h3>" + p(*(f"<a href=/{t}>{t}</a>" for t in TITLES)) + "</div>",
    ],
)
@pytest.mark.parametrize("place", ["middle", "end"])
def test_related_links_go_with_their_heading(box: str, place: str) -> None:
    parts = (p(A, B, C), box, p(D, E, F)) if place == "middle" else (p(*PARAGRAPHS), box)
    assert body(*parts) == PARAGRAPHS


def test_the_links_name_the_section() -> None:
    found = extract(page(p(*PARAGRAPHS), f"<div><h3>Related Articles</h3>{LINKS}</div>"))
    for title in TITLES:
        assert verdict(found, title).label == "related"
        assert any(evidence.source.startswith("section:") for evidence in verdict(found, title).evidence)


def test_teasers_in_a_box_of_their_own_go_as_well() -> None:
    teaser = "The wall gets higher by May."
    assert body(p(*PARAGRAPHS), f"<section><h3>Related Articles</h3><div>{p(teaser)}</div></section>") == PARAGRAPHS


def test_prose_after_a_heading_in_the_article_itself_stays() -> None:
    assert body(p(A, B), "<h3>Related Articles</h3>", p(C, D, E, F)) == PARAGRAPHS


def lines(texts: list[str]) -> str:
    return "\n".join(texts)


def test_text_titles_after_the_heading_go() -> None:
    assert clean_text(lines([A, B, "Related Articles", *TITLES])) == f"{A}\n\n{B}"


def test_text_prose_after_the_titles_stays() -> None:
    assert clean_text(lines([A, "Related Articles", *TITLES, B, "Short end"])) == f"{A}\n\n{B}\n\nShort end"


def test_text_prose_right_after_the_heading_stays() -> None:
    assert clean_text(lines([A, "Related Articles", B, C])) == f"{A}\n\n{B}\n\n{C}"


def test_text_a_box_without_end_is_no_article_lost() -> None:
    titles = [f"Title number {n} of the list" for n in range(40)]
    left = clean_text(lines([A, "Related Articles", *titles])).split("\n\n")
    assert left[0] == A
    assert len(left) > 20
