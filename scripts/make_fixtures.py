"""Write capture.warc.gz of each page fixture from the newsstand's pages.

    .venv/bin/python scripts/make_fixtures.py

A fixture is a folder of fixtures/pages with a fixture.toml; its url and captured time say which page goes in and under
which date. Record ids, dates and header fields are fixed, so that two runs give the same bytes. truth.toml and
fixture.toml are not touched.
"""

import base64
import hashlib
import io
import tomllib
import uuid
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsclean.demo.newsstand import NewsstandPage, chunks, load_pages

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "pages"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "http://newsclean.example/fixtures")


def capture(page: NewsstandPage, captured: datetime) -> bytes:
    """A WARC 1.1 file of one exchange: warcinfo, request, response, a gzip member each."""
    date = captured.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def record_id(kind: str) -> str:
        return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, f'{kind} {date} {page.url}')}>"

    def common(kind: str) -> dict[str, str]:
        return {"WARC-Record-ID": record_id(kind), "WARC-Date": date}

    info = b"software: newsclean scripts/make_fixtures.py\r\nformat: WARC File Format 1.1\r\n"
    parts = urlsplit(page.url)
    asked = [("Host", parts.netloc), ("Accept", "text/html"), ("Accept-Encoding", "gzip")]
    request = StatusAndHeaders(f"GET {parts.path} HTTP/1.1", asked, is_http_request=True)
    entity = page.entity(accept_gzip=True)
    fields = [("Date", format_datetime(captured.astimezone(UTC), usegmt=True)), *page.fields(entity)]
    response = StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1")
    body = b"".join(chunks(entity)) if page.chunked else entity
    # the standard's payload is the entity body; warcio would take the digest over the chunks
    digest = "sha1:" + base64.b32encode(hashlib.sha1(entity, usedforsecurity=False).digest()).decode()

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    source = common("warcinfo") | {"WARC-Filename": "capture.warc.gz"}
    linked = {"WARC-Warcinfo-ID": record_id("warcinfo")}
    asking = common("request") | linked | {"WARC-Concurrent-To": record_id("response")}
    answer = common("response") | linked | {"WARC-Payload-Digest": digest}
    for kind, head, payload, http in (
        ("warcinfo", source, info, None),
        ("request", asking, b"", request),
        ("response", answer, body, response),
    ):
        record = writer.create_warc_record(
            None if kind == "warcinfo" else page.url,
            kind,
            payload=io.BytesIO(payload),
            length=len(payload),
            warc_content_type="application/warc-fields" if kind == "warcinfo" else "",
            warc_headers_dict=head,
            http_headers=http,
        )
        writer.write_record(record)
    return out.getvalue()


def main() -> None:
    pages = {page.url: page for page in load_pages()}
    for about in sorted(FIXTURES.glob("*/*/fixture.toml")):
        fixture = tomllib.loads(about.read_text(encoding="utf-8"))
        if page := pages.get(fixture["url"]):
            about.with_name("capture.warc.gz").write_bytes(capture(page, fixture["captured"]))
        else:
            print(f"{about}: left alone, the newsstand has no page {fixture['url']}")


if __name__ == "__main__":
    main()
