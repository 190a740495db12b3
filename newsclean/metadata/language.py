"""The language of a text, by its letters; the page's own word where the text is too short."""

_LEAST_CHARS = 120
"""Below that py3langid is wrong too often."""


def language_of(text: str, declared: str | None) -> tuple[str, str] | None:
    """The primary language (``en``) and its source (``langid`` or ``html:lang``); None where neither tells."""
    if len(text) < _LEAST_CHARS:
        return (declared, "html:lang") if declared else None
    import py3langid

    language, _ = py3langid.classify(text[:5000])
    if declared is not None and declared != language and {declared, language} in _NEAR:
        return declared, "html:lang"
    return str(language), "langid"


_NEAR = ({"no", "da"}, {"nb", "no"}, {"nn", "no"}, {"nb", "da"}, {"id", "ms"}, {"hr", "sr"}, {"hr", "bs"}, {"sr", "bs"})
"""Languages that are told apart by the page's own word better than by letters."""
