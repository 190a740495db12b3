"""The quick reading of texts says what the plain one says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.clutter.reader import Reader
from newsclean.clutter.words import words

READER = Reader()


def plain(text: str) -> list[str]:
    return words(text).signs.split(" ")[1:]


@pytest.mark.parametrize(
    "text",
    [
        "This news has been READ 8,399 times!",
        "it's l'été d’abord 'quoted' end' 1'000 1’000 3.",
        "Straße İLGİLİ ılık Ёлка ёж résumé naïve cœur Ærø ŉ ǆ ſ",
        "covid19 x_y a:b #harbour © 2023 → more © more+",
        "広告の後、第3面 もっと読む ﾃｽﾄ ＡＤ 이 기사 구독",
        "إعلانات مَطلوب ख़बरें टिप्पणियां ข่าวที่",
        "soft\u00adhyphen zero\u200bwidth nb\u00a0space 12\u00a0000 3\u202f871",
        "a\u0301 e\u0301te\u0301 ½ ² № ﬁn …",
        "",
        "  two  spaces ",
        "— – ‹ › « » “ ” „ ‘ ’ '",
    ],
)
def test_words_are_those_of_the_plain_way(text: str) -> None:
    assert READER.read(text) == plain(text)


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet="aß É'’0.,:#»é日のกا ", max_size=30))
def test_any_text(text: str) -> None:
    assert READER.read(text) == plain(text)
    assert READER.read(text) == plain(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=30))
def test_any_latin_text(text: str) -> None:
    assert READER.read(text) == plain(text)


@given(st.text(alphabet=st.characters(min_codepoint=0x370, max_codepoint=0x52F), max_size=30))
def test_any_greek_or_cyrillic_text(text: str) -> None:
    assert READER.read(text) == plain(text)
