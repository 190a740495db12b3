"""Write capture.warc.gz of each page fixture from its page.html, or from the newsstand's page.

    .venv/bin/python scripts/make_fixtures.py

A fixture is a folder of fixtures/pages with a fixture.toml; its url says which page of the newsstand goes in where the
folder has no page.html, and its captured time under which date. Record ids, dates and header fields are fixed, so that
two runs give the same bytes. truth.toml, fixture.toml and page.html are not touched.
"""

import base64
import hashlib
import io
import tomllib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newsclean.demo.newsstand import NewsstandPage, chunks, load_pages

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "pages"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "http://newsclean.example/fixtures")


@dataclass(frozen=True, kw_only=True)
class WrittenPage(NewsstandPage):
    """The page.html of a fixture, which the newsstand does not serve."""

    folder: Path

    @cached_property
    def html(self) -> bytes:
        return (self.folder / self.file).read_bytes()

    def fields(self, entity: bytes) -> list[tuple[str, str]]:
        # few papers send Content-Language: the page alone says its language
        return [(name, value) for name, value in super().fields(entity) if name != "Content-Language"]


def page_of(about: Path, newsstand: Mapping[str, NewsstandPage]) -> NewsstandPage | None:
    """The page of a fixture.toml: page.html beside it, else the newsstand's; None where there is neither.

    ``newsstand``: its pages by their URL.
    """
    url = tomllib.loads(about.read_text(encoding="utf-8"))["url"]
    if about.with_name("page.html").is_file():
        return WrittenPage(file="page.html", url=url, title="", language="", folder=about.parent)
    return newsstand.get(url)


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
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    request = StatusAndHeaders(f"GET {target} HTTP/1.1", asked, is_http_request=True)
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
        if page := page_of(about, pages):
            about.with_name("capture.warc.gz").write_bytes(capture(page, fixture["captured"]))
        else:
            print(f"{about}: left alone, it has no page.html and the newsstand no page {fixture['url']}")


if __name__ == "__main__":
    main()
