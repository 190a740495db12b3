"""Files by other tools, or in the shape that these tools give them, with all that such a file holds."""

import gzip
import io
import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fastwarc.stream_io import GzipWriter, ZstdWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsclean.model import Capture
from newsclean.warc import Damaged, read, read_at
from tests.warc.others import PAGE, warc_record

FIELDS = "application/warc-fields"


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.answer(301, b"", [("Location", "/chunked")])
        elif self.path == "/chunked":
            self.answer(200, b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE), [("Transfer-Encoding", "chunked")])
        elif self.path == "/gzip":
            self.answer(200, gzip.compress(PAGE), [("Content-Encoding", "gzip")])
        else:
            self.answer(200 if self.path == "/plain" else 404, PAGE)

    def answer(self, status: int, body: bytes, more: list[tuple[str, str]] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/html")
        for name, value in more or []:
            self.send_header(name, value)
        if not any(name == "Transfer-Encoding" for name, _ in more or []):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def captures(path: Path) -> list[Capture]:
    """The captures of a file in which nothing is wrong, each read back by its place."""
    found = []
    for item in read(path):
        assert isinstance(item, Capture), item
        assert item.record
        assert read_at(path, item.record.offset, record_id=item.record.record_id) == item
        found.append(item)
    return found


@pytest.mark.skipif(not shutil.which("wget"), reason="needs wget")
@pytest.mark.parametrize("options", [[], ["--no-warc-compression"], ["--no-warc-digests"]], ids=" ".join)
def test_a_file_by_wget(tmp_path: Path, site: str, options: list[str]) -> None:
    urls = [f"{site}/{name}" for name in ("plain", "moved", "gzip", "none")]
    command = ["wget", "-q", "--no-proxy", "--tries=1", "-O", "out", "--warc-file=crawl", *options, *urls]
    subprocess.run(command, cwd=tmp_path, check=False)
    (path,) = tmp_path.glob("crawl.warc*")
    found = captures(path)
    assert [(c.final_url.removeprefix(site), c.status) for c in found] == [
        ("/plain", 200),
        ("/moved", 301),
        ("/chunked", 200),
        ("/gzip", 200),
        ("/none", 404),
    ]
    assert [c.body for c in found] == [PAGE, b"", PAGE, found[3].body, PAGE]
    assert gzip.decompress(found[3].body) == PAGE


@pytest.mark.skipif(not shutil.which("wget"), reason="needs wget")
def test_a_revisit_by_wget(tmp_path: Path, site: str) -> None:
    run = ["wget", "-q", "--no-proxy", "--tries=1", "-O", "out", f"{site}/plain"]
    subprocess.run([*run, "--warc-file=first", "--warc-cdx"], cwd=tmp_path, check=False)
    subprocess.run([*run, "--warc-file=second", "--warc-dedup=first.cdx"], cwd=tmp_path, check=False)
    (original,) = captures(tmp_path / "first.warc.gz")
    (unresolved,) = read(tmp_path / "second.warc.gz")
    assert isinstance(unresolved, Damaged)
    both = tmp_path / "both.warc.gz"
    both.write_bytes((tmp_path / "second.warc.gz").read_bytes() + (tmp_path / "first.warc.gz").read_bytes())
    revisit, again = captures(both)
    assert (revisit.body, again.body) == (PAGE, PAGE)
    assert revisit.revisit_of == (again.record.record_id if again.record else "")
    assert original.revisit_of is None


@pytest.mark.parametrize("packed", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("version", ["WARC/1.0", "WARC/1.1"])
def test_a_file_by_warcio(tmp_path: Path, packed: bool, version: str) -> None:
    path = tmp_path / "warcio.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed, warc_version=version)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a test"}))
        headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Name", "Grüße")]
        record = writer.create_warc_record(
            "http://news.example/a",
            "response",
            payload=io.BytesIO(PAGE),
            length=len(PAGE),
            http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
        )
        request = writer.create_warc_record(
            "http://news.example/a",
            "request",
            payload=io.BytesIO(),
            length=0,
            http_headers=StatusAndHeaders("GET / HTTP/1.1", []),
        )
        writer.write_request_response_pair(request, record)
        writer.write_record(
            writer.create_revisit_record(
                "http://news.example/b",
                record.rec_headers.get_header("WARC-Payload-Digest"),
                "http://news.example/a",
                record.rec_headers.get_header("WARC-Date"),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
            )
        )
    first, second = captures(path)
    assert (first.final_url, first.body) == ("http://news.example/a", PAGE)
    assert (second.final_url, second.body) == ("http://news.example/b", PAGE)
    assert second.revisit_of == (first.record.record_id if first.record else "")


