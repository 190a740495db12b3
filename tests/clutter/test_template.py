"""Phrase templates: every element of the syntax, its mistakes, and what a template may not do."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsclean.clutter.template import Template, Templates
from newsclean.clutter.words import words
from newsclean.errors import RulesError

SETS = {
    "piece": ["article", "news [story|item]"],
    "this": ["this <piece>"],
    "number-suffixes": ["K", "mio", "[thousand|lakh] times"],
    "itself": ["a <itself>"],
    "one": ["<other>"],
    "other": ["<one>"],
    "empty": ["[a]"],
}


def template(source: str) -> Template:
    return Templates(SETS).compile(source)


def whole(source: str, text: str) -> bool:
    compiled = template(source)
    read = listed(text, compiled)
    return len(read) in compiled.grammar.ends(compiled.items, read, {0})


def listed(text: str, compiled: Template) -> list[str]:
    found = words(text)
    return (found.signs if compiled.signs else found.plain).split()


@pytest.mark.parametrize(
    ("source", "text", "matches"),
    [
        ("back to top", "Back to TOP!", True),
        ("back to top", "back – to … top", True),
        ("back to top", "back to top form", False),
        ("back to top", "back top", False),
        ("back to top", "backto top", False),
        ("(read|see) also", "See also", True),
        ("(read|see) also", "also", False),
        ("(read|see) also", "read see also", False),
        ("(read on|see) also", "Read on, also", True),
        ("[please] share", "share", True),
        ("[please] share", "Please share", True),
        ("[please] share", "please please share", False),
        ("[a|b c] d", "b c d", True),
        ("[a|b c] d", "d", True),
        ("[a|b c] d", "c d", False),
        ("share [it]", "share", True),
        ("(a|[b] c) d", "c d", True),
        ("(a|[b] c) d", "b c d", True),
        ("a [b [c]] d", "a b c d", True),
        ("a [b [c]] d", "a b d", True),
        ("a [b [c]] d", "a c d", False),
        ("read <this>", "Read this news item", True),
        ("read <this>", "Read this", False),
        ("<piece>", "news", True),
        ("{n} views", "8399 views", True),
        ("{n} views", "8,399 views", True),
        ("{n} views", "8 399 views", True),
        ("{n} views", "1 234 567 views", True),
        ("{n} views", "1.2K views", True),
        ("{n} views", "12 K views", True),
        ("{n} views", "3 mio views", True),
        ("{n} views", "many views", False),
        ("{n} views", "1 2 3 4 views", False),
        ("by {1-3}", "by Ann", True),
        ("by {1-3}", "by Ann B. Cole", True),
        ("by {1-3}", "by", False),
        ("by {1-3}", "by a b c d", False),
        ("by {0-2} and", "by and", True),
        ("tags : {1-3}", "Tags: harbour", True),
        ("tags : {1-3}", "Tags harbour", False),
        ("more →", "More →", True),
        ("more →", "More", False),
        ("more", "More →", True),
        ("広告の後", "広告の後。", True),
        ("広告{2-4}です", "広告の表示です", True),
        ("広告{2-4}です", "広告です", False),
        ("l'article", "L’article", True),
        ("ilgili haber", "İLGİLİ HABER", True),
    ],
)
def test_whole(source: str, text: str, matches: bool) -> None:
    assert whole(source, text) is matches


@pytest.mark.parametrize(
    ("source", "first", "last", "least", "most"),
    [
        ("read also", {"read"}, {"also"}, 2, 2),
        ("[please] (read|see)", {"please", "read", "see"}, {"read", "see"}, 1, 2),
        ("a [b]", {"a"}, {"a", "b"}, 1, 2),
        ("{1-2} a", set(), {"a"}, 2, 3),
        ("a {0-2}", {"a"}, set(), 1, 3),
        ("a {n}", {"a"}, {"0", "k", "mio", "times"}, 2, 7),
    ],
)
def test_ends_and_lengths(source: str, first: set[str], last: set[str], least: int, most: int) -> None:
    compiled = template(source)
    assert (compiled.least, compiled.most) == (least, most)
    assert compiled.first == first
    assert compiled.last == last


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("(read", "not closed"),
        ("[read", "not closed"),
        ("(read]", "closes nothing"),
        ("read)", "closes nothing"),
        ("read]", "closes nothing"),
        ("a { b", "not readable"),
        ("{x}", "not readable"),
        ("{1}", "not readable"),
        ("a <b", "not readable"),
        ("a > b", "not readable"),
        ("{3-1} a", "smaller number first"),
        ("{1-99} a", "30 words"),
        ("<missing>", "no set 'missing'"),
        ("<itself>", "contains itself"),
        ("<one>", "contains itself"),
        ("[a]", "empty text"),
        ("[a] [b]", "empty text"),
        ("(a|[b])", "empty text"),
        ("{0-3}", "empty text"),
        ("<empty>", "empty text"),
        ("", "empty text"),
        ("!!!", "empty text"),
        ("(a||b)", "empty text"),
    ],
)
def test_mistakes_are_named(source: str, says: str) -> None:
    with pytest.raises(RulesError, match=says) as caught:
        template(source)
    assert repr(source) in str(caught.value) or source.startswith("<")


WORD = st.sampled_from("read also this story 広告 関連 إعلان खबर été straße haber 8399 it's".split())
PLAIN = st.lists(WORD, min_size=1, max_size=3).map(lambda found: (" ".join(found), [" ".join(found)]))


def joined(parts: list[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    spoken = [" ".join(choice) for choice in itertools.islice(itertools.product(*(s for _, s in parts)), 20)]
    return " ".join(source for source, _ in parts), spoken


def chosen(parts: list[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    return "(" + "|".join(source for source, _ in parts) + ")", [s for _, spoken in parts for s in spoken]


def optional(part: tuple[str, list[str]]) -> tuple[str, list[str]]:
    source, spoken = part
    return f"[{source}] end", [*(f"{text} end" for text in spoken), "end"]


SOURCE: st.SearchStrategy[tuple[str, list[str]]] = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(joined),
        st.lists(inner, min_size=1, max_size=3).map(chosen),
        inner.map(optional),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(SOURCE)
def test_a_template_matches_everything_that_it_says(made: tuple[str, list[str]]) -> None:
    source, spoken = made
    compiled = Templates({}).compile(source.replace("8399", "{n}"))
    for text in spoken:
        read = listed(text, compiled)
        assert len(read) in compiled.grammar.ends(compiled.items, read, {0}), (source, text)
        assert compiled.least <= len(read) <= compiled.most
        assert not compiled.first or read[0] in compiled.first
        assert not compiled.last or read[-1] in compiled.last
        around = ["before", *read, "after"]
        assert len(read) + 1 in compiled.grammar.ends(compiled.items, around, {1})


@given(st.text(alphabet="ab |()[]{}<>n-0123:", max_size=20))
def test_any_source_compiles_or_is_refused(source: str) -> None:
    try:
        compiled = template(source)
    except RulesError:
        return
    assert compiled.grammar.ends(compiled.items, [], {0}) == set()
    assert compiled.least >= 1
