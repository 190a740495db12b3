"""Rules against their own examples, and habits that make rules worse."""

from newsclean.clutter.check import check_examples, lint
from tests.clutter.rule_files import entry, rule_set


def mistakes(*entries: str) -> list[str]:
    return [str(finding) for finding in check_examples(rule_set(*entries))]


def test_a_good_rule() -> None:
    assert mistakes(entry()) == []


def test_an_example_that_is_not_matched() -> None:
    assert mistakes(entry(match=["read also", "see also"])) == [
        "test.toml: en.test: does not match its example 'see also'"
    ]


def test_an_example_that_must_not_be_matched() -> None:
    assert mistakes(entry(no_match=["Read also"])) == ["test.toml: en.test: matches 'Read also', a no_match of en.test"]


def test_an_example_that_another_rule_matches() -> None:
    found = mistakes(entry(), entry("en.other", part=["they"], match=["they"]))
    assert "test.toml: en.other: matches 'They read.', a no_match of en.test" in found


def test_examples_of_the_other_scopes() -> None:
    rules = (
        entry("en.class", scope="attribute", tokens=["related posts"], match=["tie-relatedPosts"], no_match=["posts"]),
        entry("en.link", scope="link", urls=["/tag/"], match=["https://a.example/Tag/x"], no_match=["/tags"]),
        entry("en.tag", scope="structure", tags=["nav"], match=["nav"], no_match=["div"]),
    )
    assert mistakes(*rules) == []
    turned = [
        rule.replace("no_match =", "x =").replace("match =", "no_match =").replace("x =", "match =") for rule in rules
    ]
    assert len(mistakes(*turned)) == 6


def test_kinds_are_respected() -> None:
    assert mistakes(entry(kinds=["heading"])) == []


def test_lint() -> None:
    rules = rule_set(entry("de.test", why="No full stop", whole=["{1-2}", "read also"]))
    assert [str(finding) for finding in lint(rules)] == [
        "test.toml: de.test: whole phrase '{1-2}' begins and ends with any word",
        "test.toml: de.test: why is one sentence and ends with a full stop",
        "test.toml: de.test: the id begins with the language of its file: en.",
    ]


def complaints(*phrases: str) -> list[str]:
    sets = {f"s{n}": [f"<s{n + 1}> w{n}", f"<s{n + 1}> v{n}"] for n in range(14)} | {"s14": ["last"]}
    return [str(finding) for finding in lint(rule_set(entry(whole=phrases), words=sets))]


def test_gaps_side_by_side_are_bounded() -> None:
    assert complaints("read {0-12} {0-8}", "read {1-20} also {1-20} on") == []
    assert complaints("read {0-20} {0-21}") == [
        "test.toml: en.test: whole phrase 'read {0-20} {0-21}' has gaps side by side that take 41 words; 40 at most"
    ]
    assert len(complaints("read {1-20} [also] {1-21} on", "(read {0-30} {0-30} on|see)")) == 2


def test_phrases_that_grow_by_their_sets_are_bounded() -> None:
    (finding,) = complaints("read <s0>")
    assert "words and places of gaps; 4000 at most" in finding
    assert complaints("read <s5>") == []