@pytest.mark.parametrize("packer", [GzipWriter, ZstdWriter])
def test_a_file_by_fastwarc_which_is_one_member(tmp_path: Path, packer: type[GzipWriter | ZstdWriter]) -> None:
    path = tmp_path / "fastwarc.warc.gz"
    with path.open("wb") as file, packer(file) as stream:
        for number in range(4):
            record = WarcRecord()
            record.init_headers(WarcRecordType.response, b"00000000-0000-4000-8000-%012d" % number)
            record.headers["WARC-Target-URI"] = f"http://news.example/{number}"
            record.headers["Content-Type"] = "application/http; msgtype=response"
            record.set_bytes_content(b"HTTP/1.1 200 OK\r\n\r\n%d" % number)
            record.write(stream)
    assert [c.body for c in captures(path)] == [b"0", b"1", b"2", b"3"]


def members(*records: bytes) -> bytes:
    return b"".join(gzip.compress(record) for record in records)


def test_the_shape_of_heritrix(tmp_path: Path) -> None:
    path = tmp_path / "heritrix.warc.gz"
    dns = b"20261122203521\nnews.example.\t3600\tIN\tA\t192.0.2.7\n"
    http2 = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n" + PAGE
    path.write_bytes(
        members(
            warc_record("info", b"software: Heritrix/3\r\nformat: WARC File Format 1.0\r\n", "warcinfo", FIELDS),
            warc_record(0, dns, "response", "text/dns", target="dns:news.example"),
            warc_record(0, more="WARC-IP-Address: 192.0.2.7\r\n"),
            warc_record(0, b"GET / HTTP/1.0\r\n\r\n", "request", "application/http; msgtype=request"),
            warc_record(0, b"via: http://news.example/\r\nhopsFromSeed: L\r\nfetchTimeMs: 12\r\n", "metadata", FIELDS),
            warc_record(1, http2, more="WARC-Protocol: h2\r\nWARC-Protocol: tls/1.3\r\n"),
            warc_record("ftp", PAGE, "resource", "text/html", target="ftp://news.example/a.html"),
        )
    )
    assert [(c.final_url, c.body) for c in captures(path)] == [
        ("http://news.example/0", PAGE),
        ("http://news.example/1", PAGE),
    ]


def test_the_shape_of_browsertrix(tmp_path: Path) -> None:
    path = tmp_path / "browsertrix.warc.gz"
    h2 = b"HTTP/1.1 200\r\ncontent-type: text/html\r\nx-orig-content-encoding: br\r\n\r\n" + PAGE
    path.write_bytes(
        members(
            warc_record("info", b"software: Browsertrix-Crawler\r\n", "warcinfo", FIELDS),
            warc_record(0, h2, version="WARC/1.1", more="WARC-Protocol: h2\r\nWARC-Protocol: tls/1.3\r\n"),
            warc_record(
                0, b"{}", "resource", "application/json", "WARC/1.1", target="urn:pageinfo:http://news.example/0"
            ),
            warc_record(0, PAGE, "resource", "text/html", "WARC/1.1", target="urn:view:http://news.example/0"),
            warc_record(
                0, b"\x89PNG", "resource", "image/png", "WARC/1.1", target="urn:thumbnail:http://news.example/0"
            ),
            warc_record(1, PAGE, "resource", "text/html; charset=utf-8", "WARC/1.1"),
        )
    )
    first, second = captures(path)
    assert (first.status, first.body) == (200, PAGE)
    assert (second.status, second.body) == (200, PAGE)
    assert second.header("Content-Type") == "text/html; charset=utf-8"


