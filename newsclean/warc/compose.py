"""From a fetch to the records of WARC 1.1 (ISO 28500:2017) that keep it: which ones, with which fields."""

import hashlib
import uuid
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO

from warcio.statusandheaders import StatusAndHeaders

from newsclean.exchange import Earlier, Exchange, Fetch
from newsclean.model import RecordRef
from newsclean.settings import Settings
from newsclean.version import __version__
from newsclean.warc.digests import payload_digest, sha1
from newsclean.warc.index import entry_of, http_head
from newsclean.warc.names import INPUT, MESSAGE, NOT_MODIFIED, OUTCOME, PURPOSE, REDIRECT, one_line

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
UNMODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_FIELDS = "application/warc-fields"
_RESPONSE = "application/http;msgtype=response"

Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record before it is packed."""

    kind: str
    """WARC-Type."""
    content_type: str
    headers: list[Header]
    """Its fields, without type, id, lengths and block digest."""
    block: bytes
    record_id: str
    """With angle brackets."""

    def head(self) -> bytes:
        """Version line, fields and empty line."""
        headers = [
            ("WARC-Type", self.kind),
            ("WARC-Record-ID", self.record_id),
            *self.headers,
            ("WARC-Block-Digest", sha1(self.block)),
            ("Content-Type", self.content_type),
            ("Content-Length", str(len(self.block))),
        ]
        head: bytes = StatusAndHeaders("", headers, protocol="WARC/1.1").to_bytes()
        return head


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What keeps the answer of one exchange."""

    exchange: Exchange
    record: NewRecord
    """A response or a revisit."""
    payload_digest: str | None
    original: Earlier | None
    """What a revisit refers to; absent for a response."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """The records of one fetch, in the order of the file."""

    records: list[NewRecord]
    kept: list[Kept]
    """One for each exchange that was answered, in their order."""


def warcinfo(settings: Settings, moment: datetime, filename: str) -> NewRecord:
    """The record that begins a file: who made it, with what, and how."""
    fields: list[Header] = [
        ("software", f"newsclean/{__version__} (https://pypi.org/project/newsclean/)"),
        ("format", "WARC File Format 1.1"),
        ("conformsTo", CONFORMS_TO),
    ]
    if settings.operator:
        fields.append(("operator", settings.operator))
    fields += [
        ("http-header-user-agent", settings.user_agent),
        # The standard's word for a crawler that obeys robots.txt.
        ("robots", "classic" if settings.robots == "obey" else "ignore"),
        ("newsclean-settings", _settings_digest(settings)),
        ("newsclean-payload-digest", _DIGESTS[settings.digest_compat]),
    ]
    if settings.insecure:
        fields.append(("newsclean-tls", "certificates were not checked"))
    headers = [("WARC-Date", warc_date(moment)), ("WARC-Filename", filename)]
    return NewRecord("warcinfo", _FIELDS, headers, _fields_block(fields), new_id())


_DIGESTS = {
    "entity": "over the entity body (ISO 28500:2017, 5.9): transfer coding off, content coding on",
    "chunked": "over all bytes behind the HTTP head, chunk framing included",
}


def compose(
    fetch: Fetch,
    warcinfo_id: str,
    settings: Settings,
    moment: datetime,
    find: Callable[[str], Earlier | None] = lambda _digest: None,
) -> Composed:
    """The records of a fetch: request and answer of each exchange, then one metadata record for all of it.

    ``find``: an earlier capture with that payload digest, or None; where there is one, the page becomes a revisit.
    ``moment``: the date of a fetch that has no exchange.
    """
    records: list[NewRecord] = []
    kept: list[Kept] = []
    ids: list[str] = []
    for exchange in fetch.exchanges:
        common = _common(exchange, warcinfo_id)
        request_id, answer_id = new_id(), new_id() if exchange.answered else None
        ids = []
        if exchange.request_bytes:
            ids.append(request_id)
            linked = [("WARC-Concurrent-To", answer_id)] if answer_id else []
            records.append(
                NewRecord(
                    "request",
                    "application/http;msgtype=request",
                    [*common, *linked],
                    exchange.request_bytes,
                    request_id,
                )
            )
        if answer_id:
            headers = [*common, *[("WARC-Concurrent-To", other) for other in ids]]
            page = exchange is fetch.last and fetch.purpose == "page"
            refers = fetch.earlier if page else None
            digest = refers.payload_digest if refers else digest_of(exchange, settings)
            if page and not refers and digest and _has_payload(exchange):
                refers = find(digest)
                if refers and refers.chunked and not exchange.chunked:
                    refers = None  # pywb would put this head before those chunks
            keep = _answer(exchange, answer_id, headers, digest, refers, unmodified=fetch.earlier is not None)
            kept.append(keep)
            records.append(keep.record)
            ids.append(answer_id)
    records.append(_metadata(fetch, ids, warcinfo_id, moment))
    return Composed(records=records, kept=kept)


def index_lines(composed: Composed, places: list[RecordRef]) -> list[str]:
    """The lines for an index (CDXJ) of the answers; ``places``: where all records lie, in their order."""
    where = {ref.record_id: ref for ref in places}
    lines = []
    for keep in composed.kept:
        record, exchange, ref = keep.record, keep.exchange, where[keep.record.record_id]
        mime, status = http_head(BytesIO(record.block)) or (None, None)
        digest = keep.payload_digest or sha1(memoryview(record.block)[exchange.head_length :])
        lines.append(
            entry_of(
                url=exchange.url,
                date=exchange.started_at,
                record_type=record.kind,
                mime=mime,
                status=status,
                digest=digest,
                length=ref.length,
                offset=ref.offset,
                filename=ref.file,
            )
        )
    return lines


def digest_of(exchange: Exchange, settings: Settings) -> str | None:
    """The payload digest as the settings want it; None for a message so broken that its body cannot be told."""
    if settings.digest_compat == "chunked" and exchange.truncated != "unspecified":
        return sha1(memoryview(exchange.response_bytes)[exchange.head_length :])
    return payload_digest(exchange)


def _answer(
    exchange: Exchange,
    record_id: str,
    headers: list[Header],
    digest: str | None,
    refers: Earlier | None,
    *,
    unmodified: bool,
) -> Kept:
    """The answer as a revisit of ``refers`` where there is one, else as a response."""
    if digest:
        headers.append(("WARC-Payload-Digest", digest))
    if refers:
        headers += [
            ("WARC-Profile", UNMODIFIED if unmodified else SAME_PAYLOAD),
            ("WARC-Refers-To", refers.record_id),
            ("WARC-Refers-To-Target-URI", refers.url),
            ("WARC-Refers-To-Date", refers.date),
        ]
        # Replay engines show a 304 that is the block as just that, an empty page; without a block they show the page
        # that it stands for. The bytes are in the metadata record.
        block = b""
        if not unmodified:
            # 6.7.2: of the message only the head is here
            headers.append(("WARC-Truncated", "length"))
            block = exchange.response_bytes[: exchange.head_length]
        record = NewRecord("revisit", _RESPONSE, headers, block, record_id)
        return Kept(exchange=exchange, record=record, payload_digest=digest, original=refers)
    if exchange.truncated:
        headers.append(("WARC-Truncated", exchange.truncated))
    record = NewRecord("response", _RESPONSE, headers, exchange.response_bytes, record_id)
    return Kept(exchange=exchange, record=record, payload_digest=digest, original=None)


def _has_payload(exchange: Exchange) -> bool:
    """Whether there is a whole payload to compare."""
    return not exchange.truncated and any(exchange.entity_parts())


def _common(exchange: Exchange, warcinfo_id: str) -> list[Header]:
    """What all records of one exchange have."""
    headers = [
        ("WARC-Date", exchange.started_at),
        ("WARC-Target-URI", exchange.url),
        ("WARC-Warcinfo-ID", warcinfo_id),
    ]
    if exchange.ip:
        headers.append(("WARC-IP-Address", exchange.ip))
    headers += [("WARC-Protocol", name) for name in (exchange.protocol, exchange.tls) if name]
    if exchange.cipher:
        headers.append(("WARC-Cipher-Suite", exchange.cipher))
    return headers


def _metadata(fetch: Fetch, linked: list[str], warcinfo_id: str, moment: datetime) -> NewRecord:
    last = fetch.last
    headers: list[Header] = []
    if last:
        headers = [
            ("WARC-Date", last.started_at),
            ("WARC-Target-URI", last.url),
            ("WARC-Warcinfo-ID", warcinfo_id),
            *([("WARC-IP-Address", last.ip)] if last.ip else []),
            # The response first: it is what the metadata is about.
            *[("WARC-Concurrent-To", other) for other in reversed(linked)],
        ]
    else:
        headers = [("WARC-Date", warc_date(moment)), ("WARC-Warcinfo-ID", warcinfo_id)]
    fields: list[Header] = []
    if fetch.redirects:
        fields.append(("via", fetch.redirects[-1]))
        fields.append(("hopsFromSeed", "R" * len(fetch.redirects)))
    if last:
        fields.append(("fetchTimeMs", str(last.fetch_ms)))
    if fetch.purpose == "page":
        fields.append((INPUT, fetch.url))
        fields += [(REDIRECT, hop) for hop in fetch.redirects]
    else:
        fields.append((PURPOSE, fetch.purpose))
    if fetch.earlier and last:
        fields.append((NOT_MODIFIED, b64encode(last.response_bytes).decode("ascii")))
    if fetch.error:
        fields += [(OUTCOME, fetch.error.code), (MESSAGE, str(fetch.error))]
    return NewRecord("metadata", _FIELDS, headers, _fields_block(fields), new_id())


def new_id() -> str:
    """A WARC-Record-ID that nobody had before, with its angle brackets."""
    return f"<urn:uuid:{uuid.uuid4()}>"


def warc_date(moment: datetime) -> str:
    """A WARC-Date: W3CDTF with microseconds, in UTC."""
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _fields_block(fields: list[Header]) -> bytes:
    """``application/warc-fields``: one field a line."""
    return "".join(f"{name}: {one_line(value)}\r\n" for name, value in fields).encode()


def _settings_digest(settings: Settings) -> str:
    values = {name: value for name, value in asdict(settings).items() if name != "origins"}
    return hashlib.sha256(repr(sorted(values.items())).encode()).hexdigest()[:16]
