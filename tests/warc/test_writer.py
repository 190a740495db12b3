import base64
import errno
import gzip
import hashlib
import os
import re
import subprocess
import sys
import zlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from newsclean.errors import ArchiveError, DiskFullError, HttpStatusError, SettingsError
from newsclean.exchange import Earlier, Fetch, Purpose
from newsclean.settings import Settings
from newsclean.warc import Writer, Written, capture_of, read_at
from tests.warc.conftest import ALL, DATE, PAGE, chunked, exchange, no_url, plain, redirected, simple

Stored = tuple[Path, list[tuple[Fetch, Written]]]


def loaded(path: Path) -> list[tuple[str, list[tuple[str, str]], bytes]]:
    """Type, WARC fields and block of each record, by warcio."""
    with path.open("rb") as file:
        return [
            (record.rec_type, record.rec_headers.headers, record.raw_stream.read())
            for record in ArchiveIterator(file, no_record_parse=True)
        ]


def values(headers: list[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in headers if key == name]


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def test_record_order_and_exact_blocks(stored: Stored) -> None:
    path, written = stored
    records = loaded(path)
    assert [kind for kind, _, _ in records] == [
        "warcinfo",
        *["request", "response", "metadata"],
        *["request", "response", "request", "response", "metadata"],
        *["request", "response", "metadata"],
        "metadata",
        *["request", "response", "metadata"],
        "metadata",
    ]
    exchanges = [e for fetch, _ in written for e in fetch.exchanges if e.answered]
    assert [block for kind, _, block in records if kind == "response"] == [e.response_bytes for e in exchanges]
    assert [block for kind, _, block in records if kind == "request"] == [e.request_bytes for e in exchanges]


def test_digests(stored: Stored) -> None:
    path, written = stored
    entities = iter(e.entity_body for fetch, _ in written for e in fetch.exchanges if e.answered)
    for kind, headers, block in loaded(path):
        assert values(headers, "WARC-Block-Digest") == [sha1(block)]
        expected = [sha1(next(entities))] if kind == "response" else []
        assert values(headers, "WARC-Payload-Digest") == expected


def test_warcinfo(stored: Stored) -> None:
    path, _ = stored
    _, headers, block = loaded(path)[0]
    assert values(headers, "WARC-Filename") == [path.name]
    assert not values(headers, "WARC-Target-URI")
    text = block.decode()
    for line in (
        "software: newsclean/",
        "format: WARC File Format 1.1\r\n",
        "conformsTo: http://iipc.github.io/warc-specifications/",
        "operator: Archive of the Example Library\r\n",
        "http-header-user-agent: newsclean/",
        "robots: ",
        "newsclean-settings: ",
    ):
        assert line in text


def test_fields_of_one_capture(stored: Stored) -> None:
    path, _ = stored
    (_, info, _), (_, request, _), (_, response, _), (_, metadata, _) = loaded(path)[:4]
    (response_id,) = values(response, "WARC-Record-ID")
    (request_id,) = values(request, "WARC-Record-ID")
    assert values(request, "WARC-Concurrent-To") == [response_id]
    assert values(response, "WARC-Concurrent-To") == [request_id]
    assert values(metadata, "WARC-Concurrent-To") == [response_id, request_id]
    for headers in (request, response, metadata):
        assert values(headers, "WARC-Date") == [DATE]
        assert values(headers, "WARC-Target-URI") == ["http://news.example/a"]
        assert values(headers, "WARC-Warcinfo-ID") == values(info, "WARC-Record-ID")
        assert values(headers, "WARC-IP-Address") == ["192.0.2.7"]
    assert values(response, "WARC-Protocol") == ["http/1.1"]
    assert values(response, "Content-Type") == ["application/http;msgtype=response"]


def test_record_ids_are_unique_and_dates_have_the_standards_form(stored: Stored) -> None:
    records = loaded(stored[0])
    ids = [values(headers, "WARC-Record-ID")[0] for _, headers, _ in records]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"<urn:uuid:[0-9a-f-]{36}>", record_id) for record_id in ids)
    dates = [values(headers, "WARC-Date")[0] for _, headers, _ in records]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", date) for date in dates)


