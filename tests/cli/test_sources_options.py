from datetime import UTC, datetime, timedelta

import click
import pytest
from click.testing import CliRunner

from newsclean.cli.sources_options import source_options
from newsclean.errors import UsageError
from newsclean.fetch.filters import Filters
from newsclean.fetch.found import Sources


def given(*words: str) -> Sources:
    passed: list[Sources] = []

    @click.command()
    @source_options
    def command(sources: Sources) -> None:
        passed.append(sources)

    result = CliRunner().invoke(command, words)
    if result.exception is not None:
        raise result.exception
    return passed[0]


def test_nothing() -> None:
    assert given() == Sources()
    assert not given()


def test_everything() -> None:
    words = "--feed http://a.example/f --feed http://b.example/f --sitemap http://a.example/s --discover a.example"
    filters = "--since 2026-11-01 --until 2026-11-02T10:00Z --match */a/* --match re:b --exclude */c/*"
    assert given(*words.split(), *filters.split()) == Sources(
        feeds=("http://a.example/f", "http://b.example/f"),
        sitemaps=("http://a.example/s",),
        hosts=("a.example",),
        filters=Filters(
            since=datetime(2026, 11, 1, tzinfo=UTC),
            until=datetime(2026, 11, 2, 10, tzinfo=UTC),
            match=("*/a/*", "re:b"),
            exclude=("*/c/*",),
        ),
    )


def test_an_age_counts_from_now() -> None:
    now = datetime.now(UTC)
    since = given("--discover", "a.example", "--since", "36h").filters.since
    assert since is not None
    assert now - timedelta(hours=36) <= since <= datetime.now(UTC) - timedelta(hours=36)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--discover", "a.example", "--since", "yesterday"), "'yesterday'"),
        (("--discover", "a.example", "--match", "re:("), "'re:\\('"),
        (("--since", "7d"), "give --feed"),
        (("--exclude", "*x*"), "give --feed"),
    ],
)
def test_what_cannot_be_meant(words: tuple[str, ...], why: str) -> None:
    with pytest.raises(UsageError, match=why):
        given(*words)
