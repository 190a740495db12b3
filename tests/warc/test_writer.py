import base64
import errno
import gzip
import hashlib
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from newsclean.errors import ArchiveError, DiskFullError
from newsclean.exchange import Fetch
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


@pytest.mark.parametrize("level", [1, 9])
def test_level_of_compression(folder: Path, level: int) -> None:
    with Writer(folder, Settings(compression=level)) as writer:
        for make in ALL:
            writer.write(make())
    (path,) = folder.iterdir()
    assert len(loaded(path)) == 17