def test_metadata_of_a_redirect(stored: Stored) -> None:
    _, headers, block = loaded(stored[0])[8]
    assert block.decode() == (
        "via: http://news.example/a\r\n"
        "hopsFromSeed: R\r\n"
        "fetchTimeMs: 12\r\n"
        "newsclean-input: http://news.example/a#top\r\n"
        "newsclean-redirect: http://news.example/a\r\n"
    )
    assert values(headers, "WARC-Target-URI") == ["http://news.example/b"]


def test_metadata_of_failures(stored: Stored) -> None:
    records = loaded(stored[0])
    assert b"newsclean-outcome: http-404\r\n" in records[11][2]
    assert b"newsclean-outcome: dns\r\n" in records[12][2]
    assert b"newsclean-message: http://nowhere.example/a: no address\r\n" in records[12][2]
    assert "newsclean-input: no url: Köln\r\n".encode() in records[16][2]
    assert not values(records[16][1], "WARC-Target-URI")


def test_a_value_cannot_break_out_of_its_line(folder: Path, settings: Settings) -> None:
    fetch = Fetch(url="http://news.example/a\r\nnewsclean-outcome: forged\r\n", exchanges=simple().exchanges)
    with Writer(folder, settings) as writer:
        written = writer.write(fetch)
    (path,) = folder.iterdir()
    assert b"\r\nnewsclean-outcome" not in loaded(path)[3][2]
    assert written.response
    assert read_at(path, written.response.offset).url == "http://news.example/a newsclean-outcome: forged"


def test_optional_fields(folder: Path, settings: Settings) -> None:
    cut = exchange(
        "https://news.example/a",
        plain(),
        truncated="length",
        tls="tls/1.3",
        cipher="TLS_AES_128_GCM_SHA256",
        ip=None,
    )
    broken = exchange("https://news.example/b", plain(), truncated="unspecified")
    with Writer(folder, settings) as writer:
        writer.write(Fetch(url=cut.url, exchanges=(cut,)))
        writer.write(Fetch(url=broken.url, exchanges=(broken,)))
    (path,) = folder.iterdir()
    records = loaded(path)
    headers = records[2][1]
    assert values(headers, "WARC-Truncated") == ["length"]
    assert values(headers, "WARC-Protocol") == ["http/1.1", "tls/1.3"]
    assert values(headers, "WARC-Cipher-Suite") == ["TLS_AES_128_GCM_SHA256"]
    assert not values(headers, "WARC-IP-Address")
    assert not values(records[5][1], "WARC-Payload-Digest")


def test_record_refs(stored: Stored) -> None:
    path, written = stored
    data = path.read_bytes()
    for fetch, place in written:
        for ref in place.records:
            text = gzip.decompress(data[ref.offset : ref.offset + ref.length])
            assert f"WARC-Record-ID: {ref.record_id}\r\n".encode() in text
            assert text.startswith(b"WARC/1.1\r\n")
            assert text.endswith(b"\r\n\r\n")
            assert ref.file == path.name
        answered = fetch.last is not None and fetch.last.answered
        assert (place.response is not None) == answered
        assert place.bytes == sum(ref.length for ref in place.records)
        assert place.end == place.records[-1].offset + place.records[-1].length
    assert written[-1][1].end == len(data)


def test_a_record_reads_back_as_the_capture_of_its_fetch(stored: Stored) -> None:
    path, written = stored
    compared = 0
    for fetch, place in written:
        if place.response:
            assert read_at(path, place.response.offset, name=path.name) == capture_of(fetch, place.response)
            compared += 1
    assert compared == 3


def test_reading_while_the_file_is_open(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings) as writer:
        place = writer.write(simple())
        assert place.response
        assert [path.name for path in folder.iterdir()] == [f"{place.file}.open"]
        capture = read_at(folder / place.file, place.response.offset, name=place.file)
        assert capture == capture_of(simple(), place.response)
        assert writer.sizes() == {place.file: place.end}
        assert writer.file == place.file
    assert [path.name for path in folder.iterdir()] == [place.file]


def test_file_name(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings, now=lambda: 1_795_379_721.0) as writer:
        name = writer.write(simple()).file
    assert re.fullmatch(r"newsclean-20261122203521-00000-[0-9a-f]{8}\.warc\.gz", name)


def test_nothing_written_leaves_no_file(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings) as writer:
        writer.flush()
    assert not folder.exists()


def test_roll_over(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings.with_values(warc_size=1500)) as writer:
        files = [writer.write(simple(response=plain(os.urandom(1000)))).file for _ in range(3)]
    assert len(set(files)) == 3
    assert sorted(files) == sorted(path.name for path in folder.iterdir())
    for path in folder.iterdir():
        assert loaded(path)[0][0] == "warcinfo"


