import csv
import io
import json

import pytest

from newsclean.errors import UsageError
from newsclean.model import RecordRef
from newsclean.store import FORMATS, Catalogue, article_record, export, json_line, write_records
from newsclean.store.export import CSV_COLUMNS
from tests.store.conftest import AddArticle, make_article, make_extraction


def _exported(catalogue: Catalogue, format_: str) -> str:
    out = io.BytesIO()
    export(catalogue, out, format_)
    return out.getvalue().decode()


def test_a_jsonl_line_holds_the_whole_article(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article()
    record = json.loads(_exported(catalogue, "jsonl"))
    assert list(record)[:9] == [
        "schema_version",
        "url",
        "outcome",
        "message",
        "kind",
        "captured_at",
        "record",
        "versions",
        "diagnostics",
    ]
    assert record["record"] == {"file": "one.warc.gz", "offset": 1000, "length": 900, "record_id": "<urn:uuid:1>"}
    assert record["authors"] == ["Ada Quill", "Bo Ferry"]
    assert record["text"] == "Cars cross again.\nThe river bridge reopened on Monday.\nCafé owners cheered."
    assert record["sources"]["headline"]["source"] == "json-ld"
    assert record["agency"] is None


def test_the_record_is_the_same_from_an_extraction_and_from_the_catalogue(
    catalogue: Catalogue, add_article: AddArticle
) -> None:
    add_article()
    elsewhere = RecordRef(file="some/folder/one.warc.gz", offset=1000, length=900, record_id="<urn:uuid:1>")
    direct = json_line(article_record(make_extraction(make_article(), record=elsewhere)))
    assert direct.decode() == _exported(catalogue, "jsonl")


def test_a_page_that_is_no_article_has_a_record_with_its_reason() -> None:
    record = article_record(make_extraction(None, "not-article:index-page"), "https://news.example/")
    assert (record["url"], record["outcome"], record["message"]) == (
        "https://news.example/",
        "not-article:index-page",
        "no text",
    )
    assert "text" not in record


def test_csv_gives_every_value_back(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(headline='=1+1 "quoted", and\ta comma')
    add_article("https://news.example/b")
    rows = list(csv.DictReader(io.StringIO(_exported(catalogue, "csv"), newline="")))
    assert len(rows) == 2
    assert tuple(rows[0]) == CSV_COLUMNS
    assert rows[0]["headline"] == '=1+1 "quoted", and\ta comma'
    assert rows[0]["authors"] == "Ada Quill; Bo Ferry"
    assert rows[0]["is_accessible_for_free"] == "true"
    assert rows[0]["text"].count("\n") == 2
    assert rows[0]["agency"] == ""


def test_csv_of_nothing_is_the_header(catalogue: Catalogue) -> None:
    assert _exported(catalogue, "csv") == ",".join(CSV_COLUMNS) + "\r\n"


def test_markdown_has_front_matter_and_paragraphs(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(headline='A "b": c', body=("# no heading", "1. no item", "a < b"), standfirst=None)
    add_article("https://news.example/b")
    text = _exported(catalogue, "md")
    front, _, rest = text.removeprefix("---\n").partition("\n---\n")
    assert 'headline: "A \\"b\\": c"' in front
    assert 'authors: ["Ada Quill","Bo Ferry"]' in front
    assert rest.startswith('\n# A "b": c\n\n\\# no heading\n\n1\\. no item\n\na \\< b\n')
    assert text.count("\n---\nurl:") == 1


def test_txt_parts_articles_with_two_blank_lines(catalogue: Catalogue, add_article: AddArticle) -> None:
    add_article(body=("One.",), standfirst=None)
    add_article("https://news.example/b", headline=None, body=("Two.",), standfirst=None)
    assert _exported(catalogue, "txt") == "Bridge reopens after repairs\n\nOne.\n\n\nTwo.\n"


def test_only_jsonl_shows_what_is_no_article() -> None:
    record = article_record(make_extraction(None, "not-article:index-page"))
    for format_ in FORMATS:
        assert write_records([record], io.BytesIO(), format_) == (format_ == "jsonl")


def test_an_unknown_format_is_a_usage_error(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError, match="jsonl, csv, md, txt"):
        export(catalogue, io.BytesIO(), "docx")
