"""Pages with several articles: the one that the headline names is the page's own."""

from newsclean.model import Extraction
from tests.body.pages import HEADLINE, PARAGRAPHS, extract, p, verdict

A, B, C, D, E, F = PARAGRAPHS
OTHER = tuple(text.replace("bridge", "harbour").replace("Wendlow", "Ostry") for text in PARAGRAPHS)
POSTS = [
    f"At {hour} o'clock the divers of Wendlow went down to pier {hour} once more and came up again."
    for hour in range(8)
]


def read(*parts: str) -> Extraction:
    head = f"<title>{HEADLINE} | Wendlow Post</title><meta property='og:title' content='{HEADLINE}'>"
    return extract(f"<html><head>{head}</head><body><main>{''.join(parts)}</main></body></html>")


def article(headline: str, *texts: str, level: int = 1) -> str:
    return f"<article class='story'><h{level}>{headline}</h{level}><div class='text'>{p(*texts)}</div></article>"


def test_an_appended_article_is_left_out_whole() -> None:
    found = read(article(HEADLINE, *PARAGRAPHS), article("Harbour of Ostry is dredged again", *OTHER))
    assert found.article.body == PARAGRAPHS
    judged = verdict(found, OTHER[0])
    assert (judged.decision, judged.label) == ("drop", "next-article")
    assert "structure:other-article" in {evidence.source for evidence in judged.evidence}


def test_the_headline_says_which_one_not_the_order() -> None:
    found = read(article("Harbour of Ostry is dredged again", *OTHER), article(HEADLINE, *PARAGRAPHS))
    assert found.article.body == PARAGRAPHS


def test_articles_nested_in_the_page_s_own_are_part_of_it() -> None:
    inner = article("The divers", *POSTS, level=2)
    found = read(f"<article class='story'><h1>{HEADLINE}</h1><div class='text'>{p(*PARAGRAPHS)}</div>{inner}</article>")
    assert not any(e.source == "structure:other-article" for v in found.verdicts for e in v.evidence)


def test_many_short_entries_are_a_live_blog() -> None:
    entries = "".join(article(f"Dive number {n}", POSTS[n], level=2) for n in range(8))
    found = read(article(HEADLINE, *PARAGRAPHS), entries)
    assert not any(e.source == "structure:other-article" for v in found.verdicts for e in v.evidence)
