"""One page -> Extraction: whatever comes in, and what is promised about what comes out."""

import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import newsclean
from newsclean.errors import EmptyPageError, NotHtmlError, PageError, PageTooLargeError, RulesError
from newsclean.extraction import clean_text, extract, extract_capture, judge_text
from newsclean.model import Capture, Extraction, RecordRef
from newsclean.settings import Settings
from tests.body.pages import HEADLINE, PARAGRAPHS, URL, p, page
from tests.fixtures.pages import FIXTURES, Fixture

SAMPLE = Path(__file__).parents[2] / "shared" / "sample" / "000_101b7afe40c93a6a.txt"
PAGE = page(p(*PARAGRAPHS), "<p>Back to top</p>")


def capture(body: bytes, **values: object) -> Capture:
    return Capture(url=URL, final_url=URL, body=body, **values)  # type: ignore[arg-type]


def test_bytes_and_text_give_the_same() -> None:
    assert extract(PAGE, url=URL) == extract(PAGE.encode(), url=URL)


def test_text_is_never_read_by_the_charset_that_it_declares() -> None:
    german = "Die Brücke über die Würm bleibt für Fußgänger geöffnet, sagte die Bürgermeisterin am Abend im Rathaus."
    source = page(p(german, *PARAGRAPHS), head='<meta charset="iso-8859-1">')
    assert extract(source).article.body[0] == german


def test_extract_capture_keeps_record_and_time() -> None:
    ref = RecordRef(file="a.warc.gz", offset=3, length=5, record_id="<urn:uuid:0>")
    found = extract_capture(capture(PAGE.encode(), record=ref, fetched_at="2024-05-01T10:00:00Z"), Settings())
    assert found.record is ref
    assert found.captured_at == "2024-05-01T10:00:00Z"
    assert extract(PAGE).captured_at is None


def test_the_url_of_the_article_is_the_final_one() -> None:
    found = extract_capture(Capture(url="https://short.example/1", final_url=URL, body=PAGE.encode()), Settings())
    assert found.article.url == URL
    assert extract(PAGE).article.url is None


def test_versions() -> None:
    versions = extract(PAGE).versions
    assert versions.newsclean == newsclean.__version__
    assert versions.engine.startswith("newsclean ")
    assert extract(PAGE, settings=Settings(engine="trafilatura")).versions != versions
    assert extract(PAGE, settings=Settings(workers=3)).versions == versions


STATES = (
    "newsletter-active has-comments paywall-enabled with-sidebar related-on consent-pending social-login video-page"
)


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda fixture: fixture.name)
def test_names_on_the_whole_page_change_nothing(fixture: Fixture) -> None:
    """Plugins and themes write their states on the body: they are said of no block more than of another."""
    named = re.sub(r"<body\b", f'<body class="{STATES}"', fixture.html.decode("utf-8", "replace"), count=1, flags=re.I)
    plain = re.sub(r"<body\b", '<body class="x"', fixture.html.decode("utf-8", "replace"), count=1, flags=re.I)
    found, expected = (extract(page, url=fixture.about["url"]) for page in (named, plain))
    assert [(v.decision, v.label) for v in found.verdicts] == [(v.decision, v.label) for v in expected.verdicts]


def test_the_reference_engine_alone() -> None:
    found = extract(PAGE, settings=Settings(engine="trafilatura"))
    assert set(PARAGRAPHS) <= set(found.article.body)
    assert {e.source for v in found.verdicts for e in v.evidence} == {"engine:trafilatura"}


@pytest.mark.parametrize(
    "when", ["2024-05-01T10:00:00Z", "", "yesterday", "2024-13-45", "9999-12-31T23:59:59Z", "20240501"]
)
def test_any_capture_time(when: str) -> None:
    assert extract_capture(capture(PAGE.encode(), fetched_at=when), Settings()).article.body == PARAGRAPHS


@pytest.mark.parametrize(
    "url", ["", "not a url", "http://[", "https://", "file:///etc/passwd", "https://münchen.example/ä b"]
)
def test_any_url(url: str) -> None:
    assert extract(PAGE, url=url).article.body == PARAGRAPHS


DEEP = "<html><body>" + "<div>" * 20_000 + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</div>" * 20_000

WRONG = [
    (b"", "empty-page", EmptyPageError),
    (b" \n ", "empty-page", EmptyPageError),
    (b"\x89PNG\r\n\x1a\n" + bytes(200), "not-html", NotHtmlError),
    (b"%PDF-1.7 <p>", "not-html", NotHtmlError),
    (bytes(range(256)) * 40, "not-html", NotHtmlError),
    (b"only words", "not-html", NotHtmlError),
    (b"<p>" + b"a" * 17_000_000, "page-too-large", PageTooLargeError),
]


@pytest.mark.parametrize(
    ("body", "outcome", "error"), WRONG, ids=[f"{n}-{code}" for n, (_, code, _) in enumerate(WRONG)]
)
def test_what_is_no_page(body: bytes, outcome: str, error: type[PageError]) -> None:
    found = extract_capture(capture(body), Settings())
    assert found.outcome == outcome
    assert found.message
    assert "\n" not in found.message
    assert (found.blocks, found.verdicts) == ((), ())
    with pytest.raises(error, match=found.message.split(":")[0][:20]):
        _ = found.article


def test_a_body_in_a_broken_coding() -> None:
    found = extract_capture(capture(b"\xff\xff\xff", headers=(("Content-Encoding", "br"),)), Settings())
    assert found.outcome == "page"
    with pytest.raises(PageError):
        _ = found.article


