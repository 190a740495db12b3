"""Every voice that the body package can raise has a sentence for the user."""

import re
from pathlib import Path

import newsclean.body
from newsclean.body import reason
from newsclean.body.classifier import GROUPS
from newsclean.model import Evidence

WRITTEN = {
    source
    for file in Path(newsclean.body.__file__).parent.glob("*.py")
    for source in re.findall(r"\"((?:structure|metadata):[\w-]+)\"", file.read_text(encoding="utf-8"))
}
MADE = {"classifier", "engine:trafilatura", "focus:precision", "focus:recall", "include:caption", "site:14-of-15-pages"}
SOURCES = sorted(WRITTEN | MADE | {f"classifier:{group}" for group in GROUPS})


def test_every_voice_has_a_reason() -> None:
    assert len(WRITTEN) >= 6
    for source in SOURCES:
        for weight in (1.0, -1.0):
            sentence = reason(Evidence(source=source, label="paragraph", weight=weight))
            assert sentence, source
            assert sentence.endswith("."), source


def test_every_voice_is_in_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")
    assert [source for source in sorted(WRITTEN | MADE) if f"`{source}`" not in page] == []


def test_for_and_against_differ() -> None:
    for source in ("engine:trafilatura", "classifier", *(f"classifier:{group}" for group in GROUPS)):
        spoken = {reason(Evidence(source=source, label="paragraph", weight=weight)) for weight in (1.0, -1.0)}
        assert len(spoken) == 2


def test_the_site_s_memory_says_how_often() -> None:
    memory = Evidence(source="site:14-of-15-pages", label="counter", weight=-4.0)
    assert reason(memory) == "14 of 15 pages of this site have it."


def test_rules_bring_their_own() -> None:
    rule = Evidence(source="rule:en.share", label="share", weight=-10.0)
    assert reason(rule) is None
    assert reason(rule, "It asks to share.") == "It asks to share."


def test_what_stands_under_a_heading_is_not_called_one() -> None:
    box = Evidence(source="section:en.related-heading", label="related", weight=-9.5)
    assert reason(box, "It is a list of stories.") == "It goes with a heading that is a list of stories."
    assert reason(box, "Stories follow.") == reason(box) == "It goes with the heading above it."


def test_a_voice_from_elsewhere_has_none() -> None:
    assert reason(Evidence(source="elsewhere:voice", label="share", weight=-1.0)) is None
