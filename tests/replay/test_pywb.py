"""Archives as pywb serves them: every capture comes back as the server sent it."""

import gzip
import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPResponse
from pathlib import Path

import brotli
import pytest

from newsclean.archive import Archive
from newsclean.codings import undo_codings
from newsclean.settings import Settings
from tests.archive.server import story
from tests.replay import pywb
from tests.replay.server import Sender, chunked, message, sending

pytestmark = pytest.mark.skipif(pywb.MISSING is not None, reason=pywb.MISSING or "")

_HTML = "Content-Type: text/html; charset=utf-8"
_SETTINGS = Settings(host_delay=0, host_connections=4, allow_private=True, max_attempts=1, workers=1)


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with sending() as served:
        yield served


def _archived(folder: Path, urls: list[str], *, again: bool = False) -> None:
    with Archive.create_or_open(folder, _SETTINGS) as archive:
        archive.run(urls, older_than=datetime.now(UTC) if again else None)


def _records(folder: Path) -> list[tuple[str, str, str, bytes]]:
    """Type, URL, date and block of each response and revisit in an archive's WARC files, in their order."""
    from warcio.archiveiterator import ArchiveIterator

    found = []
    for path in sorted((folder / "warc").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                if record.rec_type in ("response", "revisit"):
                    head = record.rec_headers
                    url, date = head.get_header("WARC-Target-URI"), head.get_header("WARC-Date")
                    found.append((record.rec_type, url, date, record.raw_stream.read()))
    return found


class _Socket:
    """What http.client reads a message from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def _same(replayed: pywb.Replay, sent: bytes) -> None:
    """What was replayed is what was sent: status, the page's own header fields, and the entity's bytes."""
    read = HTTPResponse(_Socket(sent))  # type: ignore[arg-type]  # it needs no more of a socket
    read.begin()
    entity = read.read()
    assert replayed.status == read.status
    for name, value in read.getheaders():
        if name in ("Content-Type", "ETag", "Server", "X-Spaces"):
            said = replayed.header(name) or replayed.header(f"X-Archive-Orig-{name}")
            assert (name, said) == (name, value)
        if name == "Location":
            assert (replayed.header(name) or "").endswith(value)
    coding = read.getheader("Content-Encoding")
    if replayed.header("Content-Encoding") == coding:
        assert replayed.body == entity
    else:  # pywb has undone it
        assert replayed.header("Content-Encoding") is None
        assert replayed.body == undo_codings(entity, coding or "", 1 << 24, [])


_PAGES: dict[str, bytes] = {
    "/length": message("200 OK", _HTML, "Server: plain", body=story(1)),
    "/spaces": message("200 Fine  by me", "Content-Type:text/html", "X-Spaces:   two  and  more", body=story(2)),
    "/chunked": chunked("200 OK", _HTML, 'ETag: "3"', body=story(3)),
    "/gzip": message("200 OK", _HTML, "Content-Encoding: gzip", body=gzip.compress(story(4))),
    "/chunked-gzip": chunked("200 OK", _HTML, "Content-Encoding: gzip", body=gzip.compress(story(5)), size=97),
    "/brotli": message("200 OK", _HTML, "Content-Encoding: br", body=brotli.compress(story(6))),
    "/until-close": message("200 OK", _HTML, body=story(7), length=False),
    "/latin": message(
        "200 OK", "Content-Type: text/html; charset=iso-8859-1", body="<p>Ærø, på søen".encode("latin-1")
    ),
    "/query?b=2&a=%C3%A6": message("200 OK", _HTML, body=story(8)),
    "/moved": message("302 Found", _HTML, "Location: /moved-on", body=b"<p>moved"),
    "/moved-on": message("301 Moved Permanently", _HTML, "Location: /length?from=moved"),
    "/length?from=moved": message("200 OK", _HTML, body=story(9)),
    "/missing": message("404 Not Found", _HTML, body=b"<h1>Gone fishing</h1>"),
    "/robots.txt": message("200 OK", "Content-Type: text/plain", body=b"User-agent: *\nAllow: /\n"),
}


def test_every_capture_replays_as_it_was_sent(tmp_path: Path, sender: Sender) -> None:
    sender.answers = {**_PAGES}
    listed = [path for path in _PAGES if path not in ("/moved-on", "/length?from=moved", "/robots.txt")]
    _archived(tmp_path / "a", [sender.url(path) for path in listed])
    records = _records(tmp_path / "a")
    assert {url for _, url, _, _ in records} == {sender.url(path) for path in _PAGES}
    with pywb.serving(tmp_path / "pywb", (tmp_path / "a" / "warc").iterdir()) as served:
        for kind, url, date, block in records:
            assert kind == "response"
            sent = _PAGES[url.removeprefix(sender.url(""))]
            assert block == sent
            for collection in pywb.COLLECTIONS:
                _same(served.replay(collection, url, date), sent)


def test_revisits_replay_with_the_payload_of_their_original(tmp_path: Path, sender: Sender) -> None:
    bodies = {f"/{name}": story(n) for n, name in enumerate(("identical", "gzip", "changed", "twin-a"))}
    bodies["/twin-b"] = bodies["/twin-a"]
    sender.answers = {path: message("200 OK", _HTML, body=body) for path, body in bodies.items()}
    packed = gzip.compress(bodies["/gzip"], mtime=0)
    sender.answers["/gzip"] = chunked("200 OK", _HTML, "Content-Encoding: gzip", body=packed)
    urls = [sender.url(path) for path in bodies]
    _archived(tmp_path / "a", urls)
    time.sleep(1.1)  # pywb tells captures of a URL apart by the second
    sender.answers["/changed"] = message("200 OK", _HTML, body=story(44))
    _archived(tmp_path / "a", urls, again=True)
    records = [record for record in _records(tmp_path / "a") if not record[1].endswith("/robots.txt")]
    kinds = {path: [kind for kind, url, _, _ in records if url == sender.url(path)] for path in bodies}
    assert kinds["/identical"] == kinds["/gzip"] == ["response", "revisit"]
    assert kinds["/changed"] == ["response", "response"]
    assert sorted(kinds["/twin-a"] + kinds["/twin-b"]) == ["response", "revisit", "revisit", "revisit"]
    seen: set[str] = set()
    with pywb.serving(tmp_path / "pywb", (tmp_path / "a" / "warc").iterdir()) as served:
        for kind, url, date, _ in records:
            path = url.removeprefix(sender.url(""))
            expected = story(44) if path == "/changed" and url in seen else bodies[path]
            seen.add(url)
            for collection in pywb.COLLECTIONS:
                replayed = served.replay(collection, url, date)
                assert replayed.status == 200, (kind, url, date)
                assert _stamp(replayed) == date[:19], (kind, url, date)
                coding = replayed.header("Content-Encoding") or ""
                assert undo_codings(replayed.body, coding, 1 << 24, []) == expected, (kind, url, date)
                assert replayed.header("Content-Type") == "text/html; charset=utf-8", (kind, url, date)


def _fetched_twice(tmp_path: Path, sender: Sender) -> tuple[str, str]:
    """Archive ``/page`` twice; its URL, and the WARC-Date of the second capture."""
    url = sender.url("/page")
    _archived(tmp_path / "a", [url])
    time.sleep(1.1)
    _archived(tmp_path / "a", [url], again=True)
    first, second = (record for record in _records(tmp_path / "a") if record[1] == url)
    assert first[0] == "response"
    return url, second[2]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(
            chunked("200 OK", _HTML, body=story(1)),
            message("200 OK", _HTML, body=story(1)),
            id="chunked-then-length",
        ),
        pytest.param(
            message("200 OK", _HTML, body=story(1)),
            chunked("200 OK", _HTML, body=story(1)),
            id="length-then-chunked",
        ),
    ],
)
def test_a_page_that_comes_in_another_framing_replays(
    tmp_path: Path, sender: Sender, first: bytes, second: bytes
) -> None:
    answers = [first, second]
    sender.answers = {"/page": lambda _head: answers.pop(0)}
    url, date = _fetched_twice(tmp_path, sender)
    with pywb.serving(tmp_path / "pywb", (tmp_path / "a" / "warc").iterdir()) as served:
        for collection in pywb.COLLECTIONS:
            _same(served.replay(collection, url, date), second)


def test_a_page_that_was_not_modified_replays(tmp_path: Path, sender: Sender) -> None:
    def answer(head: bytes) -> bytes:
        if b'if-none-match: "v1"' in head.lower():
            return message("304 Not Modified", 'ETag: "v1"', length=False)
        return message("200 OK", _HTML, 'ETag: "v1"', body=story(1))

    sender.answers = {"/page": answer}
    url, date = _fetched_twice(tmp_path, sender)
    with pywb.serving(tmp_path / "pywb", (tmp_path / "a" / "warc").iterdir()) as served:
        for collection in pywb.COLLECTIONS:
            replayed = served.replay(collection, url, date)
            assert _stamp(replayed) == date[:19]
            assert (replayed.status, replayed.body) == (200, story(1))


def _stamp(replayed: pywb.Replay) -> str:
    """When the capture that was replayed began, as a WARC-Date has it, to the second."""
    moment = parsedate_to_datetime(replayed.header("Memento-Datetime") or "")
    return f"{moment:%Y-%m-%dT%H:%M:%S}"
