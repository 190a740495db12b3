"""The head of a WARC record against clauses 4 and 5 of ISO 28500:2017."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from newsclean.warc.passing import Passing

TYPES = ("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation")
PROFILES = {
    f"http://netpreserve.org/warc/{version}/revisit/{name}"
    for version in ("1.0", "1.1")
    for name in ("identical-payload-digest", "server-not-modified")
}
_MANDATORY = ("WARC-Record-ID", "WARC-Date", "WARC-Type")
_MANDATORY_BY_TYPE: Mapping[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("response", "resource", "request", "conversion"), (("WARC-Target-URI", "5.14"),)),
    "revisit": (("WARC-Target-URI", "5.14"), ("WARC-Profile", "5.18")),
    "continuation": (
        ("WARC-Target-URI", "5.14"),
        ("WARC-Segment-Number", "5.20"),
        ("WARC-Segment-Origin-ID", "5.21"),
    ),
}
_EXCEPT_WARCINFO = frozenset(TYPES) - {"warcinfo"}
_FORBIDDEN: Mapping[str, tuple[frozenset[str], str]] = {
    "warc-concurrent-to": (frozenset(["warcinfo", "conversion", "continuation"]), "5.7"),
    "warc-payload-digest": (frozenset(["warcinfo", "metadata"]), "5.9"),
    "warc-ip-address": (frozenset(["warcinfo", "conversion", "continuation"]), "5.10"),
    "warc-refers-to": (frozenset(["warcinfo", "response", "resource", "request", "continuation"]), "5.11"),
    "warc-target-uri": (frozenset(["warcinfo"]), "5.14"),
    "warc-warcinfo-id": (frozenset(["warcinfo"]), "5.16"),
    "warc-filename": (_EXCEPT_WARCINFO, "5.17"),
    "warc-identified-payload-type": (frozenset(["warcinfo", "metadata"]), "5.19"),
    "warc-segment-origin-id": (frozenset(TYPES) - {"continuation"}, "5.21"),
    "warc-segment-total-length": (frozenset(TYPES) - {"continuation"}, "5.22"),
}
_ONCE = frozenset(
    [
        *("warc-type", "warc-record-id", "warc-date", "content-length", "content-type", "warc-block-digest"),
        *("warc-payload-digest", "warc-ip-address", "warc-refers-to", "warc-refers-to-target-uri", "warc-target-uri"),
        *("warc-refers-to-date", "warc-truncated", "warc-warcinfo-id", "warc-filename", "warc-profile"),
        *("warc-identified-payload-type", "warc-segment-number", "warc-segment-origin-id", "warc-segment-total-length"),
    ]
)
"""Fields of the standard that may stand once; WARC-Concurrent-To may be repeated, extensions too (#95)."""
_TRUNCATED = ("length", "time", "disconnect", "unspecified")

_FIELD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]*:")
_ENCODED_WORD = re.compile(r"=\?[\w-]+\?[bqBQ]\?[^?]*\?=")
_RECORD_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[!-;=?-~]+>")
_UUID = re.compile(r"<urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}>", re.IGNORECASE)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
_MEDIA_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+\s*(;.*)?", re.DOTALL)
_DATE = {
    "1.0": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
    "1.1": re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z)?)?)?"),
}
"""What a WARC-Date may look like. 1.1 takes any precision of W3CDTF, but UTC only."""

Told = tuple[str, str]
"""A slug of RULES and what is wrong."""


def check_fields(record: Passing) -> Iterator[Told]:
    """What is wrong with the head of a record."""
    kind = record.header("WARC-Type") or ""
    yield from _lines(record)
    yield from _presence(record, kind)
    yield from _values(record, kind)


def _lines(record: Passing) -> Iterator[Told]:
    """The bytes of the head: line ends, encoding, what is no field."""
    lines = record.head.split(b"\n")[:-1]
    if record.version not in ("1.0", "1.1"):
        yield "version", f"WARC/{record.version} is no version of the standard"
    wrong = sum(not line.endswith(b"\r") or line.endswith(b"\r\r") for line in lines)
    if wrong:
        yield "bare-lf", f"{wrong} of the {len(lines)} lines of the head do not end in CR LF"
    try:
        record.head.decode("utf-8")
    except UnicodeDecodeError as problem:
        yield "not-utf8", f"the head is no UTF-8 at its byte {problem.start}"
    for line in lines[1:]:
        text = line.rstrip(b"\r")
        if text[:1] in (b" ", b"\t"):
            yield "folded-field", f"a field goes on in a second line: {_shown(text)}"
        elif text and not _FIELD.match(text):
            yield "not-a-field", f"a line of the head is no field: {_shown(text)}"


