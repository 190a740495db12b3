"""WARC files of invented pages."""

import io
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

Make = Callable[..., Path]
_WORDS = (
    "The ferry board of {place} voted on Tuesday to keep the old quay open for another {n} years, after a hearing "
    "that lasted until midnight.|Repairs are to begin in May, said harbour master Ada Brook, and will cost {n} million "
    "crowns, most of which the county pays.|Boats will land at the fish market in the meantime, so that nobody has to "
    "walk farther than {n} minutes from the tram.|Residents had collected {n},000 signatures against the closing, the "
    "most that the town has seen since the lighthouse was sold."
)


def story(number: int, host: str = "news.example", head: str = "", language: str = "en") -> str:
    """An article with a few paragraphs and a counter."""
    text = "".join(f"<p>{line}</p>" for line in _WORDS.format(place=f"Quay {number}", n=number + 2).split("|"))
    return (
        f'<!doctype html><html lang="{language}"><head><title>Quay {number} stays open – Harbour News</title>{head}'
        f'<meta property="article:published_time" content="2026-01-{1 + number % 28:02}"></head>'
        f"<body><nav><a href='https://{host}/'>Home</a></nav><article><h1>Quay {number} stays open</h1>"
        f"<p class='byline'>By Ada Brook</p>{text}<p>This news has been read {8000 + number} times!</p></article>"
        "</body></html>"
    )


@pytest.fixture
def warc(tmp_path: Path) -> Make:
    """Writes a WARC file: pages as (URL, HTML) or (URL, HTML, status, media type)."""

    def make(name: str, pages: Sequence[tuple[object, ...]], *, gzip: bool = True) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # warcio leaves the files of its records to the garbage collector
        with path.open("wb") as file, warnings.catch_warnings(action="ignore", category=ResourceWarning):
            writer = WARCWriter(file, gzip=gzip)
            writer.write_record(writer.create_warcinfo_record(name, {"software": "a test"}))
            for number, (url, html, *rest) in enumerate(pages):
                status, kind = rest if len(rest) == 2 else (200, "text/html; charset=utf-8")
                body = str(html).encode()
                head = StatusAndHeaders(
                    f"{status} X",
                    [("Content-Type", str(kind)), ("Content-Length", str(len(body)))],
                    protocol="HTTP/1.1",
                )
                date = f"2026-0{1 + number % 3}-11T10:00:00Z"
                writer.write_record(
                    writer.create_warc_record(
                        str(url),
                        "response",
                        payload=io.BytesIO(body),
                        http_headers=head,
                        warc_headers_dict={"WARC-Date": date},
                    )
                )
        return path

    return make


def stories(count: int, host: str = "news.example") -> list[tuple[str, str]]:
    return [(f"https://{host}/2026/quay-{number}", story(number, host)) for number in range(count)]
