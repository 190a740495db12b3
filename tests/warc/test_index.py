import gzip
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from shutil import which

import pytest
from cdxj_indexer.main import CDXJIndexer
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsclean.errors import DiskFullError, NotWarcError, WarcError
from newsclean.settings import Settings
from newsclean.warc import Damaged, Writer
from newsclean.warc import index as index_module
from newsclean.warc.index import Entry, entry_of, in_order, index_file, merge
from tests.warc.conftest import PAGE, chunked, plain, simple
from tests.warc.test_reader import record


def reference(*paths: Path, sort: bool = False) -> str:
    """What cdxj-indexer writes."""
    program = "import sys; from cdxj_indexer.main import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, *(["-s"] if sort else []), *map(str, paths)],
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def ours(path: Path) -> str:
    return "".join(line for line in index_file(path) if isinstance(line, str))


def damage(path: Path) -> list[str]:
    return [line.reason for line in index_file(path) if isinstance(line, Damaged)]


def test_own_files(stored: tuple[Path, object]) -> None:
    path, _ = stored
    assert ours(path) == reference(path)
    assert ours(path).count("\n") == 5
    assert "".join(in_order(ours(path).splitlines(keepends=True))) == reference(path, sort=True)


def test_own_revisits(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings) as writer:
        for letter in "abc":
            writer.write(simple(f"http://news.example/{letter}", chunked()))
    (path,) = folder.iterdir()
    assert ours(path).count("warc/revisit") == 2
    assert ours(path) == reference(path)


ODD = [
    record(target="http://news.example:8080/a?b=2&a=1"),
    record(target="<http://news.example/brackets>"),
    record(target="http://news.example/a b"),
    record(target="http://news.example/ü?ö=1"),
    record(target="https://münchen.example/"),
    record(target="urn:x-odd:1"),
    record(target="dns:news.example", block=b"20261122\nnews.example. 1 IN A 192.0.2.7\n", content_type="text/dns"),
    record(target="http://news.example/r", kind="resource", content_type="text/html; charset=utf-8", block=PAGE),
    record(target="http://news.example/f", kind="metadata", content_type="application/warc-fields", block=b"a: b\r\n"),
    record(target="http://news.example/m", kind="metadata", content_type="application/json", block=b"{}"),
    record(
        target="http://news.example/q", kind="request", content_type="application/http", block=b"GET / HTTP/1.1\r\n"
    ),
    record(target="http://news.example/c", kind="conversion", content_type="text/plain", block=b"text"),
    record(target="http://news.example/empty", block=b""),
    record(target="http://news.example/blank", block=b"\r\nbody"),
    record(target="http://news.example/old", block=b"<html>no head</html>"),
    record(target="http://news.example/2", block=b"HTTP/2 200\r\ncontent-type:text/html;charset=x\r\n\r\nbody"),
    record(target="http://news.example/lf", block=b"HTTP/1.0 404 Not Found\nContent-Type : text/plain\n\nbody"),
    record(target="http://news.example/fold", block=b"HTTP/1.1 200 OK\r\nContent-Type: text/a,\r\n b\r\n\r\nbody"),
    record(target="http://news.example/latin", block=b"HTTP/1.1 200 D\xe9j\xe0\r\nContent-Type: \xe9\xff\r\n\r\nbody"),
    record(target="http://news.example/none", block=b"HTTP/1.1 200 OK\r\n\r\n"),
    record(target="http://news.example/v", kind="revisit", block=b""),
    record(target="http://news.example/w", kind="revisit", block=b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n"),
    record(target="http://news.example/chunked", block=chunked()),
]


@pytest.mark.parametrize("packed", [True, False])
def test_odd_records(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("odd.warc.gz" if packed else "odd.warc")
    path.write_bytes(b"".join(gzip.compress(one) if packed else one for one in ODD))
    assert ours(path) == reference(path)
    assert ours(path).count("\n") == len(ODD) - 3
    assert not damage(path)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_files_of_warcio(tmp_path: Path, version: str) -> None:
    path = tmp_path / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "test"}))
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        for url in ("http://news.example/a", "https://www.news.example/B?y=1&x"):
            writer.write_record(
                writer.create_warc_record(url, "response", payload=BytesIO(PAGE), length=len(PAGE), http_headers=head)
            )
        writer.write_record(
            writer.create_revisit_record(
                "http://news.example/c",
                "sha1:B6QJ6BNJ3R4B23XXMRKZKHLPGJY2VE4O",
                "http://news.example/a",
                "2026-11-22T20:35:21Z",
                http_headers=head,
            )
        )
    assert ours(path) == reference(path)


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/a?b=1")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(404 if "robots" in self.path else 200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE))

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.skipif(not which("wget"), reason="wget is not installed")
@pytest.mark.parametrize("packed", [True, False])
def test_files_of_wget(tmp_path: Path, site: str, packed: bool) -> None:
    given = [] if packed else ["--no-warc-compression"]
    subprocess.run(
        ["wget", "-q", "--no-proxy", "--warc-file=w", *given, "-O", "out", f"{site}/moved", f"{site}/%C3%BC?q=a b"],
        cwd=tmp_path,
        check=True,
    )
    (path,) = tmp_path.glob("w.warc*")
    assert ours(path) == reference(path)
    assert '"status": "302"' in ours(path)


