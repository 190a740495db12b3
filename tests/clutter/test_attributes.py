"""Words of class names, ids and link targets."""

import pytest

from newsclean.clutter.attributes import NameIndex, link_hits, name_words, names
from tests.clutter.rule_files import entry, rule_set


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("tie-related-posts", ("tie", "related", "posts")),
        ("tieRelatedPosts", ("tie", "related", "posts")),
        ("related_posts__item--wide", ("related", "posts", "item", "wide")),
        ("HTMLShareBar2", ("html", "share", "bar", "2")),
        ("shareable", ("shareable",)),
        ("--", ()),
        ("w-1/2", ("w", "1", "2")),
    ],
)
def test_name_words(name: str, found: tuple[str, ...]) -> None:
    assert name_words(name) == found


def test_names_of_a_step() -> None:
    assert names("div#side.ad-box.wide") == (("side",), ("ad", "box"), ("wide",))
    assert names("div") == ()


@pytest.mark.parametrize("step", ["h2#advertising-rates", "div#how-the-share-price-fell"])
def test_ids_that_are_slugs_of_a_heading_say_nothing(step: str) -> None:
    assert names(step) == ()


def found(name: str) -> list[str]:
    index = NameIndex(
        rule_set(
            entry("en.a", scope="attribute", tokens=["related posts", "more"]),
            entry("en.b", scope="attribute", tokens=["related"]),
        ).rules
    )
    return [rule.id for rule in index.find(name_words(name))]


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("wide-related-posts", ["en.a", "en.b"]),
        ("related-wide-posts", ["en.b"]),
        ("readmore", []),
        ("read-more", ["en.a"]),
        ("more-more", ["en.a"]),
        ("related", ["en.b"]),
        ("", []),
    ],
)
def test_runs_of_words(name: str, ids: list[str]) -> None:
    assert found(name) == ids


def test_link_targets() -> None:
    rules = rule_set(entry(scope="link", urls=["/Tag/", "facebook.com/sharer"])).rules
    assert link_hits(rules, "https://news.example/TAG/port")
    assert link_hits(rules, "https://www.facebook.com/sharer.php?u=x")
    assert not link_hits(rules, "https://news.example/tags/port")
