import gzip

import pytest

from newsclean.cli.inputs import kind_of


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"WARC/1.1\r\n", "warc"),
        (gzip.compress(b"WARC/1.0\r\nWARC-Type: warcinfo\r\n"), "warc"),
        (gzip.compress(b"<!DOCTYPE html>" * 10_000)[:40], "page"),
        (b"<html>", "page"),
        (b"", "page"),
        (b"\x1f\x8bbroken", "page"),
        (b"PK\x03\x04rest", "zip"),
    ],
    ids=["warc", "warc.gz", "html.gz", "html", "empty", "broken-gzip", "zip"],
)
def test_kind_by_content(head: bytes, kind: str) -> None:
    assert kind_of(head) == kind
