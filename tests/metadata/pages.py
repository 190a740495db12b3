"""Small pages for the tests of metadata."""

import json
from typing import Any

from newsclean.metadata import Metadata, read_metadata
from newsclean.model import Capture
from newsclean.page import Page, read_page

URL = "https://news.example/2024/05/bridge"
PROSE = "<p>" + "The old bridge stays open for walkers until the end of the month, the mayor said. " * 4 + "</p>"


def page(head: str = "", body: str = PROSE, url: str = URL, attributes: str = "") -> Page:
    source = f"<!doctype html><html {attributes}><head>{head}</head><body>{body}</body></html>"
    return read_page(Capture(url=url, final_url=url, body=source.encode()), limit=10_000_000)


def read(
    head: str = "", body: str = PROSE, url: str = URL, captured_at: str | None = None, attributes: str = ""
) -> Metadata:
    return read_metadata(page(head, body, url, attributes), captured_at)


def script(value: Any) -> str:
    """A JSON-LD script; a string is written as it is."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def article(**fields: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
