"""Names of keys and types are compared as words, however they are written."""

import pytest

from newsclean.page.words import island_words, kind_of, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("bodyHtml", {"body", "html"}),
        ("body_html", {"body", "html"}),
        ("HTMLText2", {"html", "text", "2"}),
        ("content-elements", {"content", "elements"}),
        ("", set()),
        ("x" * 61, set()),
    ],
)
def test_words(name: str, words: set[str]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("p", "paragraph"),
        ("core/paragraph", "paragraph"),
        ("PARAGRAPH", "paragraph"),
        ("h2", "heading"),
        ("header-two", "heading"),
        ("heading3", "heading"),
        ("unordered-list-item", "item"),
        ("listItem", "item"),
        ("bulleted-list", "list"),
        ("ol", "numbered"),
        ("pull_quote", "quote"),
        ("hardBreak", "break"),
        ("imageGallery", "none"),
        ("table-row", "row"),
        ("text", None),
        ("story", None),
        ("a sentence that is far too long to be the name of a type of an object", None),
    ],
)
def test_kinds(name: str, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_no_key_is_for_text_and_for_something_else() -> None:
    words = island_words()
    assert not words.content_keys & words.no_content_keys
    assert not words.content_words & words.foreign_words