def test_the_shape_of_warcprox(tmp_path: Path) -> None:
    """Revisits before 1.1: no address or date of the original, or the empty head of it."""
    path = tmp_path / "warcprox.warc.gz"
    digest = "WARC-Payload-Digest: sha1:MBFCEYM5PDVFQWLNGPL5OHNWTJA2WXPU\r\n"
    profile = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n"
    refers = "WARC-Refers-To-Target-URI: http://news.example/0\r\nWARC-Refers-To-Date: 2026-11-22T20:35:21Z\r\n"
    head = b"HTTP/1.1 200 OK\r\nX-Visit: 2\r\n\r\n"
    path.write_bytes(
        members(
            warc_record(1, head, "revisit", more=profile + digest + refers),
            warc_record(0, more=digest),
            warc_record(0, b"", "revisit", more=profile + digest),
        )
    )
    before, original, without_head = captures(path)
    assert [c.body for c in (before, original, without_head)] == [PAGE] * 3
    assert before.header("X-Visit") == "2"
    assert without_head.headers == original.headers
    assert len({before.revisit_of, without_head.revisit_of, original.record.record_id if original.record else ""}) == 1


def test_a_page_that_was_not_modified(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    more = (
        "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n"
        "WARC-Refers-To-Target-URI: http://news.example/0\r\nWARC-Refers-To-Date: 2026-11-22T20:35:21Z\r\n"
    )
    revisit = warc_record(
        0, b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n', "revisit", version="WARC/1.1", more=more
    )
    path.write_bytes(members(revisit, warc_record(0)))
    again, original = captures(path)
    assert (again.status, again.headers, again.body) == (200, original.headers, PAGE)


def test_the_shape_of_the_news_files_of_common_crawl(tmp_path: Path) -> None:
    path = tmp_path / "CC-NEWS.warc.gz"
    decoded = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-Crawler-Transfer-Encoding: chunked\r\n\r\n" + PAGE
    still_said = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + PAGE
    path.write_bytes(
        members(
            warc_record("info", b"isPartOf: CC-NEWS\r\n", "warcinfo", FIELDS),
            warc_record(0, b"GET /0 HTTP/1.1\r\n\r\n", "request", "application/http; msgtype=request"),
            warc_record(0, decoded),
            warc_record(0, b"fetchTimeMs: 60\r\n", "metadata", FIELDS),
            warc_record(1, still_said, more="WARC-Truncated: length\r\n"),
            warc_record(1, PAGE, "conversion", "text/html"),
            warc_record(
                1, PAGE, "continuation", "application/http; msgtype=response", more="WARC-Segment-Number: 2\r\n"
            ),
        )
    )
    first, second = captures(path)
    assert first.body == second.body == PAGE
    assert second.truncated == "length"


@pytest.mark.parametrize("version", ["WARC/0.17", "WARC/0.18", "WARC/1.0", "WARC/1.1"])
def test_every_version(tmp_path: Path, version: str) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(warc_record(0, version=version) + warc_record(1, version=version))
    assert len(captures(path)) == 2


def test_files_put_one_behind_the_other(tmp_path: Path) -> None:
    """Members of one record and of many, as in a file that was put together from files of several tools."""
    path = tmp_path / "x.warc.gz"
    many = b"".join(warc_record(number) for number in range(3, 6))
    path.write_bytes(
        members(warc_record(0), warc_record(1), warc_record(2)) + gzip.compress(many) + members(warc_record(6))
    )
    found = captures(path)
    assert [c.final_url for c in found] == [f"http://news.example/{number}" for number in range(7)]
    assert [bool(c.record and c.record.length) for c in found] == [True] * 3 + [False] * 3 + [True]
