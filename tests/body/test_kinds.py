"""Pages without an article, and what they are."""

import pytest

from newsclean.errors import NotAnArticleError
from tests.body.pages import PARAGRAPHS, extract, p, page

A, B, C, D, E, F = PARAGRAPHS


def shell(body: str, head: str = "") -> str:
    return f"<html><head><title>Wendlow Post</title>{head}</head><body>{body}</body></html>"


FRONT = "".join(
    f"<div class='card'><h2><a href='/{n}'>Council of Wendlow decides on bridge number {n}</a></h2></div>"
    for n in range(25)
)
CONSENT = (
    p(
        "We and our 145 partners use cookies and store information on your device.",
        "We use cookies to improve your experience on our site. Accept all cookies or manage your choices.",
    )
    + "<button>Accept all</button><button>Manage cookies</button>"
)
PAYWALL = p(
    "This content is for subscribers only.",
    "Subscribe now to continue reading this article.",
    "Already a subscriber? Log in",
)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (shell(FRONT), "index-page"),
        (shell(CONSENT), "consent-wall"),
        (shell(f"<h1>{'Old bridge'}</h1>{PAYWALL}"), "paywall-stub"),
        (shell("<div id=root></div><script>app()</script>"), "empty-shell"),
        (shell("<p>Loading…</p>"), "empty-shell"),
    ],
)
def test_kinds(source: str, kind: str) -> None:
    found = extract(source)
    assert found.outcome == f"not-article:{kind}"
    assert found.message
    with pytest.raises(NotAnArticleError) as caught:
        _ = found.article
    assert caught.value.kind == kind


def test_an_article_with_a_consent_notice_is_an_article() -> None:
    assert extract(page(f"<div class='cookie-notice'>{CONSENT}</div>", p(*PARAGRAPHS))).article.body == PARAGRAPHS


def test_an_article_with_many_links_around_is_an_article() -> None:
    assert extract(page(p(*PARAGRAPHS)).replace("<footer", f"{FRONT}<footer")).article.body == PARAGRAPHS


def test_a_short_notice_is_an_article() -> None:
    assert extract(page(p(A, B), head='<meta property="og:type" content="article">')).article.body == (A, B)
