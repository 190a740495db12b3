"""Each example of the words that tell kinds."""

from collections.abc import Iterator

import pytest

from newsclean.body.kinds_words import flat, is_title, kind_tables, kind_words, said

PLACES = ("titles", "texts", "marks")


def tables() -> Iterator[tuple[str, str, str]]:
    for kind, table in kind_tables().items():
        for place in PLACES:
            for language in table.get(place, {}):
                yield kind, place, language


def finds(kind: str, place: str, text: str) -> bool:
    if place == "titles":
        return is_title(kind, flat(text))
    if place == "texts":
        return bool(said(kind, flat(text)))
    return any(mark in text.lower() for mark in kind_words(kind).marks)


@pytest.mark.parametrize(("kind", "place", "language"), list(tables()))
def test_examples(kind: str, place: str, language: str) -> None:
    table = kind_tables()[kind][place][language]
    assert table.keys() == {"phrases", "match", "no_match"}
    assert [text for text in table["match"] if not finds(kind, place, text)] == []
    assert [text for text in table["no_match"] if finds(kind, place, text)] == []
    assert table["match"]
    assert table["no_match"]


def test_every_kind_that_is_no_article_has_a_message_of_one_line() -> None:
    messages = {kind: kind_words(kind).message for kind in kind_tables()}
    assert {kind for kind, message in messages.items() if not message} == {"live-blog", "video", "gallery"}
    assert all("\n" not in message and len(message) < 140 for message in messages.values())


def test_no_phrase_matches_nothing() -> None:
    assert not any(is_title(kind, flat("")) or said(kind, flat("")) for kind in kind_tables())
    assert not any(said(kind, flat(" · ")) for kind in kind_tables())


@pytest.mark.parametrize(
    ("text", "flattened"),
    [
        ("Page  not—FOUND!", " page not found"),
        ("İçerik bulunamadı", " içerik bulunamadı"),
        ("ページが404", " ペ ー ジ が 404"),
        ("wendlow-post.example is for sale", " sitename is for sale"),
        ("Ｌｏｇｉｎ", " login"),
        ("don’t", " don t"),
    ],
)
def test_flat(text: str, flattened: str) -> None:
    assert flat(text) == flattened


def test_phrases_take_linear_time_on_any_text() -> None:
    for text in (" the page" * 20_000, " 404" * 50_000, " a" * 100_000, "x." * 50_000):
        for kind in ("soft-404", "bot-challenge", "login", "parked-domain", "paywall-stub"):
            assert len(said(kind, flat(text))) <= 50_000