def test_third_party_tools_accept_the_file(stored: Stored) -> None:
    path, _ = stored
    assert subprocess.run(["gunzip", "-t", path], check=False).returncode == 0
    with path.open("rb") as file:
        assert all(record.verify_block_digest() for record in FastIterator(file, parse_http=False))


def test_warcat_finds_no_fault(folder: Path, settings: Settings) -> None:
    if find_spec("warcat") is None:
        pytest.skip("warcat is not installed")
    with Writer(folder, settings) as writer:
        writer.write(simple())
        writer.write(no_url())
    (path,) = folder.iterdir()
    checked = subprocess.run(
        [sys.executable, "-m", "warcat", "verify", path], capture_output=True, text=True, check=False
    )
    problems = [line for line in checked.stderr.splitlines() if line.startswith("warcat.tool.VerifyProblem")]
    # A request names its response, which comes behind it; warcat looks only backwards.
    assert all("not seen yet" in line for line in problems), problems


def test_warcio_check_where_nothing_is_chunked(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings) as writer:
        writer.write(simple())
    (path,) = folder.iterdir()
    with path.open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()
    checked = subprocess.run([sys.executable, "-m", "warcio.cli", "check", path], capture_output=True, check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("make", [plain, chunked])
def test_warcio_finds_the_page(folder: Path, settings: Settings, make: Any) -> None:
    with Writer(folder, settings) as writer:
        writer.write(simple(response=make().replace(b"X-Sum: 1\r\n", b"")))  # warcio knows no trailers
    (path,) = folder.iterdir()
    with path.open("rb") as file:
        (page,) = [r.content_stream().read() for r in ArchiveIterator(file) if r.rec_type == "response"]
    assert page == PAGE


def full_disk(monkeypatch: pytest.MonkeyPatch, number: int, after: int) -> None:
    """From now on, only ``after`` bytes can be written."""
    real, left = os.write, [after]

    def write(fd: int, data: Any) -> int:
        if left[0] <= 0:
            raise OSError(number, os.strerror(number))
        part = bytes(data)[: min(left[0], 200)]
        left[0] -= len(part)
        return real(fd, part)

    monkeypatch.setattr("newsclean.warc.writer.os.write", write)


@pytest.mark.parametrize("after", [0, 1, 300, 700])
def test_disk_full_cuts_the_torn_records_off(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    with Writer(folder, settings) as writer:
        end = writer.write(simple()).end
        with monkeypatch.context() as patch:
            full_disk(patch, errno.ENOSPC, after)
            with pytest.raises(DiskFullError, match="make room"):
                writer.write(redirected())
        (path,) = folder.iterdir()
        assert path.stat().st_size == end
        place = writer.write(redirected())  # there is room again
    (path,) = folder.iterdir()
    assert subprocess.run(["gunzip", "-t", path], check=False).returncode == 0
    assert place.records[0].offset == end
    assert len(loaded(path)) == 9


def test_disk_full_before_the_first_record_leaves_no_file(
    folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_disk(monkeypatch, errno.ENOSPC, 10)
    with Writer(folder, settings) as writer, pytest.raises(DiskFullError):
        writer.write(simple())
    assert not list(folder.iterdir())


def test_another_write_error(folder: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    full_disk(monkeypatch, errno.EIO, 10)
    with Writer(folder, settings) as writer, pytest.raises(ArchiveError, match="cannot be written"):
        writer.write(simple())


def test_a_folder_that_cannot_be_made(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").write_text("")
    with Writer(tmp_path / "file" / "warc", settings) as writer, pytest.raises(ArchiveError):
        writer.write(simple())


def twice(folder: Path, settings: Settings, *fetches: Fetch) -> tuple[list[Written], Any]:
    """The fetches written one after another, and the last answer's record, by warcio: its fields and block."""
    with Writer(folder, settings) as writer:
        written = [writer.write(fetch) for fetch in fetches]
    (path,) = folder.iterdir()
    answers = [(h, b) for kind, h, b in loaded(path) if kind in ("response", "revisit")]
    return written, answers[-1]


def test_the_same_payload_again_is_a_revisit(folder: Path, settings: Settings) -> None:
    later = exchange("http://other.example/b", chunked(), started_at="2026-11-23T01:02:03.000004Z")
    again = Fetch(url="http://other.example/b", exchanges=(later,))
    (first, second), (headers, block) = twice(folder, settings, simple(), again)
    assert first.response
    assert (first.revisit_of, second.revisit_of) == (None, first.response.record_id)
    assert second.payload_digest == first.payload_digest == sha1(PAGE)
    assert dict(headers) | {} == dict(headers) | {
        "WARC-Type": "revisit",
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Refers-To": first.response.record_id,
        "WARC-Refers-To-Target-URI": "http://news.example/a",
        "WARC-Refers-To-Date": DATE,
        "WARC-Payload-Digest": sha1(PAGE),
        "WARC-Truncated": "length",
        "WARC-Date": "2026-11-23T01:02:03.000004Z",
        "Content-Type": "application/http;msgtype=response",
        "WARC-Block-Digest": sha1(block),
    }
    assert block == chunked()[: later.head_length]
    assert block.endswith(b"\r\n\r\n")


def test_what_the_server_says_is_not_modified_is_a_revisit(folder: Path, settings: Settings) -> None:
    url = "http://news.example/a"
    answer = b'HTTP/1.1 304 Not Modified\r\nETag: "7"\r\n\r\n'
    earlier = Earlier(record_id="<urn:uuid:1>", url=url, date=DATE, payload_digest=sha1(PAGE), etag='"7"')
    fetch = Fetch(url=url, exchanges=(exchange(url, answer),), earlier=earlier)
    (written,), (headers, block) = twice(folder, settings, fetch)
    assert dict(headers) == dict(headers) | {
        "WARC-Type": "revisit",
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
        "WARC-Refers-To": "<urn:uuid:1>",
        "WARC-Refers-To-Target-URI": url,
        "WARC-Refers-To-Date": DATE,
        "WARC-Payload-Digest": sha1(PAGE),
    }
    assert not values(headers, "WARC-Truncated")
    assert block == b""
    (path,) = folder.iterdir()
    fields = next(block for kind, _, block in loaded(path) if kind == "metadata").decode()
    (kept,) = re.findall(r"^newsclean-not-modified: (\S+)\r$", fields, re.MULTILINE)
    assert base64.b64decode(kept) == answer
    assert (written.revisit_of, written.payload_digest) == ("<urn:uuid:1>", sha1(PAGE))


@pytest.mark.parametrize(
    "first",
    [
        Fetch(url="http://news.example/a", exchanges=(exchange("http://news.example/a", plain(), truncated="time"),)),
        Fetch(url="http://news.example/a", exchanges=(exchange("http://news.example/a", plain()),), purpose="robots"),
        simple(response=plain(b"")),
    ],
    ids=["cut", "robots", "empty"],
)
def test_what_no_revisit_may_refer_to(folder: Path, settings: Settings, first: Fetch) -> None:
    body = b"" if not first.exchanges[0].entity_body else PAGE
    (_, second), (headers, block) = twice(folder, settings, first, simple("http://news.example/b", plain(body)))
    assert second.revisit_of is None
    assert values(headers, "WARC-Type") == ["response"]
    assert block == plain(body)


def test_no_revisits_on_request(folder: Path, settings: Settings) -> None:
    (_, second), (headers, _) = twice(folder, settings.with_values(dedup=False), simple(), simple())
    assert second.revisit_of is None
    assert values(headers, "WARC-Type") == ["response"]


def test_what_the_archive_has_is_asked_for_by_its_digest(folder: Path, settings: Settings) -> None:
    known = Earlier(record_id="<urn:uuid:9>", url="http://old.example/", date=DATE, payload_digest=sha1(PAGE))
    asked: list[str] = []

    def find(digest: str) -> Earlier | None:
        asked.append(digest)
        return known if digest == sha1(PAGE) else None

    with Writer(folder, settings, find=find) as writer:
        assert writer.write(simple()).revisit_of == "<urn:uuid:9>"
        assert writer.write(simple(response=plain(b"new"))).revisit_of is None
        assert writer.write(simple(response=plain(b"new"))).revisit_of is not None
    assert asked == [sha1(PAGE), sha1(b"new")]


def test_digests_as_older_tools_check_them(folder: Path, settings: Settings) -> None:
    """With the chunk framing in the payload digest, warcio, FastWARC and warcat have nothing to say."""
    with Writer(folder, settings.with_values(digest_compat="chunked")) as writer:
        for make in (simple, redirected):
            writer.write(make())
    (path,) = folder.iterdir()
    for command in (["warcio", "check", "-v", str(path)], ["fastwarc", "check", "-p", str(path)]):
        program = str(Path(sys.executable).parent / command[0])
        ran = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    ((_, headers, block),) = [r for r in loaded(path) if r[0] == "response" and b"chunked" in r[2]]
    assert values(headers, "WARC-Payload-Digest") == [sha1(block.partition(b"\r\n\r\n")[2])]


@pytest.mark.parametrize(("purpose", "error"), [("robots", None), ("attempt", HttpStatusError("503", 503))])
def test_fetches_that_answer_no_input_say_what_they_were_for(
    folder: Path, settings: Settings, purpose: Purpose, error: HttpStatusError | None
) -> None:
    url = "http://news.example/robots.txt"
    with Writer(folder, settings) as writer:
        writer.write(Fetch(url=url, exchanges=(exchange(url, plain(b"x")),), purpose=purpose, error=error))
    (path,) = folder.iterdir()
    block = next(block for kind, _, block in loaded(path) if kind == "metadata").decode()
    assert f"newsclean-purpose: {purpose}\r\n" in block
    assert "newsclean-input" not in block
    assert ("newsclean-outcome: http-503" in block) == bool(error)


def test_warcinfo_says_how_the_crawl_was_made(folder: Path, settings: Settings) -> None:
    for given, said in [
        (settings, "robots: classic"),
        (settings.with_values(robots="ignore"), "robots: ignore"),
        (settings.with_values(insecure=True), "newsclean-tls: certificates were not checked"),
    ]:
        with Writer(folder / said[-6:], given) as writer:
            writer.write(simple())
        (path,) = (folder / said[-6:]).iterdir()
        assert said in loaded(path)[0][2].decode().split("\r\n")


def test_roll_over_by_time(folder: Path, settings: Settings) -> None:
    moment = 1e9
    with Writer(folder, settings.with_values(warc_time=60), now=lambda: moment) as writer:
        files = [writer.write(simple()).file]
        moment += 59
        files.append(writer.write(simple()).file)
        moment += 1
        files.append(writer.write(simple()).file)
    assert files[0] == files[1] != files[2]


@pytest.mark.parametrize(("sync", "synced"), [("group", 1), ("each", 3), ("close", 0)])
def test_when_records_are_forced_to_the_disk(
    folder: Path, settings: Settings, sync: str, synced: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(folder, settings.with_values(sync=sync))
    writer.write(simple())
    writer._sync()
    calls: list[int] = []
    real = os.fsync

    def counted(number: int) -> None:
        calls.append(number)
        real(number)

    monkeypatch.setattr(os, "fsync", counted)
    for _ in range(3):
        writer.write(simple())
    writer.flush()
    assert len(calls) == synced
    writer.close()
    assert len(calls) >= 1


@pytest.mark.parametrize("compressor", ["auto", "isal", "zlib"])
def test_all_compressors_keep_the_same_records(folder: Path, settings: Settings, compressor: str) -> None:
    if compressor == "isal":
        pytest.importorskip("isal")
    with Writer(folder, settings.with_values(compressor=compressor)) as writer:
        written = [writer.write(make()) for make in ALL]
    (path,) = folder.iterdir()
    data = path.read_bytes()
    for ref in (ref for place in written for ref in place.records):
        assert gzip.decompress(data[ref.offset : ref.offset + ref.length]).startswith(b"WARC/1.1\r\n")
        machine = zlib.decompressobj(31)
        machine.decompress(data[ref.offset :])
        assert len(data) - ref.offset - len(machine.unused_data) == ref.length
    assert subprocess.run(["gunzip", "-t", str(path)], check=False).returncode == 0
    assert len(loaded(path)) == 17


def test_a_compressor_that_is_missing_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zlib_ng", None)
    with pytest.raises(SettingsError, match="zlib-ng is not installed"):
        Writer(folder, Settings(compressor="zlib-ng"))


@pytest.mark.parametrize("level", [1, 9])
def test_level_of_compression(folder: Path, level: int) -> None:
    with Writer(folder, Settings(compression=level)) as writer:
        for make in ALL:
            writer.write(make())
    (path,) = folder.iterdir()
    assert len(loaded(path)) == 17
