"""What check finds, and what the other validators say of the same files."""

import gzip
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from newsclean.errors import InputError
from newsclean.settings import Settings
from newsclean.warc import Writer
from newsclean.warc import check as check_module
from newsclean.warc.check import Checker
from newsclean.warc.findings import RULES, Finding
from tests.warc.conftest import ALL, PAGE, chunked, plain, simple
from tests.warc.making import header, made, member, packed

MOVED = b"HTTP/1.1 301 Moved\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
GZIPPED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(PAGE, mtime=0)


def found(*paths: Path) -> list[Finding]:
    checker = Checker()
    return [finding for path in paths for finding in checker.check(path)] + list(checker.rest())


def slugs(*paths: Path) -> list[str]:
    return [finding.slug for finding in found(*paths)]


def check(tmp_path: Path, data: bytes, name: str = "a.warc.gz") -> list[str]:
    path = tmp_path / name
    path.write_bytes(data)
    return slugs(path)


INFO = made("warcinfo", b"software: test\r\n", header("Content-Type", "application/warc-fields"))
GOOD = made()
OTHER = made(url="http://news.example/b")


def test_own_files_are_clean(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings) as writer:
        for make in ALL:
            writer.write(make())
        for letter in "abc":
            writer.write(simple(f"http://news.example/{letter}", chunked()))
    assert slugs(*folder.iterdir()) == []


# The oracle matrix: a file, what check finds, and the exit statuses of the others. Where one is 0 beside a finding,
# that tool does not see it; where one is 1 beside none, it rejects what the standard asks for.

TOOLS = {
    "warcio": "import sys; from warcio.cli import main; main(['check', sys.argv[1]])",
    "fastwarc": "import sys; from fastwarc.cli import main; main(['check', sys.argv[1]])",
    "warcat": "import runpy, sys; sys.argv = ['warcat', 'verify', sys.argv[1]]; runpy.run_module('warcat', "
    "run_name='__main__')",
}


def statuses(path: Path) -> dict[str, bool]:
    """Which of the other tools accept a file."""
    accepted = {}
    for name, program in TOOLS.items():
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", program, str(path)], capture_output=True)
        accepted[name] = done.returncode == 0
    if which("gunzip"):
        accepted["gunzip"] = subprocess.run(["gunzip", "-t", str(path)], capture_output=True).returncode == 0
    return accepted


ENTITY = made(block=chunked(), payload=PAGE)
FRAMED = made(block=chunked(), payload=chunked().partition(b"\r\n\r\n")[2])
DECODED = made(block=GZIPPED, payload=PAGE)
SPECIFIC = packed(INFO, ENTITY)
WHOLE = packed(INFO, GOOD, OTHER)
MATRIX = {
    "spec-correct, chunked": (SPECIFIC, [], {"warcio": False, "fastwarc": True, "gunzip": True}),
    "payload digest counts the framing": (packed(INFO, FRAMED), ["payload-digest"], {"warcio": True, "gunzip": True}),
    "digest of the decoded content": (packed(INFO, DECODED), ["payload-digest"], {"warcio": False, "gunzip": True}),
    "cut inside the last member": (
        WHOLE[:-40],
        ["torn-tail"],
        {"warcio": True, "fastwarc": False, "warcat": False, "gunzip": False},
    ),
    "cut inside the trailer": (
        WHOLE[:-3],
        ["torn-tail"],
        {"warcio": True, "fastwarc": True, "warcat": False, "gunzip": False},
    ),
    "64 NULs behind": (WHOLE + bytes(64), ["trailing-bytes"], {"warcio": False, "warcat": True, "gunzip": True}),
    "one gzip member": (
        member(INFO + GOOD + OTHER),
        ["shared-member"],
        {"warcio": False, "fastwarc": True, "gunzip": True},
    ),
    "no WARC-Date": (
        packed(INFO, made(without="WARC-Date"), OTHER),
        ["missing-field"],
        {"warcio": True, "fastwarc": True, "warcat": False, "gunzip": True},
    ),
    "a date with a space": (
        packed(INFO, made(date="2026-11-22 12:00:00"), OTHER),
        ["date"],
        {"warcio": True, "fastwarc": True, "warcat": True, "gunzip": True},
    ),
    "an id twice": (
        packed(INFO, GOOD, GOOD),
        ["duplicate-id"],
        {"warcio": True, "fastwarc": True, "warcat": False, "gunzip": True},
    ),
    "bare LF in the head": (
        packed(INFO, GOOD.replace(b"WARC-Type: response\r\n", b"WARC-Type: response\n"), OTHER),
        ["bare-lf"],
        {"warcio": True, "fastwarc": True, "warcat": False, "gunzip": True},
    ),
    "brackets around the URI": (
        packed(INFO, made(url="<http://news.example/a>"), OTHER),
        ["angle-brackets"],
        {"warcio": True, "fastwarc": True, "warcat": True, "gunzip": True},
    ),
}


