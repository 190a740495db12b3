"""The voices of one page together: focus, labels that are asked for, scripts, memory, and the engine that is asked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import newsclean
from newsclean.body import page as body_page
from newsclean.body.classifier import GROUPS
from newsclean.body.hints import Hints
from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.rules import load
from newsclean.model import Block, Capture, Evidence, Extraction
from newsclean.settings import Settings
from tests.body.pages import HEADLINE, PARAGRAPHS, URL, extract, p, page, verdict

CAPTION = "The middle pier on Thursday, with the warden's hut behind it. Photo: Ada Korn"
FIGURE = f"<figure><img src='pier.jpg'><figcaption>{CAPTION}</figcaption></figure>"
SOURCE = page(p(*PARAGRAPHS[:3]), FIGURE, p(*PARAGRAPHS[3:]))


def read(source: str, **settings: object) -> Extraction:
    return newsclean.extract(source, url=URL, settings=Settings(**settings))  # type: ignore[arg-type]


def test_a_caption_is_aside_until_it_is_asked_for() -> None:
    assert read(SOURCE).article.body == PARAGRAPHS
    found = read(SOURCE, include=("caption",))
    assert found.article.body == (*PARAGRAPHS[:3], CAPTION, *PARAGRAPHS[3:])
    assert verdict(found, CAPTION).label == "caption"
    assert "include:caption" in {evidence.source for evidence in verdict(found, CAPTION).evidence}


def test_clutter_can_be_asked_for_by_label() -> None:
    source = page(p(*PARAGRAPHS), "<p>This news has been read 8,399 times!</p>")
    assert read(source, include=("counter",)).article.body[-1] == "This news has been read 8,399 times!"
    assert read(source, include=("share",)).article.body == PARAGRAPHS


def test_focus_moves_the_border_and_nothing_else() -> None:
    by_focus = {focus: read(SOURCE, focus=focus) for focus in ("precision", "balanced", "recall")}
    kept = {focus: sum(v.decision == "keep" for v in found.verdicts) for focus, found in by_focus.items()}
    assert kept["precision"] <= kept["balanced"] <= kept["recall"]
    for focus, found in by_focus.items():
        voices = {e.source: e.weight for e in verdict(found, PARAGRAPHS[0]).evidence}
        assert (f"focus:{focus}" in voices) == (focus != "balanced")
        assert (
            voices["classifier"]
            == {e.source: e.weight for e in verdict(by_focus["balanced"], PARAGRAPHS[0]).evidence}["classifier"]
        )


def test_the_reference_engine_alone_decides_where_it_is_chosen() -> None:
    found = read(SOURCE, engine="trafilatura")
    assert set(PARAGRAPHS) <= set(found.article.body)
    assert {e.source for v in found.verdicts for e in v.evidence} == {"engine:trafilatura"}
    assert found.versions.engine.startswith("trafilatura/")


def test_every_verdict_names_the_classifier_and_its_reasons_where_asked() -> None:
    found = extract(SOURCE)
    assert all({"classifier", "structure:menu"} & {e.source for e in v.evidence} for v in found.verdicts)
    capture = Capture(
        url=URL, final_url=URL, body=SOURCE.encode(), headers=(("Content-Type", "text/html; charset=utf-8"),)
    )
    detailed = newsclean.extraction.extract_capture(capture, Settings(), detail=True)
    groups = {e.source for v in detailed.verdicts for e in v.evidence if e.source.startswith("classifier:")}
    assert groups
    assert groups <= {f"classifier:{group}" for group in GROUPS}
    assert [v.decision for v in detailed.verdicts] == [v.decision for v in found.verdicts]


def test_an_article_in_the_page_s_data_is_read_from_there() -> None:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": HEADLINE,
        "articleBody": "\n\n".join(PARAGRAPHS),
    }
    source = (
        f"<html><head><title>{HEADLINE}</title><script type='application/ld+json'>{json.dumps(data)}</script></head>"
        "<body><div id=root></div><p>Loading…</p><footer><p>© 2024 Wendlow Post.</p></footer></body>"
    )
    found = extract(source)
    assert found.article.body == PARAGRAPHS
    assert any("json-ld" in note for note in found.diagnostics)
    kept = next(v for v in found.verdicts if v.decision == "keep")
    assert found.blocks[kept.block].path[0].startswith("script")
    assert "structure:island" in {e.source for e in kept.evidence}


def test_memory_of_the_site_is_heard() -> None:
    blocks = newsclean.extract(SOURCE, url=URL).blocks
    rules, settings = RuleVoice(load(())), Settings()
    memory = Evidence(source="site:9-of-9-pages", label="counter", weight=-20.0)
    remembered = [memory if block.text == PARAGRAPHS[2] else None for block in blocks]
    judged = body_page.judge_page(blocks, SOURCE, URL, Hints((HEADLINE,)), rules, settings, [], remembered)
    (lost,) = [v for v in judged if blocks[v.block].text == PARAGRAPHS[2]]
    assert (lost.decision, lost.label) == ("drop", "counter")
    assert memory in lost.evidence


def test_the_reference_engine_is_asked_where_the_classifier_is_unsure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_page, "_UNSURE", 100.0)
    found = read(SOURCE)
    assert any("trafilatura was asked" in note for note in found.diagnostics)
    assert "engine:trafilatura" in {e.source for v in found.verdicts for e in v.evidence}
    assert found.article.body == PARAGRAPHS


def test_no_blocks_no_verdicts() -> None:
    rules = RuleVoice(load(()))
    assert body_page.judge_page((), "<p></p>", None, Hints(), rules, Settings(), []) == []


def test_one_block_is_judged() -> None:
    block = Block(index=0, text="Only this.", path=("body", "p"), nodes=(1, 2))
    assert len(body_page.judge_page((block,), "<p>Only this.", None, Hints(), RuleVoice(load(())), Settings(), [])) == 1


SITE = """
language = "any"

[[site]]
hosts = ["news.wendlow.example"]
valid_until = 2030-01-01
body = ["//div[@id='odd']"]
strip = ["//p[@class='x1']"]
title = ["//h1"]
author = ["//span[@class='who']"]
"""


def test_rules_for_the_site_name_its_body(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text(SITE, encoding="utf-8")
    odd = f"<div id='odd'><ul><li>Bread and salt</li></ul><p class='x1'>{PARAGRAPHS[1]}</p></div>"
    source = page(p(PARAGRAPHS[0]), odd, "<span class='who'>Ada Korn</span>")
    settings = Settings(rules=(str(tmp_path / "site.toml"),))
    capture = Capture(url=URL, final_url=URL, body=source.encode(), fetched_at="2024-05-02T10:00:00Z")
    found = newsclean.extract_capture(capture, settings)
    kept = [found.blocks[v.block].text for v in found.verdicts if v.decision == "keep"]
    assert kept == ["Bread and salt"]
    assert "site-rule" in {evidence.source for v in found.verdicts for evidence in v.evidence}
    later = newsclean.extract_capture(replace(capture, fetched_at="2031-05-02T10:00:00Z"), settings)
    assert "site-rule" not in {evidence.source for v in later.verdicts for evidence in v.evidence}
