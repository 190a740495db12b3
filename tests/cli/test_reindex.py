import shutil
from pathlib import Path

from tests.cli.conftest import Run, lines
from tests.clutter.paper import counter, page, url


def answer(number: int) -> bytes:
    """A WARC record with a page of the paper."""
    html = page(number).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(html)}\r\n\r\n"
    block = head.encode() + html
    fields = (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: {url(number)}\r\n"
        f"WARC-Date: 2024-03-0{number + 1}T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-00000000000{number}>\r\n"
        f"Content-Type: application/http;msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return fields.encode() + block + b"\r\n\r\n"


def test_rebuilt_catalogue_exports_the_same(run: Run, archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    (copy / "warc").mkdir(parents=True)
    for file in (archive / "warc").iterdir():
        shutil.copy(file, copy / "warc")
    result = run("reindex", copy)
    assert "article" in result.stderr
    assert result.stdout == ""
    assert run("export", copy).stdout == run("export", archive).stdout
    assert run("reindex", copy, "-q").stderr == ""


def test_it_says_which_pass_it_is_at(run: Run, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    assert run("reindex", archive, status=2).stdout == ""
    (archive / "warc").mkdir(parents=True)
    (archive / "warc" / "paper.warc").write_bytes(b"".join(answer(number) for number in range(5)))
    said = run("reindex", archive).stderr
    assert said.index(
        "first of two passes: what repeats over the pages of a site is learned from 5 pages"
    ) < said.index("second pass: all pages are judged")
    texts = [record["text"] for record in lines(run("export", archive).stdout)]
    assert not [number for number, text in enumerate(texts) if counter(number) in text]
    assert "two passes" not in run("reindex", archive, "--no-site-memory").stderr
    texts = [record["text"] for record in lines(run("export", archive).stdout)]
    assert all(counter(number) in text for number, text in enumerate(texts))
