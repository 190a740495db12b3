"""The language of a text: by its script, then by its commonest words, by a model where these do not tell."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_LEAST_CHARS = 120
"""Below that the words of a text say too little."""
_SEEN = 3000
"""Characters that are looked at."""
_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "kana": re.compile("[\u3040-\u30ff]"),
    "hangul": re.compile("[\uac00-\ud7af]"),
    "han": re.compile("[\u4e00-\u9fff]"),
}
_LEAST_SHARE = 0.14
"""Share of a language's commonest words in a text above which it is that language ..."""
_LEAST_LEAD = 1.6
"""... where it has so many times more of them than any other."""
_LEAST_ALONE, _LEAST_FAR = 0.05, 4.0
"""The same for languages that glue their small words to others, as Zulu and Turkish do."""
_LEAST_DECLARED = 0.05
"""Share that is enough for the language that the page declares, where no other has more."""

_WRITTEN_AS = {"nb": "no", "nn": "no"}
"""Names of a language's written forms, by the name under which its words stand."""
_NEAR = ({"no", "da"}, {"nb", "no"}, {"nn", "no"}, {"nb", "da"}, {"id", "ms"}, {"hr", "sr"}, {"hr", "bs"}, {"sr", "bs"})
"""Languages that are told apart by the page's own word better than by letters."""


def language_of(text: str, declared: str | None) -> tuple[str, str] | None:
    """The primary language (``en``) and its source (``langid`` or ``html:lang``); None where neither tells."""
    if len(text) < _LEAST_CHARS:
        return (declared, "html:lang") if declared else None
    expected = _WRITTEN_AS.get(declared or "", declared)
    language = _by_script(text[:_SEEN]) or _by_words(text[:_SEEN], expected) or _by_model(text)
    if declared is not None and declared != language and {declared, language} in _NEAR:
        return declared, "html:lang"
    return language, "langid"


def _by_script(text: str) -> str | None:
    """The language of a script that one language has; None for all others."""
    if text.isascii():
        return None
    least = len(text) // 10
    if len(_SCRIPTS["hangul"].findall(text)) > least:
        return "ko"
    kana = len(_SCRIPTS["kana"].findall(text))
    if kana > least:
        return "ja"
    if len(_SCRIPTS["han"].findall(text)) > 3 * least:
        return "zh" if kana * 20 < len(text) else "ja"
    return None


def _by_words(text: str, declared: str | None) -> str | None:
    """The language whose commonest words make up most of the text; None where two are close or none is there."""
    words = _WORD.findall(text.lower())
    if not words:
        return None
    counts: dict[str, int] = {}
    known = _languages()
    for word in words:
        for language in known.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:2]
    if not ranked:
        return None
    best, most = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0
    if best == declared and most >= _LEAST_DECLARED * len(words) and most > second:
        return best
    if most >= _LEAST_SHARE * len(words) and most >= _LEAST_LEAD * second:
        return best
    if most >= _LEAST_ALONE * len(words) and most >= _LEAST_FAR * second:
        return best
    return None


def _by_model(text: str) -> str:
    import py3langid

    return str(py3langid.classify(text[:5000])[0])


@cache
def _languages() -> Mapping[str, tuple[str, ...]]:
    """For each common word the languages that have it."""
    source = files("newsclean.metadata") / "data" / "languages.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    known: dict[str, tuple[str, ...]] = {}
    for language, words in data["words"].items():
        for word in words.split():
            known[word] = (*known.get(word, ()), language)
    return known
