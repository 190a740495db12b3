"""Archives as pywb serves them: every capture comes back as the server sent it."""

import gzip
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from newsclean.archive import Archive
from newsclean.codings import undo_codings
from newsclean.http1 import final_response, read_message
from newsclean.settings import Settings
from tests.archive.server import story
from tests.replay import pywb
from tests.replay.server import Answer, Sender, chunked, message, sending

pytestmark = pytest.mark.skipif(pywb.MISSING is not None, reason=pywb.MISSING or "")

_HTML = "Content-Type: text/html; charset=utf-8"
_SETTINGS = Settings(host_delay=0, host_connections=4, allow_private=True, max_attempts=1)


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with sending() as served:
        yield served


def _archived(folder: Path, urls: list[str], *, again: bool = False) -> None:
    from datetime import UTC, datetime

    with Archive.create_or_open(folder, _SETTINGS) as archive:
        archive.run(urls, older_than=datetime.now(UTC) if again else None, extracting=False)


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


def _same(replayed: pywb.Replay, sent: bytes) -> None:
    """What was replayed is what was sent: status, the page's own header fields, and the entity's bytes."""
    read = read_message(final_response(sent))
    assert read is not None
    assert replayed.status == read.head.status
    for name, value in read.head.headers:
        if name in ("Content-Type", "ETag", "Server", "X-Spaces"):
            assert (name, replayed.header(name)) == (name, value)
        if name == "Location":
            assert (replayed.header(name) or "").endswith(value)
    coding = next((value for name, value in read.head.headers if name == "Content-Encoding"), "")
    body = replayed.body
    if replayed.header("Content-Encoding") != (coding or None):  # pywb has undone it
        assert replayed.header("Content-Encoding") is None
        assert body == undo_codings(read.entity, coding, 1 << 24, [])
    else:
        assert body == read.entity


@pytest.fixture(params=["pywb's index", "our index"])
def index(request: pytest.FixtureRequest) -> bool:
    """Whether pywb takes the archive's own index."""
    return bool(request.param == "our index")


def _index(folder: Path, index: bool, to: Path) -> Path | None:
    """Our index of an archive; None where pywb is to make one."""
    if not index:
        return None
    files = sorted((folder / "warc").iterdir())
    made = subprocess.run(
        [Path(sys.executable).parent / "newsclean", "warc", "index", *files], capture_output=True, check=True
    )
    to.write_bytes(made.stdout)
    assert made.stdout
    return to


_PAGES: dict[str, Answer] = {
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


def test_every_capture_replays_as_it_was_sent(tmp_path: Path, sender: Sender, index: bool) -> None:
    sender.answers = dict(_PAGES)
    _archived(tmp_path / "a", [sender.url(path) for path in _PAGES if path not in ("/moved-on", "/robots.txt")])
    records = _records(tmp_path / "a")
    assert {url for _, url, _, _ in records} == {sender.url(path) for path in _PAGES}
    ours = _index(tmp_path / "a", index, tmp_path / "index.cdxj")
    with pywb.serving(tmp_path / "pywb", (tmp_path / "a" / "warc").iterdir(), ours) as served:
        for kind, url, date, block in records:
            assert kind == "response"
            sent = _PAGES[url.removeprefix(sender.url(""))]
            assert block == sent
            assert isinstance(sent, bytes)
            _same(served.replay(url, date), sent)


def _validated(body: bytes) -> Answer:
    """A page that says that it is unchanged when it is asked by its ETag."""

    def answer(head: bytes) -> bytes:
        if b'if-none-match: "v1"' in head.lower():
            return message("304 Not Modified", 'ETag: "v1"', "Server: second", length=False)
        return message("200 OK", _HTML, 'ETag: "v1"', body=body)

    return answer


def test_revisits_replay_with_the_payload_of_their_original(tmp_path: Path, sender: Sender, index: bool) -> None:
    bodies = {
        "/unmodified": story(1),
        "/identical": story(2),
        "/identical-gzip": story(3),
        "/changed": story(4),
        "/twin-a": story(5),
        "/twin-b": story(5),
    }
    sender.answers = {
        "/unmodified": _validated(bodies["/unmodified"]),
        "/identical": chunked("200 OK", _HTML, body=bodies["/identical"]),
        "/identical-gzip": chunked(
            "200 OK", _HTML, "Content-Encoding: gzip", body=gzip.compress(bodies["/identical-gzip"], mtime=0)
        ),
        **{path: message("200 OK", _HTML, body=bodies[path]) for path in ("/changed", "/twin-a", "/twin-b")},
    }
    urls = [sender.url(path) for path in bodies]
    _archived(tmp_path / "a", urls)
    time.sleep(1.1)  # pywb tells captures of a URL apart by the second
    bodies["/changed now"] = story(44)
    sender.answers["/changed"] = message("200 OK", _HTML, body=story(44))
    sender.answers["/identical"] = message("200 OK", _HTML, body=bodies["/identical"])
    _archived(tmp_path / "a", urls, again=True)
    records = [record for record in _records(tmp_path / "a") if not record[1].endswith("/robots.txt")]
    kinds = {path: [kind for kind, url, _, _ in records if url == sender.url(path)] for path in bodies}
    assert kinds["/unmodified"] == kinds["/identical"] == kinds["/identical-gzip"] == ["response", "revisit"]
    assert kinds["/changed"] == ["response", "response"]
    assert sorted(kinds["/twin-a"] + kinds["/twin-b"]) == ["response", "revisit", "revisit", "revisit"]
    ours = _index(tmp_path / "a", index, tmp_path / "index.cdxj")
    with pywb.serving(tmp_path / "pywb", (tmp_path / "a" / "warc").iterdir(), ours) as served:
        for number, (kind, url, date, _) in enumerate(records):
            path = url.removeprefix(sender.url(""))
            later = any(before[1] == url for before in records[:number])
            expected = bodies["/changed now" if path == "/changed" and later else path]
            replayed = served.replay(url, date)
            assert replayed.status == 200, (kind, url, date)
            assert replayed.header("Memento-Datetime"), url
            coding = replayed.header("Content-Encoding") or ""
            assert undo_codings(replayed.body, coding, 1 << 24, []) == expected, (kind, url, date)
            assert replayed.header("Content-Type") == "text/html; charset=utf-8", (kind, url, date)
