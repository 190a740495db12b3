"""Every voice that the body package can raise has a sentence for the user."""

import re
from pathlib import Path

import newsclean.body
from newsclean.body import reason
from newsclean.model import Evidence

SOURCES = sorted(
    {
        source
        for file in Path(newsclean.body.__file__).parent.glob("*.py")
        for source in re.findall(r"\"((?:structure|metadata):[\w-]+)\"", file.read_text(encoding="utf-8"))
    }
)


def test_every_voice_has_a_reason() -> None:
    assert len(SOURCES) >= 10
    for source in SOURCES:
        for weight in (1.0, -1.0):
            sentence = reason(Evidence(source=source, label="paragraph", weight=weight))
            assert sentence, source
            assert sentence.endswith("."), source


def test_for_and_against_differ() -> None:
    for source in ("engine:trafilatura", "metadata:articleBody", "structure:region"):
        spoken = {reason(Evidence(source=source, label="paragraph", weight=weight)) for weight in (1.0, -1.0)}
        assert len(spoken) == 2


def test_rules_bring_their_own() -> None:
    assert reason(Evidence(source="rule:en.share", label="share", weight=-10.0)) is None