def test_known_values_give_the_same_line(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings) as writer:
        written = writer.write(simple())
    (path,) = folder.iterdir()
    ref = written.response
    assert ref
    line = entry_of(
        url="http://news.example/a",
        date="2026-11-22T20:35:21.123456Z",
        record_type="response",
        mime="text/html",
        status=200,
        digest=written.payload_digest,
        length=ref.length,
        offset=ref.offset,
        filename=path.name,
    )
    assert line == ours(path)
    assert Entry.parse(line).line == line
    assert Entry.parse(line).fields["offset"] == str(ref.offset)


def test_a_large_record_is_indexed(tmp_path: Path) -> None:
    path = tmp_path / "large.warc"
    block = b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n" + bytes(65 * 1024 * 1024)
    path.write_bytes(record(block, target="http://news.example/v") + record())
    assert ours(path) == reference(path)
    assert ours(path).count("\n") == 2


def test_what_cannot_be_indexed_is_told(tmp_path: Path) -> None:
    good = gzip.compress(record())
    cases = {
        "Content-Length": good[:-20] + good,
        "share": gzip.compress(record() + record()),
        "WARC-Date": gzip.compress(record().replace(b"2026-11-22T", b"2026-13-22T")) + good,
        "WARC-Target-URI": gzip.compress(record().replace(b"WARC-Target-URI", b"WARC-Other-URI")) + good,
        "ends inside": good + good[:-1],
    }
    path = tmp_path / "a.warc.gz"
    for word, data in cases.items():
        path.write_bytes(data)
        found = list(index_file(path))
        assert any(isinstance(one, Damaged) for one in found), word
        assert sum(isinstance(one, str) for one in found) == (0 if word == "share" else 1), word
    with pytest.raises(NotWarcError):
        list(index_file(Path(__file__)))


LINES = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 30), st.sampled_from("xyz")), max_size=40)


def line_of(values: tuple[str, int, str]) -> str:
    host, second, file = values
    return entry_of(
        url=f"http://{host}.example/",
        date=f"2026-11-22T20:35:{second:02}Z",
        record_type="response",
        mime="text/html",
        status=200,
        digest=None,
        length=1,
        offset=second,
        filename=file,
    )


@hypothesis_settings(deadline=None)
@given(LINES, LINES, st.sets(st.sampled_from("xyz")))
def test_merge(tmp_path_factory: pytest.TempPathFactory, old: object, new: object, without: set[str]) -> None:
    file = tmp_path_factory.mktemp("merge") / "index.cdxj"
    before, added = [line_of(v) for v in old], [line_of(v) for v in new]  # type: ignore[attr-defined]
    merge(before, file)
    assert file.read_text() == "".join(sorted(set(before)))
    merge(added, file, without=without)
    kept = {line for line in before if Entry.parse(line).fields["filename"] not in without}
    assert file.read_text() == "".join(sorted(kept | set(added)))
    assert [path.name for path in file.parent.iterdir()] == ["index.cdxj"]


def test_more_lines_than_are_sorted_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "_SORTED_AT_ONCE", 10)
    lines = [line_of((host, second, "é")) for second in range(30) for host in "cab"] * 2
    assert list(in_order(lines)) == sorted(set(lines))


def test_merge_leaves_the_file_alone_where_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "index.cdxj"
    file.write_text("b 2 {}\na 1 {}\n")
    with pytest.raises(WarcError, match=r"index\.cdxj:2: not in order"):
        merge([], file)
    file.write_text("a 1 {}\n")

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newsclean.warc.index.os.fsync", full)
    with pytest.raises(DiskFullError):
        merge([line_of(("a", 1, "x"))], file)
    assert file.read_text() == "a 1 {}\n"
    assert [path.name for path in tmp_path.iterdir()] == ["index.cdxj"]


def test_indexer_options_are_those_that_are_compared() -> None:
    assert list(index_module.TYPES) == CDXJIndexer.DEFAULT_RECORDS


def test_response_without_a_body_and_plain(tmp_path: Path) -> None:
    path = tmp_path / "p.warc"
    path.write_bytes(record(plain(b"")) + record(plain(b"x")))
    assert ours(path) == reference(path)
