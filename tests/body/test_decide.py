"""Blocks among their neighbours: headline, standfirst, copies, bare headings, lists, captions."""

import pytest

from tests.body.pages import HEADLINE, PARAGRAPHS, extract, p, page, verdict
from tests.body.pages import body as body_of

A, B, C, D, E, F = PARAGRAPHS
ALL = p(*PARAGRAPHS)


def test_an_article_is_its_paragraphs_in_order() -> None:
    assert body_of(ALL) == PARAGRAPHS


def test_headline_is_set_aside_wherever_it_stands() -> None:
    found = extract(page(ALL))
    assert found.article.headline == HEADLINE
    assert (verdict(found, HEADLINE).decision, verdict(found, HEADLINE).label) == ("aside", "headline")
    again = extract(page(ALL).replace("<main>", f"<div class='ticker'><span>{HEADLINE.upper()}</span></div><main>"))
    assert not any(line.casefold() == HEADLINE.casefold() for line in again.article.body)
    assert verdict(again, HEADLINE.upper()).label == "headline"


def test_menus_and_footers_are_dropped() -> None:
    found = extract(page(ALL))
    for text in ("Home", "Town", "© 2024 Wendlow Post. All rights reserved."):
        assert verdict(found, text).decision == "drop"


@pytest.mark.parametrize(
    "clutter",
    [
        "This news has been read 8,399 times!",
        "Back to top",
        "Advertisement",
        "Please disable your ad blocker",
        "Read also: The harbour wall",
        "Share on Facebook",
        "Sign up for our newsletter",
        "Listen to this article",
        "Verified by MonsterInsights",
    ],
)
@pytest.mark.parametrize("tag", ["p", "div", "span", "h3"])
def test_clutter_between_paragraphs_is_dropped(clutter: str, tag: str) -> None:
    found = extract(page(p(A, B), f"<{tag}>{clutter}</{tag}>", p(C, D, E, F)))
    assert found.article.body == PARAGRAPHS
    assert verdict(found, clutter).decision == "drop"
    assert any(evidence.source.startswith("rule:") for evidence in verdict(found, clutter).evidence)


def test_a_clutter_sentence_in_a_paragraph_is_cut_off() -> None:
    found = extract(page(p(A, B, C, D, E, f"{F} This news has been read 8,399 times!")))
    assert found.article.body == PARAGRAPHS
    cut = found.verdicts[next(block.index for block in found.blocks if block.text.startswith(F))]
    assert cut.decision == "keep"
    assert cut.text == F


@pytest.mark.parametrize(
    "quoted",
    [
        "“Nobody may stand still in the middle, and nobody does,” the warden said.",
        "He is back to top form, the coach said.",
    ],
)
def test_prose_that_looks_like_clutter_stays(quoted: str) -> None:
    assert quoted in body_of(p(A, B, C), p(quoted), p(D, E, F))


def test_a_subheading_stays_with_its_section() -> None:
    assert body_of(p(A, B), "<h2>Cracks in the piers</h2>", p(C, D, E, F))[2] == "Cracks in the piers"


@pytest.mark.parametrize(
    "section",
    [
        "<h2>More about the river</h2><ul><li><a href='/a'>The harbour wall</a><li><a href='/b'>Fish return</a></ul>",
        "<h3>Elsewhere</h3><p class='ad'>Advertisement</p>",
        "<h2>Weather</h2><h2>Traffic</h2>",
    ],
)
def test_a_heading_whose_section_was_dropped_goes_with_it(section: str) -> None:
    assert body_of(ALL, section) == PARAGRAPHS


def test_a_short_paragraph_among_others_stays() -> None:
    assert "Then it rained." in body_of(p(A, B, C), p("Then it rained."), p(D, E, F))


def test_the_items_of_a_list_stay() -> None:
    items = ("Walkers may cross by day", "Bicycles must be pushed", "Horses stay out")
    found = body_of(
        p(A, B, "These rules hold from Monday on:"),
        "<ul>" + "".join(f"<li>{i}</li>" for i in items) + "</ul>",
        p(C, D, E, F),
    )
    start = found.index(items[0])
    assert found[start : start + 3] == items


def test_a_copy_of_a_paragraph_is_kept_once() -> None:
    assert body_of(p(A, B, C), f"<div class='mobile'>{p(C)}</div>", p(D, E, F)) == PARAGRAPHS


def test_a_pull_quote_is_dropped_and_its_sentence_stays() -> None:
    quote = "the council closed the road to cars at once"
    found = extract(page(p(A, B, C), f"<blockquote>{quote}</blockquote>", p(D, E, F)))
    assert found.article.body == PARAGRAPHS


def test_a_quotation_of_its_own_stays() -> None:
    quote = "We counted every walker by hand, and on some days we counted them twice."
    assert quote in body_of(p(A, B, C), f"<blockquote><p>{quote}</p></blockquote>", p(D, E, F))


@pytest.mark.parametrize(
    "lead",
    [
        "<p class='standfirst'>%s</p>",
        "<h2 class='article-subtitle'>%s</h2>",
        "<div class='lead'><p>%s</p></div>",
    ],
)
def test_the_standfirst_is_set_aside_and_leads_the_text(lead: str) -> None:
    text = "Engineers want to close it, the mayor does not, and three hundred walkers wait."
    source = page(ALL, head=f'<meta name="description" content="{text}">').replace("</h1>", "</h1>" + lead % text)
    article = extract(source).article
    assert article.standfirst == text
    assert text not in article.body
    assert article.text.split("\n") == [text, *PARAGRAPHS]
    assert article.sources["standfirst"].raw == text


def test_a_first_paragraph_that_is_also_the_description_is_body() -> None:
    article = extract(page(ALL, head=f'<meta name="description" content="{A}">')).article
    assert article.text.split("\n") == list(PARAGRAPHS)


def test_captions_are_set_aside() -> None:
    caption = "The bridge in spring, seen from the mill."
    article = extract(
        page(p(A, B, C), f"<figure><img src=i.jpg><figcaption>{caption}</figcaption></figure>", p(D, E, F))
    ).article
    assert article.captions == (caption,)
    assert article.body == PARAGRAPHS


def test_what_nothing_names_has_the_label_of_its_box() -> None:
    prompt, other = "Sign up for our newsletter", "Stories from the river, every week."
    box = f"<div class='nb'><h4>{prompt}</h4><p>{other}</p></div>"
    found = extract(page(ALL).replace("</main>", f"{box}</main>"))
    labels = {block.text: verdict for block, verdict in zip(found.blocks, found.verdicts, strict=True)}
    assert labels[prompt].label == labels[other].label == "newsletter"
    assert any(e.source == "structure:box" for e in labels[other].evidence)
    assert not any(e.source == "structure:box" for e in labels[prompt].evidence)
    apart = extract(page(ALL).replace("</main>", f"<div class='nb'><p>{other}</p></div></main>"))
    assert all(e.source != "structure:box" for v in apart.verdicts for e in v.evidence)


def test_hidden_popups_are_dropped() -> None:
    popup = (
        "<div style='display:none'><h4>Ad Blocker Detected</h4><p>Please disable your ad blocker to go on.</p></div>"
    )
    assert body_of(popup, ALL) == PARAGRAPHS
    assert body_of(ALL, popup) == PARAGRAPHS


def test_every_block_has_a_verdict_with_evidence() -> None:
    found = extract(page(ALL, "<p>Back to top</p>"))
    assert [v.block for v in found.verdicts] == [b.index for b in found.blocks] == list(range(len(found.blocks)))
    for v in found.verdicts:
        assert v.evidence
        assert 0 <= v.confidence <= 1
