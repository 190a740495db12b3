"""Rule files: what newsclean carries is right, and every mistake in a file is named."""

from collections import defaultdict
from pathlib import Path

import pytest

from newsclean.clutter.check import check_examples, lint
from newsclean.clutter.rules import RuleSet, load, read_rules
from newsclean.errors import RulesError
from newsclean.extraction import clean_text
from newsclean.labels import CLUTTER_LABELS
from newsclean.settings import Settings
from tests.clutter.rule_files import document, entry

LANGUAGES = "en de fr es it pt nl pl sv no da tr ru ar ja ko zh hi id".split()
FILES = sorted({rule.file for rule in load().rules} | {f"{language}.toml" for language in LANGUAGES})
KINDS = {
    "counter", "advertising", "adblock-notice", "back-to-top", "related", "share", "newsletter", "paywall",
    "consent", "comments", "tool", "legal", "author-bio", "caption",
}  # fmt: skip
"""What the first pack covers in every language."""


@pytest.fixture(scope="module")
def mistakes() -> dict[str, list[str]]:
    found = defaultdict(list)
    for finding in check_examples(load()):
        found[finding.file].append(str(finding))
    return found


@pytest.mark.parametrize("file", FILES)
def test_every_rule_keeps_its_examples(file: str, mistakes: dict[str, list[str]]) -> None:
    assert mistakes.get(file, []) == []


@pytest.mark.parametrize("file", FILES)
def test_lint_is_clean(file: str) -> None:
    assert [str(finding) for finding in lint(load()) if finding.file == file] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_covers_the_kinds_of_clutter(language: str) -> None:
    assert {rule.label for rule in load().rules if rule.language == language} >= KINDS


def test_texts_of_a_language_are_in_its_file() -> None:
    for rule in load().rules:
        assert rule.file == f"{rule.language}.toml"
        assert rule.id.startswith(f"{rule.language}.")


def test_clutter_counts_against_and_content_does_not_drop() -> None:
    for rule in load().rules:
        assert rule.label not in CLUTTER_LABELS or rule.weight < 0, rule.id


def read(text: str, name: str = "mine.toml") -> RuleSet:
    return RuleSet(tuple(read_rules(name, text.encode(), {"shared": ["read"]})), "")


def test_a_rule_file() -> None:
    (rule,) = read(document(entry(whole=["<shared> <own>"], cut=True, section=True), words={"own": ["also"]})).rules
    assert rule.file == "mine.toml"
    assert rule.language == "en"
    assert rule.weight == -10.0
    assert rule.cut
    assert rule.section
    assert [template.items for template in rule.templates["whole"]] == [("read", "also")]


def test_a_files_own_words_go_before_shared_ones() -> None:
    (rule,) = read(document(entry(whole=["<shared>"], match=["see"]), words={"shared": ["see"]})).rules
    assert list(check_examples(RuleSet((rule,), ""))) == []