@pytest.mark.parametrize("name", MATRIX)
def test_oracle_matrix(tmp_path: Path, name: str) -> None:
    data, expected, others = MATRIX[name]
    assert check(tmp_path, data) == expected
    theirs = statuses(tmp_path / "a.warc.gz")
    assert {tool: theirs[tool] for tool in others if tool in theirs} == {
        tool: accepted for tool, accepted in others.items() if tool in theirs
    }


def test_what_the_payload_digest_is_of(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    block = chunked()
    for data, words in {
        packed(INFO, FRAMED): "counts the chunk framing",
        packed(INFO, DECODED): "of the decoded content",
        packed(INFO, made(block=block, payload=block)): "of the whole block",
        packed(INFO, made(block=block, payload=b"else")): "not that of the payload",
    }.items():
        path.write_bytes(data)
        (finding,) = found(path)
        assert words in finding.message


@pytest.mark.parametrize("packing", [True, False])
def test_torn_at_every_byte_of_the_last_two_records(tmp_path: Path, packing: bool) -> None:
    parts = [member(part) if packing else part for part in (INFO, GOOD, OTHER)]
    whole = b"".join(parts)
    path = tmp_path / "a.warc"
    ends = {len(parts[0]), len(parts[0] + parts[1]), len(whole)}
    for cut in range(len(parts[0]), len(whole) + 1):
        path.write_bytes(whole[:cut])
        assert bool(slugs(path)) == (cut not in ends), cut


def test_torn_own_file_at_every_byte_of_its_last_two_members(folder: Path, settings: Settings) -> None:
    with Writer(folder, settings) as writer:
        records = [ref for make in ALL[:2] for ref in writer.write(make()).records]
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    ends = {ref.offset for ref in records} | {len(whole)}
    for cut in range(records[-2].offset, len(whole)):
        path.write_bytes(whole[:cut])
        found = set(slugs(path))
        assert bool(found & {"torn-tail", "trailing-bytes"}) == (cut not in ends), cut


@pytest.mark.parametrize("place", ["head", "block", "behind"])
def test_a_flipped_byte(tmp_path: Path, place: str) -> None:
    data = bytearray(INFO + GOOD + OTHER)
    at = {"head": data.index(b"Content-Length", len(INFO)), "block": data.index(PAGE), "behind": len(INFO + GOOD) - 1}
    data[at[place]] ^= 1
    assert check(tmp_path, bytes(data), "a.warc")


def test_damage_between_records(tmp_path: Path) -> None:
    broken = bytearray(member(GOOD))
    broken[len(broken) // 2] ^= 0xFF
    assert check(tmp_path, member(INFO) + bytes(broken) + member(OTHER)) == ["damaged-record"]
    assert check(tmp_path, member(INFO) + b"rubbish" * 9 + member(OTHER)) == ["damaged-record"]
    assert check(tmp_path, INFO + GOOD[:-40] + OTHER, "a.warc")[0] == "damaged-record"
    assert check(tmp_path, INFO + GOOD + b"rubbish\n", "a.warc") == ["trailing-bytes"]
    assert check(tmp_path, INFO + GOOD + bytes(9), "a.warc") == ["trailing-bytes"]
    assert check(tmp_path, INFO + GOOD[:-2], "a.warc") == ["record-end"]
    assert check(tmp_path, member(INFO) + member(GOOD[:-4]), "a.warc.gz") == ["record-end"]


FIELDS = {
    "version": made(version="1.2"),
    "not-a-field": made(more=["no field at all"]),
    "not-utf8": made(more=["X-Odd: "]).replace(b"X-Odd: ", b"X-Odd: \xe9"),
    "folded-field": made(more=["X-Long: one", " two"]),
    "encoded-word": made(more=["WARC-X: =?utf-8?Q?=C3=BC?="]),
    "missing-field": made(without="WARC-Target-URI"),
    "repeated-field": made(more=["warc-date: 2026-11-22T20:35:21Z"]),
    "forbidden-field": made(more=["WARC-Filename: a.warc.gz"]),
    "record-id": made(record_id="urn:uuid:00000000-0000-4000-8000-000000000001"),
    "date": made(date="2026-02-30T12:00:00Z"),
    "record-type": made("x-odd"),
    "content-type": made(without="Content-Type"),
    "digest-form": GOOD.replace(b"WARC-Block-Digest: sha1", b"WARC-Block-Digest: crc9"),
    "ip-address": made(more=["WARC-IP-Address: 192.0.2.777"]),
    "target-uri": made(url="http://news.example/a b"),
    "truncated": made(more=["WARC-Truncated: tired"]),
    "block-digest": GOOD.replace(b"council", b"counsel"),
    "http-head": made(block=b"<html>no head</html>"),
    "not-marked-truncated": made(block=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort"),
    "dangling-reference": made(more=["WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-00000000000f>"]),
    "segment": made(more=["WARC-Segment-Number: 0"]),
}


@pytest.mark.parametrize("slug", FIELDS)
def test_fields(tmp_path: Path, slug: str) -> None:
    expected = [slug] if slug != "block-digest" else ["block-digest", "payload-digest"]
    assert check(tmp_path, packed(INFO, FIELDS[slug])) == expected


MORE_FIELDS = {
    "id with a short UUID": (made(record_id="<urn:uuid:1234>"), "record-id"),
    "id with a space": (made(record_id="<urn:x: 1234>"), "record-id"),
    "offset instead of Z": (made(date="2026-11-22T20:35:21+01:00"), "date"),
    "no Z": (made(date="2026-11-22T20:35:21"), "date"),
    "ten digits": (made(date="2026-11-22T20:35:21.1234567890Z"), "date"),
    "1.0 has whole seconds": (made(version="1.0", date="2026-11-22T20:35:21.5Z"), "date"),
    "chunked and cut": (made(block=chunked()[:-20]), "not-marked-truncated"),
    "response of another type": (made(content_type="text/html"), "content-type"),
    "no media type": (made(content_type="html"), "content-type"),
    "an empty response": (made(block=b""), "http-head"),
    "a head that does not end": (made(block=b"HTTP/1.1 200 OK\r\nA: b\r\n"), "http-head"),
    "a request that does not end": (made("request", b"GET / HTTP/1.1\r\nA: b\r\n"), "http-head"),
    "no request": (made("request", b"<html>"), "http-head"),
    "metadata with a payload digest": (
        made("metadata", b"a: b\r\n", content_type="application/warc-fields", payload=b"a: b\r\n"),
        "forbidden-field",
    ),
    "continuation without its number": (
        made("continuation", more=["WARC-Segment-Origin-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>"]),
        "missing-field",
    ),
    "address with an interface": (made(more=["WARC-IP-Address: fe80::1%eth0"]), "ip-address"),
}


@pytest.mark.parametrize("name", MORE_FIELDS)
def test_more_fields(tmp_path: Path, name: str) -> None:
    record, slug = MORE_FIELDS[name]
    assert check(tmp_path, packed(INFO, record)) == [slug]


ALLOWED = {
    "any precision": [
        made(date=date, url=f"http://news.example/{n}")
        for n, date in enumerate(
            [
                "2026",
                "2026-11",
                "2026-11-22",
                "2026-11-22T20:35Z",
                "2026-11-22T20:35:21Z",
                "2026-11-22T20:35:21.123456789Z",
            ]
        )
    ],
    "brackets in 1.0": [made(version="1.0", url="<http://news.example/a>")],
    "SHA-256 in hexadecimal": [made(algorithm="sha256")],
    "MD5": [made(algorithm="md5")],
    "SHA-1 in hexadecimal": [made(algorithm="sha1-hex")],
    "extensions repeated": [made(more=["WARC-Protocol: http/1.1", "WARC-Protocol: tls/1.3"])],
    "the answer to HEAD": [made(block=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n")],
    "cut and marked": [made(block=b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx", more=["WARC-Truncated: time"])],
    "chunked in name only": [made(block=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>", payload=b"<p>")],
    "an early answer before": [made(block=b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + plain(), payload=PAGE)],
    "LF in the HTTP head": [made(block=b"HTTP/1.0 200 OK\nA: b\n\nx", payload=b"x")],
    "HTTP/2": [made(block=b"HTTP/2 200\r\nA: b\r\n\r\nx", payload=b"x")],
    "a redirect": [made(block=MOVED, payload=b"")],
    "a name server's answer": [made(url="dns:news.example", block=b"20261122\n", content_type="text/dns")],
    "a resource": [made("resource", PAGE, content_type="text/html", payload=PAGE)],
    "a request": [made("request", b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n")],
    "a request with a body": [made("request", b"POST /a HTTP/1.1\r\nHost: x\r\n\r\na=1", payload=b"a=1")],
    "a field that nobody knows": [made(more=["X-Odd: é"])],
}


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed(tmp_path: Path, name: str) -> None:
    assert check(tmp_path, packed(INFO, *ALLOWED[name])) == []


ID = "<urn:uuid:00000000-0000-4000-8000-0000000000aa>"
PROFILE = "WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
REFERS = ["WARC-Refers-To-Target-URI: http://news.example/a", "WARC-Refers-To-Date: 2026-11-22T20:35:21Z"]
HEAD = plain().partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def revisit(*more: str, url: str = "http://news.example/r", record_id: str = "", to: str = ID, **values: str) -> bytes:
    fields = [PROFILE, f"WARC-Refers-To: {to}", *more]
    return made("revisit", HEAD, url=url, record_id=record_id, payload=PAGE, more=fields, **values)


def test_revisits(tmp_path: Path) -> None:
    cut = "WARC-Truncated: length"
    original = made(record_id=ID)
    assert check(tmp_path, packed(INFO, original, revisit(*REFERS, cut))) == []
    assert check(tmp_path, packed(INFO, original, revisit(*REFERS))) == ["revisit-not-cut"]
    assert check(tmp_path, packed(INFO, original, revisit(cut))) == ["refers-to-nothing"]
    assert check(tmp_path, packed(INFO, revisit(*REFERS, cut))) == ["dangling-reference"]
    assert check(tmp_path, packed(INFO, original, revisit(*REFERS, cut, without="WARC-Payload-Digest"))) == [
        "missing-field"
    ]
    assert check(tmp_path, packed(INFO, original, revisit(*REFERS, cut, without="WARC-Profile"))) == ["missing-field"]
    odd = revisit(*REFERS, cut).replace(b"/revisit/identical", b"/revisit/likewise")
    assert check(tmp_path, packed(INFO, original, odd)) == ["profile"]
    second = revisit(*REFERS, cut, record_id=ID, to=f"{ID[:-3]}bb>")
    third = revisit(*REFERS, cut, url="http://news.example/s")
    first = made(record_id=f"{ID[:-3]}bb>")
    assert check(tmp_path, packed(INFO, first, second, third)) == ["refers-to-revisit"]
    assert check(tmp_path, packed(INFO, first, third, second)) == ["refers-to-revisit"]


def test_references_between_files(tmp_path: Path) -> None:
    one, two = tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"
    one.write_bytes(packed(INFO, made(more=[f"WARC-Concurrent-To: {ID}"])))
    two.write_bytes(
        packed(made("warcinfo", record_id="<urn:x:2>", block=b""), made(url="http://b.example", record_id=ID))
    )
    assert slugs(one) == ["dangling-reference"]
    assert slugs(one, two) == slugs(two, one) == []
    assert slugs(two, two) == ["duplicate-id"] * 2
    (finding,) = found(one)
    assert finding.severity == "warning"
    assert finding.file == str(one)


def test_one_date_for_one_capture(tmp_path: Path) -> None:
    later = made(url="http://news.example/b", date="2026-11-22T20:35:22Z", more=[f"WARC-Concurrent-To: {ID}"])
    assert check(tmp_path, packed(INFO, made(record_id=ID), later)) == ["event-date"]


def test_the_file_itself(tmp_path: Path) -> None:
    assert check(tmp_path, packed(GOOD)) == ["warcinfo-first"]
    assert check(tmp_path, packed(INFO), "a.warc.gz.open") == ["unclosed"]
    named = made("warcinfo", b"", header("WARC-Filename", "a.warc.gz"))
    assert check(tmp_path, packed(named)) == []
    assert check(tmp_path, packed(named), "b.warc.gz") == ["filename"]
    assert list(Checker().check(tmp_path / "b.warc.gz", "-")) == []  # stdin has no name
    assert check(tmp_path, b"") == ["not-warc"]
    assert check(tmp_path, b"<html>") == ["not-warc"]
    with pytest.raises(InputError):
        slugs(tmp_path)
    with pytest.raises(InputError):
        slugs(tmp_path / "none.warc")


def test_large_records_are_checked(tmp_path: Path) -> None:
    body = bytes(70 * 1024 * 1024)
    path = tmp_path / "large.warc"
    good = made(block=b"HTTP/1.1 200 OK\r\n\r\n" + body, payload=body)
    path.write_bytes(INFO + good)
    assert slugs(path) == []
    path.write_bytes(INFO + good[:-100] + b"x" + good[-99:])
    assert slugs(path) == ["block-digest", "payload-digest"]


def test_ids_cost_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "_RECENT", 2)
    checker = Checker()
    path = tmp_path / "a.warc"
    path.write_bytes(INFO + b"".join(made(url=f"http://news.example/{n}") for n in range(9)))
    assert list(checker.check(path)) == []
    assert checker.records == 10
    assert all(len(key) == 16 for key in checker._kinds)
    assert len(checker._dates) == 2


def test_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(INFO + made(date="yesterday", record_id=ID))
    (finding,) = found(path)
    assert finding.record_id == ID
    assert finding.line.startswith(f"{path}@{len(INFO)}: error: WARC-Date 'yesterday': not of the form")
    assert finding.line.endswith(" (5.4) [date]")


def test_every_rule_is_met_in_these_tests() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    assert [slug for slug in RULES if f'"{slug}"' not in source] == []
