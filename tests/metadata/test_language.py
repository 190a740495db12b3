"""The language of a text."""

import pytest

from newsclean.metadata import language_of

TEXTS = {
    "en": "The old bridge stays open for walkers until the end of the month, the mayor said on Thursday evening. " * 2,
    "de": "Die alte Brücke bleibt bis Ende des Monats für Fußgänger geöffnet, sagte die Bürgermeisterin am Abend. " * 2,
    "ru": "Старый мост останется открытым для пешеходов до конца месяца, сообщила мэр города в четверг вечером. " * 2,
    "ja": "古い橋は今月末まで歩行者だけが通行できる、と市長は木曜日の夜に発表した。工事は来週から始まる予定だ。" * 4,
    "ar": "أعلنت رئيسة البلدية مساء الخميس أن الجسر القديم سيبقى مفتوحا للمشاة حتى نهاية الشهر الجاري في المدينة. " * 2,
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_long_text_speaks_for_itself(language: str) -> None:
    assert language_of(TEXTS[language], "pl") == (language, "langid")
    assert language_of(TEXTS[language], None) == (language, "langid")


@pytest.mark.parametrize("text", ["", "The bridge stays."])
def test_for_a_short_text_the_page_speaks(text: str) -> None:
    assert language_of(text, "sv") == ("sv", "html:lang")
    assert language_of(text, None) is None


def test_near_languages_are_told_apart_by_the_page() -> None:
    danish = "Den gamle bro forbliver åben for gående til slutningen af måneden, sagde borgmesteren torsdag aften. " * 2
    assert language_of(danish, "no") == ("no", "html:lang")
    assert language_of(danish, "da") == ("da", "langid")


@pytest.mark.parametrize("language", ["en", "de", "ja"])
def test_common_words_tell_without_the_model(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> str:
        raise AssertionError

    monkeypatch.setattr("newsclean.metadata.language._by_model", fail)
    assert language_of(TEXTS[language], None) == (language, "langid")


def test_the_model_is_asked_where_words_do_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsclean.metadata.language._by_model", lambda _: "sw")
    assert language_of("Xyzzy plugh frobnicate quux. " * 10, None) == ("sw", "langid")
