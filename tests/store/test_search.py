import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.errors import InputError
from newsclean.store import Catalogue, fulltext
from tests.store.conftest import AddArticle


def _found(catalogue: Catalogue, words: str) -> list[str]:
    return [hit.url.rpartition("/")[2] for hit in catalogue.search(words)]


@pytest.fixture
def newsstand(catalogue: Catalogue, add_article: AddArticle) -> Catalogue:
    texts = {
        "en": ("Bridge reopens", "The café by the river doesn't open before noon."),
        "de": ("Brücke wieder frei", "Die Straße über den Fluss ist offen."),
        "ja": ("東京の橋が再開", "東京都は月曜日、橋を再開した。"),
        "zh": ("大桥重新开放", "北京市政府周一表示,大桥已重新开放。"),
        "ko": ("다리 재개통", "서울시는 경제에 도움이 된다고 말했다."),
        "ar": ("إعادة فتح الجسر", "أعلنت مُحَافَظة المدينة عن فتح الجسر."),
        "hi": ("पुल फिर खुला", "हिन्दी समाचार के अनुसार पुल खुल गया।"),
        "th": ("สะพานเปิดแล้ว", "กรุงเทพมหานครเปิดสะพานอีกครั้ง"),
    }
    for lang, (headline, body) in texts.items():
        add_article(f"https://news.example/{lang}", headline=headline, body=(body,), standfirst=None, in_language=lang)
    return catalogue


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("bridge", ["en"]),
        ("CAFE", ["en"]),
        ("café river", ["en"]),
        ("café fluss", []),
        ("brucke", ["de"]),
        ("Brück*", ["de"]),
        ("doesn't", ["en"]),
        ('"by the river"', ["en"]),
        ('"river the by"', []),
        ("river -noon", []),
        ("river -midnight", ["en"]),
        ("bridge OR Brücke", ["en", "de"]),
        ("東京", ["ja"]),
        ("京", ["ja", "zh"]),
        ("橋", ["ja"]),
        ("北京", ["zh"]),
        ("开放", ["zh"]),
        ("경제", ["ko"]),
        ("서울", ["ko"]),
        ("محافظة", ["ar"]),
        ("مُحَافَظة", ["ar"]),
        ("हिन्दी", ["hi"]),
        ("สะพาน", ["th"]),
        ("nowhere", []),
    ],
)
def test_words_of_every_script_are_found(newsstand: Catalogue, words: str, found: list[str]) -> None:
    assert sorted(_found(newsstand, words)) == sorted(found)


@pytest.mark.parametrize(
    "words", ["AND", '"unclosed', "a NEAR(b", "headline:x", "^x", "x*y", "(", "a AND", "{}", "' OR 1"]
)
def test_no_input_is_a_syntax_error(newsstand: Catalogue, words: str) -> None:
    assert isinstance(newsstand.search(f"{words} bridge"), list)
    with contextlib.suppress(InputError):
        newsstand.search(words)


@pytest.mark.parametrize("words", ["", "  ", "-only", "-only -these", "?!", "OR", "river OR -noon"])
def test_a_search_without_a_word_says_so(newsstand: Catalogue, words: str) -> None:
    with pytest.raises(InputError, match="search"):
        newsstand.search(words)


def test_words_in_the_headline_count_more(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article("https://news.example/body", headline="Other", body=("ferry and words",), standfirst=None)
    add_article("https://news.example/head", headline="Ferry news", body=("some words",), standfirst=None)
    assert _found(catalogue, "ferry") == ["head", "body"]


def test_the_snippet_shows_the_words(catalogue: Catalogue, add_article: AddArticle) -> None:
    body = ("Nothing of note. " * 60, "Then the Málaga ferry sank near the old port.", "And more. " * 60)
    add_article(body=body)
    (hit,) = catalogue.search("malaga ferry")
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["Málaga", "ferry"]
    assert hit.snippet.startswith("… ")
    assert hit.snippet.endswith(" …")
    assert len(hit.snippet) < 220


def test_the_snippet_of_a_text_without_spaces(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(body=("水" * 500 + "東京" + "火" * 500,), standfirst=None)
    (hit,) = catalogue.search("東京")
    assert [hit.snippet[a:b] for a, b in hit.spans] == ["東京"]


@given(st.text(max_size=60))
def test_any_text_makes_a_query_or_a_clear_refusal(words: str) -> None:
    import sqlite3

    try:
        query = fulltext.parse(words)
    except InputError:
        return
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE s USING fts5 (h, t, tokenize=\"unicode61 categories 'L* N* Co Mn Mc'\")")
    db.execute("SELECT * FROM s WHERE s MATCH ?", [query.expression]).fetchall()
    db.close()


@given(st.text(max_size=80), st.text(min_size=1, max_size=20))
def test_any_snippet_is_made_of_its_text(text: str, words: str) -> None:
    try:
        query = fulltext.parse(words)
    except InputError:
        return
    snippet, spans = fulltext.excerpt(text, query, 30)
    assert snippet.removeprefix("… ").removesuffix(" …") in " ".join(text.split())
    assert all(0 <= a < b <= len(snippet) for a, b in spans)