def without(key: str) -> str:
    return "\n".join(line for line in entry().splitlines() if not line.startswith(f"{key} ="))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("language = ", "mine.toml: not readable as TOML"),
        ("[words]", "mine.toml: the file must say its language"),
        ("language = 3", "mine.toml: the file must say its language"),
        ('language = "en"\nrules = []', "mine.toml: unknown key 'rules'"),
        (document(words={"a": []}), "mine.toml: words.a must be a list of strings"),
        ('language = "en"\n[words]\na = "b"', "mine.toml: words.a must be a list of strings"),
        (document(without("id")), "mine.toml: a rule has no id"),
        (document(without("label")), "rule 'en.test': label is missing"),
        (document(without("scope")), "rule 'en.test': scope is missing"),
        (document(without("why")), "rule 'en.test': why is missing"),
        (document(without("match")), "rule 'en.test': it needs match and no_match examples"),
        (document(without("no_match")), "rule 'en.test': it needs match and no_match examples"),
        (document(without("whole")), "rule 'en.test': a rule of scope text needs whole or start or end or part"),
        (document(entry(scope="attribute")), "rule 'en.test': a rule of scope attribute needs tokens"),
        (document(entry(scope="link")), "rule 'en.test': a rule of scope link needs urls"),
        (document(entry(scope="structure")), "rule 'en.test': a rule of scope structure needs tags"),
        (document(entry(scope="page")), "rule 'en.test': unknown scope 'page'"),
        (document(entry(label="rubbish")), "rule 'en.test': unknown label 'rubbish'"),
        (document(entry(colour="red")), "rule 'en.test': unknown key 'colour'"),
        (document(entry(whole="read also")), "rule 'en.test': whole must be a list of strings"),
        (document(entry(whole=["(read"])), "rule 'en.test': '(read': a bracket is not closed"),
        (document(entry(whole=["<none>"])), "rule 'en.test': '<none>': no set 'none'"),
        (document(entry(), entry()), "mine.toml: rule 'en.test' is there twice"),
        (document(entry(weight="heavy")), "rule 'en.test': weight"),
        (document(entry(max_words="few")), "rule 'en.test': max_words"),
        (document(entry(max_words=0)), "rule 'en.test': max_words"),
        (document(entry(section="yes")), "rule 'en.test': section"),
        (document(entry(scope="attribute", tokens=["   "])), "rule 'en.test': tokens"),
        (document(entry(kinds=["header"])), "rule 'en.test': kinds"),
        ('language = "en"\nrule = 3', "mine.toml: rule"),
        ('language = "en"\nrule = [3]', "mine.toml: "),
        ('language = "en"\nwords = 3', "mine.toml: words"),
    ],
)
def test_mistakes_are_named(text: str, says: str) -> None:
    with pytest.raises(RulesError) as caught:
        read(text)
    assert says in str(caught.value)
    assert str(caught.value).startswith("mine.toml: ")
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(RulesError, match=r"mine\.toml: not readable as TOML"):
        read_rules("mine.toml", b"\xff\xfe", {})


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def test_a_file_of_the_user_adds_rules(mine: Path) -> None:
    assert clean_text("Zig zag zug") == "Zig zag zug"
    mine.write_text(document(entry("x.zig", whole=["zig zag zug"]), language="x"))
    assert clean_text("Zig zag zug", Settings(rules=(str(mine),))) == ""
    assert load((str(mine),)).digest != load().digest


def test_a_file_of_the_user_overrides_a_carried_rule(mine: Path) -> None:
    line = "Back to top"
    assert clean_text(line) == ""
    culprits = {rule.id for rule in load().rules if any(line.casefold() == text.casefold() for text in rule.match)}
    mine.write_text(document(*(entry(rule_id, whole=["zig"], match=["zig"]) for rule_id in sorted(culprits))))
    changed = load((str(mine),))
    assert {rule.file for rule in changed.rules if rule.id in culprits} == {str(mine)}
    assert len(changed.rules) == len(load().rules)


def test_a_file_of_the_user_may_use_the_shared_words(mine: Path) -> None:
    mine.write_text(document(entry("x.zig", whole=["zig {n}"], match=["zig 12K"]), language="x"))
    rule = load((str(mine),)).by_id("x.zig")
    assert rule is not None
    assert list(check_examples(RuleSet((rule,), ""))) == []


def test_a_missing_file_of_the_user(mine: Path) -> None:
    with pytest.raises(RulesError, match=r"mine\.toml: rule file not readable: No such file"):
        load((str(mine),))


def test_two_rules_of_one_id_are_only_allowed_to_the_user() -> None:
    assert len({rule.id for rule in load().rules}) == len(load().rules)


def test_digest_is_stable() -> None:
    load.cache_clear()
    first = load().digest
    load.cache_clear()
    assert load().digest == first
    assert len(first) == 16
    int(first, 16)


def test_by_id() -> None:
    rule = load().rules[0]
    assert load().by_id(rule.id) is rule
    assert load().by_id("xx.none") is None
