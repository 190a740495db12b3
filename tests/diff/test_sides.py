"""What a comparison reads: catalogues and exports."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from newsclean.archive import Archive
from newsclean.diff import compare, open_side
from newsclean.errors import InputError
from newsclean.fixtures.add import add_fixture
from newsclean.settings import Settings
from tests.fixtures.folders import PARAGRAPHS, capture


def record(url: str, *body: str, outcome: str = "article", record_id: str | None = None, **fields: object) -> str:
    ref = {"file": "a", "offset": 0, "length": 1, "record_id": record_id} if record_id else None
    return json.dumps(
        {"schema_version": 1, "url": url, "outcome": outcome, "record": ref, "body": body, "sources": {}, **fields}
    )


def export(path: Path, *records: str) -> Path:
    path.write_text("\n".join(records) + "\n", encoding="utf-8")
    return path


def test_pages_are_found_by_record_then_by_url(tmp_path: Path) -> None:
    old = export(
        tmp_path / "old.jsonl",
        record("https://a.example/1", "one", record_id="<urn:uuid:1>"),
        record("https://a.example/1", "later", record_id="<urn:uuid:2>"),
        record("https://a.example/2", "two"),
        record("https://b.example/3", "three"),
    )
    new = export(
        tmp_path / "new.jsonl",
        record("https://a.example/2#top", "two", "more"),
        record("https://a.example/moved", "one", record_id="<urn:uuid:1>"),
        record("https://c.example/4", "four", headline="Four"),
        record("https://a.example/1", "later"),
    )
    with open_side(old) as first, open_side(new) as second:
        diff = compare(first, second)
        assert dict(diff.total.pages) == {"unchanged": 2, "changed": 1, "lost": 1, "gained": 1}
        assert {host: dict(counts.pages) for host, counts in diff.hosts.items()} == {
            "a.example": {"unchanged": 2, "changed": 1},
            "b.example": {"lost": 1},
            "c.example": {"gained": 1},
        }
        assert (diff.total.gained, diff.total.lost, diff.total.different) == (2, 1, 3)
        assert dict(diff.outcomes) == {("article", "missing"): 1, ("missing", "article"): 1}
        assert [changed.url for changed in diff.changes()] == [
            "https://b.example/3",
            "https://a.example/2#top",
            "https://c.example/4",
        ]
        assert [changed.url for changed in diff.changes()] == [changed.url for changed in diff.changes()]


def test_a_page_with_no_url_on_both_sides_is_no_match(tmp_path: Path) -> None:
    both = export(tmp_path / "a.jsonl", record("", "one"))
    with open_side(both) as first, open_side(both) as second:
        assert dict(compare(first, second).total.pages) == {"lost": 1, "gained": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[1]", "no record of newsclean"),
        ('{"outcome": "article"}', "no record of newsclean"),
        ('{"schema_version": 99, "outcome": "article"}', "no record of newsclean"),
        ("[" * 100_000, "no JSON"),
        ("\udcff", "no JSON"),
    ],
)
def test_what_is_no_export_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes((record("https://a.example/1", "one") + "\n\n" + text).encode("utf-8", "surrogateescape"))
    with open_side(file) as side, pytest.raises(InputError, match=said) as told:
        list(side.pages())
    assert f"{file}:3: " in str(told.value)


def test_two_runs_of_one_archive(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    (archive / "warc").mkdir(parents=True)
    for number, (day, text) in enumerate(((13, "The vote is on Tuesday."), (14, "The vote was on Tuesday."))):
        page = replace(capture(f"{text} {PARAGRAPHS[0]}"), fetched_at=f"2025-03-{day}T06:00:00Z")
        fixture = add_fixture(page, tmp_path / "pages", Settings())
        shutil.copy(fixture.path("capture.warc.gz"), archive / "warc" / f"run-{number}.warc.gz")
    Archive.reindex(archive, Settings())
    with open_side(Path(f"{archive}@2025-03-13")) as first, open_side(Path(f"{archive}@2025-03-14")) as second:
        diff = compare(first, second)
        (changed,) = diff.changes()
    assert [(paragraph.mark, paragraph.text[:12]) for paragraph in changed.paragraphs] == [
        ("-", "The vote is "),
        ("+", "The vote was"),
    ]
    assert diff.total.different == 1
    with open_side(archive) as whole:
        assert len(list(whole.pages())) == 2
        assert {page.made_by.partition(" ")[0] for page in whole.pages()} == {"newsclean"}


def test_what_is_neither_archive_nor_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="reindex"):
        open_side(tmp_path)
    with pytest.raises(InputError, match="no such archive or file"):
        open_side(tmp_path / "missing")