def _presence(record: Passing, kind: str) -> Iterator[Told]:
    """Fields that are missing, repeated, or not for this type."""
    for name in _MANDATORY:
        if not record.header(name):
            yield "missing-field", f"no {name}"
    for name, clause in _MANDATORY_BY_TYPE.get(kind, ()):
        if not record.header(name):
            yield "missing-field", f"a {kind} record without {name} ({clause})"
    by_digest = kind == "revisit" and (record.header("WARC-Profile") or "").endswith("/identical-payload-digest")
    if by_digest and not record.header("WARC-Payload-Digest"):
        yield "missing-field", "a revisit by payload digest without WARC-Payload-Digest (6.7.2)"
    counts: dict[str, int] = {}
    for name, _value in record.headers:
        counts[name.lower()] = counts.get(name.lower(), 0) + 1
    for name, count in counts.items():
        if count > 1 and name in _ONCE:
            yield "repeated-field", f"{_spelled(record, name)} stands there {count} times"
        kinds, clause = _FORBIDDEN.get(name, (frozenset(), ""))
        if kind in kinds:
            yield "forbidden-field", f"{_spelled(record, name)} on a {kind} record ({clause})"


def _values(record: Passing, kind: str) -> Iterator[Told]:
    for name, value in record.headers:
        if name.upper().startswith("WARC-") and _ENCODED_WORD.search(value):
            yield "encoded-word", f"{name} is written as an encoded word of mail (RFC 2047)"
    if kind and kind not in TYPES:
        yield "record-type", f"WARC-Type {kind!r} is none of the standard's"
    for name in ("WARC-Record-ID", "WARC-Concurrent-To", "WARC-Refers-To", "WARC-Warcinfo-ID"):
        for value in record.every(name):
            if problem := _id_problem(value):
                yield "record-id", f"{name} {value!r}: {problem}"
    for name in ("WARC-Date", "WARC-Refers-To-Date"):
        if (date := record.header(name)) and (problem := date_problem(date, record.version)):
            yield "date", f"{name} {date!r}: {problem}"
    yield from _content_type(record, kind)
    for name in ("WARC-Target-URI", "WARC-Refers-To-Target-URI"):
        if uri := record.header(name):
            yield from _uri(name, uri, record.version)
    if address := record.header("WARC-IP-Address"):
        yield from _address(address)
    reason = record.header("WARC-Truncated")
    if reason is not None and reason not in _TRUNCATED:
        yield "truncated", f"WARC-Truncated {reason!r} is no reason that the standard names"
    profile = record.header("WARC-Profile")
    if profile and profile not in PROFILES:
        yield "profile", f"WARC-Profile {profile!r} is none of the standard's"
    number = record.header("WARC-Segment-Number")
    if number is not None:
        if not re.fullmatch("[1-9][0-9]*", number):
            yield "segment", f"WARC-Segment-Number {number!r} is no number from 1 on"
        elif (number == "1") == (kind == "continuation"):
            yield "segment", f"WARC-Segment-Number {number} on a {kind} record"


def _id_problem(value: str) -> str:
    if not _RECORD_ID.fullmatch(value):
        return "no URI between angle brackets"
    if value.lower().startswith("<urn:uuid:") and not _UUID.fullmatch(value):
        return "no UUID (RFC 9562)"
    return ""


def date_problem(value: str, version: str) -> str:
    """What is wrong with a WARC-Date; empty where nothing is."""
    if not _DATE.get(version, _DATE["1.1"]).fullmatch(value):
        if version == "1.0" and _DATE["1.1"].fullmatch(value):
            return "WARC/1.0 has whole seconds, YYYY-MM-DDThh:mm:ssZ, and nothing else"
        return "not of the form YYYY-MM-DDThh:mm:ssZ"
    whole = value.partition(".")[0].removesuffix("Z")
    try:
        datetime.fromisoformat(whole + "0000-01-01T00:00:00"[len(whole) :])
    except ValueError:
        return "no such day or time"
    return ""


def _content_type(record: Passing, kind: str) -> Iterator[Told]:
    value = record.header("Content-Type")
    if not value:
        if record.size > 0 and kind != "continuation":
            yield "content-type", "a block without Content-Type"
        return
    if not _MEDIA_TYPE.fullmatch(value):
        yield "content-type", f"Content-Type {value!r} is no media type"
    elif kind in ("request", "response") and _is_web(record) and not value.lower().startswith("application/http"):
        yield "content-type", f"a {kind} record of an HTTP exchange says Content-Type {value!r}, not application/http"


def _uri(name: str, value: str, version: str) -> Iterator[Told]:
    if value.startswith("<") and value.endswith(">"):
        if version != "1.0":  # 1.0 had them in its grammar
            yield "angle-brackets", f"{name} stands between angle brackets, which WARC/1.1 has not"
        value = value[1:-1]
    if not _URI.fullmatch(value):
        yield "target-uri", f"{name} {_shown(value.encode())} is no URI by RFC 3986"


def _address(value: str) -> Iterator[Told]:
    address = None
    with suppress(ValueError):
        address = ip_address(value)
    if address is None:
        yield "ip-address", f"WARC-IP-Address {value!r} is no address"
    elif isinstance(address, IPv6Address) and address.scope_id:
        yield "ip-address", f"WARC-IP-Address {value!r} names an interface of the machine that wrote it"


def _is_web(record: Passing) -> bool:
    return is_web(record.header("WARC-Target-URI"))


def is_web(uri: str | None) -> bool:
    """Whether a WARC-Target-URI is one of HTTP."""
    return (uri or "").lstrip("<").lower().startswith(("http://", "https://"))


def _spelled(record: Passing, name: str) -> str:
    return next(key for key, _value in record.headers if key.lower() == name)


def _shown(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return repr(text if len(text) <= 80 else text[:80] + "…")
