"""Text -> normalised words: which spellings are the same, and where each word lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.clutter.words import fold, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("READ", "read"),
        ("Straße", "STRASSE"),
        ("İLGİLİ", "ilgili"),
        ("KAYDIRIN", "kaydırın"),
        ("ılık", "ilik"),
        ("Ёлка", "елка"),
        ("إعلان", "اعلان"),
        ("أخبار", "اخبار"),
        ("آراء", "اراء"),
        ("إِعْلَان", "اعلان"),
        ("إعـــلان", "اعلان"),
        ("مستشفى", "مستشفي"),
        ("مكتبة", "مكتبه"),
        ("ｎｅｗｓ", "news"),
        ("ﬁnd", "find"),
        ("l’article", "l'article"),
        ("cafe\u0301", "café"),
        ("Haf\u00aden", "hafen"),
        ("ΝΈΑ", "νέα"),
    ],
)
def test_spellings_of_one_word(one: str, other: str) -> None:
    assert words(one).plain == words(other).plain
    assert len(words(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("read", "reads"), ("und", "ünd"), ("मत", "मति"), ("は", "ば"), ("なか", "中"), ("ö", "o")]
)
def test_other_words(one: str, other: str) -> None:
    assert words(one).plain != words(other).plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("This news has been READ 8,399 times!", " this news has been read 0 times"),
        ("12.5 12,000 1'000 1’000 3\u202f871 4\u00a0000 ٣٬٤٥٦ १२", " 0 0 0 0 0 0 0 0"),
        ("Read—also… «now»", " read also now"),
        ("it's l'été d’abord", " it's l'été d'abord"),
        ("quotes 'single' end'", " quotes single end"),
        ("अनुभव को बेहतर", " अनुभव को बेहतर"),
        ("अन्य ख़बरें", None),
        ("広告の後", " 広 告 の 後"),
        ("이 기사", " 이 기 사"),
        ("第3面", " 第 0 面"),
        ("covid19 x_y", None),
        ("", ""),
        ("— … !", ""),
    ],
)
def test_words_of_a_text(text: str, plain: str | None) -> None:
    found = words(text)
    if plain is not None:
        assert found.plain == plain
    assert found.plain.count(" ") == len(found) == len(found.spans)


def test_devanagari_signs_belong_to_their_word() -> None:
    assert len(words("टिप्पणियां ख़बरें क्षेत्र")) == 3


def test_signs_are_words_of_their_own() -> None:
    found = words("© 2023 Tags: #harbour → more")
    assert found.plain == " 0 tags harbour more"
    assert found.signs == " © 0 tags : # harbour → more"
    assert found.sign_spans[:2] == ((0, 1), (2, 6))


def test_full_width_signs_are_the_same() -> None:
    assert words("タグ：＃港＠").signs == words("タグ:#港@").signs


def test_spans_name_the_words_in_the_text() -> None:
    text = "«Lire  aussi» : Le PONT"
    assert [text[start:end] for start, end in words(text).spans] == ["Lire", "aussi", "Le", "PONT"]
    assert [text[start:end] for start, end in words(text).sign_spans] == ["Lire", "aussi", "»", ":", "Le", "PONT"]


def test_limit_stops_early() -> None:
    found = words("word " * 100_000, 50)
    assert len(found) == 50


@given(st.text())
def test_any_text(text: str) -> None:
    found = words(text)
    assert found.plain.count(" ") == len(found.spans)
    assert found.signs.count(" ") == len(found.sign_spans)
    last = 0
    for start, end in found.sign_spans:
        assert last <= start < end <= len(text)
        last = end
    assert set(found.spans) <= set(found.sign_spans)
    assert words(text).signs == found.signs


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_case_never_matters(text: str) -> None:
    assert words(text.upper()).plain == words(text.lower()).plain


@pytest.mark.parametrize("word", ["করুন", "পড়া", "செய்திகள்", "వార్తలు", "വാർത്തകൾ", "ਖ਼ਬਰਾਂ", "સમાચાર", "सूर्यास्त", "သတင်း", "පුවත්"])
def test_vowel_signs_belong_to_their_word(word: str) -> None:
    assert len(words(f"{word} {word}")) == 2
    assert words(word).plain != words(word[0]).plain


@pytest.mark.parametrize(
    ("one", "other"), [("کتاب", "كتاب"), ("خبری", "خبري"), ("ہمارا", "همارا"), ("পড়া", "পড়া"), ("ख़बर", "ख़बर")]
)
def test_spellings_of_a_word_that_are_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)