def test_a_gzip_body_that_is_cut() -> None:
    whole = gzip.compress(page(p(*PARAGRAPHS), *(f"<!-- {n * 7919 % 10007} -->" for n in range(20_000))).encode())
    found = extract_capture(capture(whole[: len(whole) * 2 // 3], headers=(("Content-Encoding", "gzip"),)), Settings())
    assert found.article.body == PARAGRAPHS


def test_nested_20_000_deep() -> None:
    assert extract(DEEP).article.body == PARAGRAPHS


def test_10_mb_of_one_line() -> None:
    found = extract(page(p(*PARAGRAPHS), f"<p>{'The bridge is closed. ' * 470_000}</p>"))
    assert found.outcome == "article"
    assert found.article.body[0] == PARAGRAPHS[0]


def test_a_lying_charset() -> None:
    body = page(p("Die Brücke über die Würm bleibt für Fußgänger geöffnet, sagte sie am Abend.", *PARAGRAPHS)).encode()
    found = extract_capture(capture(body, headers=(("Content-Type", "text/html; charset=shift_jis"),)), Settings())
    assert "Würm" in found.article.body[0]
    assert any("UTF-8" in note for note in found.diagnostics)


def test_a_page_size_of_the_settings() -> None:
    assert extract(PAGE, settings=Settings(max_page_bytes=100)).outcome == "page-too-large"


def test_a_broken_rule_file_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"no-rules\.toml"):
        extract(PAGE, settings=Settings(rules=(str(tmp_path / "no-rules.toml"),)))


def test_lone_surrogates_in_a_text() -> None:
    found = extract(page(p("The bridge \ud83d stays open for walkers until the end of the month.", *PARAGRAPHS)))
    assert "\n".join(found.article.body).encode()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_have_an_outcome(body: bytes) -> None:
    found = extract(b"<p>" + body)
    _check(found)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *PARAGRAPHS,
                "</p><p>",
                "<ul><li>",
                "</div>",
                "<h2>",
                "<a href='/x'>",
                "</a>",
                "<br>",
                "Read also",
                "<table><tr><td>",
                "<article>",
                "</article>",
                "<blockquote>",
            ]
        ),
        max_size=25,
    )
)
def test_any_page_has_an_outcome(parts: list[str]) -> None:
    _check(extract("<html><body>" + " ".join(parts)))


def _check(found: Extraction) -> None:
    assert found.outcome
    assert (found.found is None) == bool(found.message)
    assert len(found.blocks) == len(found.verdicts)
    for block, verdict in zip(found.blocks, found.verdicts, strict=True):
        assert verdict.block == block.index
        assert verdict.text is None or verdict.text in block.text
    if found.found is not None:
        kept = [
            v.text if v.text is not None else found.blocks[v.block].text for v in found.verdicts if v.decision == "keep"
        ]
        # the cells of a row are one line
        assert " ".join(found.found.body).replace(" | ", " ") == " ".join(text for text in kept if text)


def test_text_lines() -> None:
    found = judge_text(f"{HEADLINE}\r\n\r\n  {PARAGRAPHS[0]}\u2028Back to top\n\n")
    assert [block.text for block in found.blocks] == [HEADLINE, PARAGRAPHS[0], "Back to top"]
    assert [verdict.decision for verdict in found.verdicts] == ["keep", "keep", "drop"]
    assert found.article.body == (HEADLINE, PARAGRAPHS[0])


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("", "empty-page"), (" \n\t", "empty-page"), ("Back to top\nAdvertisement", "not-article:empty-shell")],
)
def test_text_of_which_nothing_is_left(text: str, outcome: str) -> None:
    assert judge_text(text).outcome == outcome
    assert clean_text(text) == ""


def test_clean_text_twice_is_clean_text_once() -> None:
    once = clean_text(
        f"{PARAGRAPHS[0]}\nRelated Articles\nOne title\nOther title\n{PARAGRAPHS[1]} This news has been read 8 times!"
    )
    assert once == f"{PARAGRAPHS[0]}\n\n{PARAGRAPHS[1]}"
    assert clean_text(once) == once


@pytest.mark.parametrize(
    "text", ["word " * 100_000, "\n".join(["One line of many"] * 20_000), "。" * 50_000, "(" * 50_000]
)
def test_long_texts(text: str) -> None:
    assert clean_text(text).replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    left = clean_text(text)
    squeezed = "".join(left.split())
    place = 0
    for sign in "".join(text.split()):
        place += place < len(squeezed) and sign == squeezed[place]
    assert place == len(squeezed), "what is left stands in the text in that order"


@pytest.mark.skipif(not SAMPLE.exists(), reason="../shared/sample is not there")
def test_the_sample_text() -> None:
    source = SAMPLE.read_text(encoding="utf-8")
    lines = [line for line in source.split("\n") if line.strip()]
    clutter = {
        "This news has been read 8399 times!",
        "Related Articles",
        "Back to top button",
        "Advt Blocker Detected",
        "Kindly disable the Ad blocker",
        "Verified by MonsterInsights",
    }
    assert clutter < set(lines)
    assert clean_text(source).split("\n\n") == [line for line in lines if line not in clutter]


@pytest.mark.skipif(not SAMPLE.exists(), reason="../shared/sample is not there")
def test_the_sample_text_as_a_page() -> None:
    lines = [line for line in SAMPLE.read_text(encoding="utf-8").split("\n") if line.strip()]
    headline, *rest = lines
    found = extract(
        f"<html><body><h1>{headline}</h1><div class=entry>{''.join(f'<p>{x}</p>' for x in rest)}</div></body></html>"
    )
    assert found.article.headline == headline
    assert list(found.article.body) == [line for line in rest if len(line) > 60]
