"""Block[] -> Evidence[]: which rules speak about which block."""

import pytest

from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.rules import RuleSet, read_rules
from newsclean.model import Block
from newsclean.page import parsed
from newsclean.page.blocks import blocks_of
from tests.clutter.rule_files import document, entry, rule_set

RULES = rule_set(
    entry("en.read", whole=["read also"], start=["read"], section=True),
    entry("en.box", scope="attribute", tokens=["related posts"], max_words=5),
    entry("en.tag", scope="link", urls=["/tag/"]),
    entry("en.nav", scope="structure", tags=["nav"], kinds=["item"]),
)
VOICE = RuleVoice(RULES)


def said(body: str, voice: RuleVoice = VOICE) -> list[list[str]]:
    return [[e.source for e in evidence] for evidence in voice.speak(blocks_of(parsed(f"<body>{body}</body>")))]


def test_phrases() -> None:
    (evidence,) = VOICE.speak([Block(index=0, text="» Read also")])
    (voice,) = evidence
    assert (voice.source, voice.label, voice.weight, voice.span) == ("rule:en.read", "related", -10.0, (2, 11))


def test_names_of_elements_around() -> None:
    assert said('<div class="tie-related-posts"><section><p>one</p></section></div><p>two</p>') == [["rule:en.box"], []]


def test_a_rule_speaks_once() -> None:
    assert said('<div class="related-posts"><div id="related-posts" class="relatedPosts"><p>one') == [["rule:en.box"]]


def test_length_and_kind() -> None:
    assert said('<div class="related-posts"><p>one two three four five six</p></div>') == [[]]
    assert said("<nav><p>one</p><ul><li>two</li></ul></nav>") == [[], ["rule:en.nav"]]


def test_links_only_where_the_block_is_one() -> None:
    assert said('<p><a href="/tag/x">port</a></p>') == [["rule:en.tag"]]
    assert said('<p>The old <a href="/tag/x">port</a> stays open</p>') == [[]]


def test_exempt_elements_say_nothing() -> None:
    blocks = blocks_of(parsed('<body><div class="related-posts"><p>one</p></div></body>'))
    assert VOICE.speak(blocks, frozenset(blocks[0].nodes)) == [()]


def test_states_say_nothing() -> None:
    from dataclasses import replace

    voice = RuleVoice(replace(RULES, states=frozenset({"has"})))
    assert said('<div class="has-related-posts"><p>one</p></div>', voice) == [[]]
    assert said('<div class="has-related-posts related-posts"><p>one</p></div>', voice) == [["rule:en.box"]]


def test_naming_rules() -> None:
    assert VOICE.naming == {"rule:en.read"}


def test_phrases_are_looked_for_in_some_blocks_only() -> None:
    blocks = blocks_of(parsed('<body><nav><ul><li>Read also</li></ul></nav><p class="related-posts">Read also</p>'))
    sources = [[e.source for e in evidence] for evidence in VOICE.speak(blocks, only={1})]
    assert sources == [["rule:en.nav"], ["rule:en.read", "rule:en.box"]]
    assert [[e.source for e in evidence] for evidence in VOICE.speak(blocks, only=())][1] == ["rule:en.box"]


FILES = {"de": ("mehr", "lesen sie mehr"), "no": ("mer",), "ja": ("特集", "あわせて読みたい"), "en": ("more",)}
TONGUES = RuleVoice(
    RuleSet(
        tuple(
            rule
            for language, phrases in FILES.items()
            for rule in read_rules(
                "x.toml", document(entry(f"{language}.x", whole=phrases), language=language).encode(), {}
            )
        ),
        "",
    )
)


@pytest.mark.parametrize(
    ("language", "text", "weight"),
    [
        (None, "Mehr", -10.0),
        ("de", "Mehr", -10.0),
        ("de-AT", "Mehr", -10.0),
        ("DE_de", "Mehr", -10.0),
        ("fr", "Mehr", -5.0),
        ("fr", "» Mehr:", -5.0),
        ("fr", "Lesen Sie mehr", -10.0),
        ("fr", "More", -10.0),
        ("nb-NO", "Mer", -10.0),
        ("fr", "Mer", -5.0),
        ("zh", "特集", -5.0),
        ("zh", "あわせて読みたい", -10.0),
        ("und", "Mehr", -10.0),
        ("", "Mehr", -10.0),
    ],
)
def test_one_word_of_another_language_says_less(language: str | None, text: str, weight: float) -> None:
    ((voice,),) = TONGUES.speak([Block(index=0, text=text)], language=language)
    assert voice.weight == weight


def test_what_is_kept_between_calls_changes_no_answer() -> None:
    blocks = [Block(index=0, text="Mehr"), Block(index=1, text="Mehr", kind="heading")]
    before = TONGUES.speak(blocks)
    assert TONGUES.speak(blocks, language="fr") != before
    assert TONGUES.speak(blocks) == before == TONGUES.speak(blocks, language="de")


def test_link_targets_of_each_block_are_its_own() -> None:
    assert said(
        '<p><a href="/a">x</a></p><p><a href="/b/">y</a> <a href="/TAG/">z</a></p><p><a href="/tag/">z</a></p>'
    ) == [
        [],
        ["rule:en.tag"],
        ["rule:en.tag"],
    ]


def test_a_row_is_known_by_its_parts() -> None:
    voice = RuleVoice(rule_set(entry("en.a", whole=["share"]), entry("en.b", whole=["print"])))
    assert said("<p>Share | Print</p><p>Share | Print | More</p><p>Share. Print!</p>", voice) == [["rule:en.a"]] * 3
    assert said("<p>Share | a | b</p><p>Share. They print.</p><p>They share. Print.</p>", voice) == [[]] * 3
