"""What the shared types do beside holding data."""

from dataclasses import FrozenInstanceError

import pytest

from newsclean.errors import (
    EmptyPageError,
    NewscleanError,
    NotAnArticleError,
    NotHtmlError,
    PageError,
    PageTooLargeError,
)
from newsclean.model import Article, Capture, Extraction, Outcome, Versions

VERSIONS = Versions(newsclean="0", rules="0", engine="0", settings="0")


def test_header_in_any_case_and_the_first_of_several() -> None:
    capture = Capture(url="", final_url="", headers=(("Content-Type", "a"), ("content-type", "b"), ("X-Empty", "")))
    assert capture.header("CONTENT-TYPE") == "a"
    assert capture.header("x-empty") == ""
    assert capture.header("etag") is None


@pytest.mark.parametrize(
    ("standfirst", "body", "text"),
    [
        (None, ("One.", "Two."), "One.\nTwo."),
        ("Lead.", ("One.",), "Lead.\nOne."),
        ("Lead.", (), "Lead."),
        (None, (), ""),
    ],
)
def test_text_is_the_standfirst_and_the_body(standfirst: str | None, body: tuple[str, ...], text: str) -> None:
    article = Article(url=None, headline="Head", authors=("Ann",), captions=("Cap",), standfirst=standfirst, body=body)
    assert article.text == text


def test_the_article_of_an_extraction() -> None:
    article = Article(url=None, body=("One.",))
    assert Extraction(outcome="article", found=article, versions=VERSIONS).article is article


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        ("empty-page", EmptyPageError),
        ("not-html", NotHtmlError),
        ("page-too-large", PageTooLargeError),
        ("page", PageError),
        ("not-article:consent-wall", NotAnArticleError),
        ("not-article:empty-shell", NotAnArticleError),
        ("dns", NewscleanError),
    ],
)
def test_no_article_raises_the_error_of_its_outcome(outcome: str, error: type[NewscleanError]) -> None:
    with pytest.raises(error) as caught:
        _ = Extraction(outcome=outcome, message="because of this", versions=VERSIONS).article
    assert str(caught.value) == "because of this"
    if outcome != "dns":
        assert caught.value.code == outcome


def test_no_article_and_no_message() -> None:
    with pytest.raises(NotAnArticleError, match="no article: not-article:index-page") as caught:
        _ = Extraction(outcome="not-article:index-page", versions=VERSIONS).article
    assert caught.value.kind == "index-page"


def test_outcome_is_ok_for_an_article_only() -> None:
    assert Outcome(url="", outcome="article").ok
    assert not Outcome(url="", outcome="not-article:index-page").ok
    assert not Outcome(url="", outcome="http-404").ok


def test_the_types_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Article(url=None).url = "x"  # type: ignore[misc]
