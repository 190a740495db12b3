"""Block[] -> Evidence[]: which rules speak about which block."""

from newsclean.clutter.evidence import RuleVoice
from newsclean.model import Block
from newsclean.page import parsed
from newsclean.page.blocks import blocks_of
from tests.clutter.rule_files import entry, rule_set

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
