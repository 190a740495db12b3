"""Pages whose article is in their scripts: it is found in every form in which frameworks write it, and only there."""

import json
from typing import Any

import pytest

from newsclean.model import Block, Capture
from newsclean.page import Page, read_page
from newsclean.page.islands import island_blocks, may_have_islands

HEADLINE = "Ferry to Northholm sails again after the storm"
URL = "https://news.example/2024/05/ferry-to-northholm-sails-again"
TEXTS = [
    "The ferry to Northholm sails again since Tuesday morning, four days after the storm had torn the pier away.",
    "The harbour master, Lise Aamodt, said that two cranes had worked through three nights to put the piles back.",
    "About ninety people were left on the island, among them a school class that had come to look at the seals.",
    "They slept in the church hall, where the baker of the island gave them bread until the last flour was gone.",
    "A second pier is to be built in the lee of the rocks next year, if the county finds the money for it in June.",
]
OTHER = [
    "A quite different story about the price of potatoes, which has gone up in every market of the county."
    for _ in "12345678"
]


def page(head: str = "", body: str = "<div id='root'></div>") -> Page:
    source = f"<!doctype html><html><head><title>{HEADLINE}</title></head><body>{body}{head}</body></html>"
    return read_page(Capture(url=URL, final_url=URL, body=source.encode()), limit=10_000_000)


def found(source: Page, **given: Any) -> tuple[Block, ...]:
    hints = {"url": URL, "headlines": (HEADLINE,), **given}
    return island_blocks(source.tree, source.html, source.blocks, **hints)


def texts(source: Page, **given: Any) -> list[str]:
    return [block.text for block in found(source, **given)]


def data(value: Any, attributes: str = 'type="application/json" id="state"') -> str:
    return f"<script {attributes}>{json.dumps(value)}</script>"


def html(*paragraphs: str) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def article(**content: Any) -> dict[str, Any]:
    return {"headline": HEADLINE, "url": URL, "id": 7, **content}


STORY = json.dumps(article(body=html(*TEXTS)))
NEXT = {"props": {"pageProps": {"post": {"title": HEADLINE, "slug": "ferry", "bodyHtml": html(*TEXTS)}}}}
STREAM = '1:I[42,[],""]\n2:T{size},{text}3:["$","$L1",null,{{"article":{{"title":"{title}","contents":"$2"}}}}]\n'
FORMS = {
    "HTML in one string": data(NEXT, 'id="__NEXT_DATA__" type="application/json"'),
    "HTML with its signs escaped": data(article(html=html(*TEXTS).replace("<", "&lt;").replace(">", "&gt;"))),
    "paragraphs in a list": data(article(paragraphs=TEXTS)),
    "elements with a type and content": data(article(content_elements=[{"type": "text", "content": t} for t in TEXTS])),
    "cards of elements": data(
        article(cards=[{"story-elements": [{"type": "text", "text": f"<p>{t}</p>"}]} for t in TEXTS])
    ),
    "models in blocks": data(
        article(
            blocks=[
                {"type": "paragraph", "model": {"blocks": [{"type": "fragment", "model": {"text": t}}]}} for t in TEXTS
            ]
        )
    ),
    "a document of nodes": data(
        article(
            body={
                "nodeType": "document",
                "content": [{"nodeType": "paragraph", "content": [{"nodeType": "text", "value": t}]} for t in TEXTS],
            }
        )
    ),
    "a tree of children": data(
        article(
            body={
                "root": {"children": [{"type": "paragraph", "children": [{"type": "text", "text": t}]} for t in TEXTS]}
            }
        )
    ),
    "spans in blocks": data(
        article(body=[{"_type": "block", "style": "normal", "children": [{"_type": "span", "text": t}]} for t in TEXTS])
    ),
    "draft blocks": data(article(body={"blocks": [{"type": "unstyled", "text": t} for t in TEXTS], "entityMap": {}})),
    "editor blocks": data(article(content={"blocks": [{"type": "paragraph", "data": {"text": t}} for t in TEXTS]})),
    "elements as lists": data(article(body=["div", {"class": "x"}, *(["p", t] for t in TEXTS)])),
    "objects of one element": data(article(body=[{"p": t} for t in TEXTS])),
    "nodes without a type": data(article(body=[{"children": [{"text": t}]} for t in TEXTS])),
    "keys that nobody knows": data(article(chunks=[{"fooText": f"<p>{t}</p>"} for t in TEXTS])),
    "named items of an object": data(
        article(items={f"text-{n}": {"type": "text", "text": {"value": t}} for n, t in enumerate(TEXTS)})
    ),
    "JSON in a string": data(
        {"status": 200, "body": json.dumps(article(content=html(*TEXTS)))}, 'type="application/json" data-fetched'
    ),
    "an assignment": f"<script>window.__INITIAL_STATE__ = {STORY};(function(){{}}())</script>",
    "an assignment of a string": f"<script>window.__STATE__ = JSON.parse({json.dumps(STORY)})</script>",
    "a function that is called": "<script>window.__NUXT__=(function(a,b){return {data:[{title:a,url:b,body:'"
    + html(*TEXTS)
    + f"'}}]}}}}({json.dumps(HEADLINE)},null))</script>",
    "references of a cache": data(
        {"ROOT": {"story": {"__ref": "Story:7"}}, "Story:7": article(text=html(*TEXTS))}, 'type="application/json"'
    ),
    "a flat table": data(
        [{"data": 1}, {"headline": 2, "url": 3, "body": 4}, HEADLINE, URL, [5, 6, 7, 8, 9], *TEXTS],
        'type="application/json" id="__NUXT_DATA__"',
    ),
    "a stream in parts": "".join(
        f"<script>self.__next_f.push({json.dumps([1, part])})</script>"
        for whole in [STREAM.format(size=f"{len(html(*TEXTS)):x}", text=html(*TEXTS), title=HEADLINE)]
        for part in (whole[:200], whole[200:])
    ),
    "an attribute": f"<div data-page='{json.dumps(article(body=html(*TEXTS)))}'></div>",
    "JSON-LD with HTML": data(
        {"@type": "NewsArticle", **article(articleBody=html(*TEXTS))}, 'type="application/ld+json"'
    ),
    "JSON-LD with lines": data(
        {"@graph": [{"@type": "NewsArticle", **article(articleBody="\n\n".join(TEXTS))}]}, 'type="application/ld+json"'
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_paragraphs_are_found_in_their_order(form: str) -> None:
    blocks = found(page(FORMS[form]))
    assert [block.text for block in blocks] == TEXTS
    assert {block.kind for block in blocks} == {"paragraph"}


@pytest.mark.parametrize(
    ("form", "step"),
    [
        ("HTML in one string", "script#__NEXT_DATA__"),
        ("JSON-LD with lines", "script#json-ld"),
        ("an assignment", "script#__INITIAL_STATE__"),
        ("a function that is called", "script#__NUXT__"),
        ("an attribute", "data-page@data"),
        ("a stream in parts", "script#stream"),
    ],
)
def test_the_path_says_where_a_block_is_from(form: str, step: str) -> None:
    for block in found(page(FORMS[form])):
        assert block.path[0] == step
        assert len(block.path) == len(block.nodes)


def test_kinds_levels_and_links_are_kept() -> None:
    content = [
        {"type": "paragraph", "text": TEXTS[0]},
        {"type": "heading", "level": 3, "text": "Two cranes"},
        {"type": "header-two", "text": "And the school class"},
        {"type": "quote", "content_elements": [{"type": "text", "content": TEXTS[1]}], "citation": "Lise Aamodt"},
        {"type": "list", "items": [{"type": "list-item", "text": TEXTS[2]}, {"type": "text", "content": TEXTS[3]}]},
        {
            "type": "image",
            "caption": "The pier as it was before the storm came",
            "url": "https://news.example/pier.jpg",
        },
        {
            "type": "paragraph",
            "content": [{"type": "text", "text": "More "}, {"type": "link", "url": "/more", "text": "on this"}],
        },
        {"type": "paragraph", "text": TEXTS[4]},
    ]
    blocks = found(page(data(article(body=content))))
    assert [(block.kind, block.level) for block in blocks[:4]] == [
        ("paragraph", 0),
        ("heading", 3),
        ("heading", 2),
        ("quote", 0),
    ]
    assert blocks[3].text == TEXTS[1]
    assert [block.text for block in blocks[4:]] == [TEXTS[2], TEXTS[3], "More on this", TEXTS[4]]
    assert blocks[4].kind == "item"
    assert blocks[6].hrefs == ("/more",)
    assert blocks[6].link_chars == len("on this")


def test_flat_text_without_marks_is_one_block() -> None:
    flat = data({"@type": "NewsArticle", **article(articleBody=" ".join(TEXTS))}, 'type="application/ld+json"')
    assert texts(page(flat)) == [" ".join(TEXTS)]


def test_the_articlebody_of_the_metadata_is_the_last_resort() -> None:
    broken = '<script type="application/ld+json">{"@type": "NewsArticle" "articleBody": "x"}</script>'
    assert texts(page(broken), article_body="\n".join(TEXTS)) == TEXTS


def test_several_members_of_html_are_parts_of_one_text() -> None:
    slides = [{"top": f"<p>{t}</p>", "imageUrl": "/a.jpg", "bottom": f"<p>Below: {t[::-1]}</p>"} for t in TEXTS]
    assert texts(page(data(article(slides=slides))))[:3] == [TEXTS[0], f"Below: {TEXTS[0][::-1]}", TEXTS[1]]


def test_of_two_forms_of_one_text_one_is_taken() -> None:
    assert texts(page(data(article(plainText="\n".join(TEXTS), html=html(*TEXTS), description=TEXTS[0])))) == TEXTS


def test_the_article_of_the_headline_is_found_among_others() -> None:
    others = [{"headline": f"Potatoes {n}", "url": f"/potatoes-{n}", "body": html(*OTHER, *OTHER)} for n in range(5)]
    assert texts(page(data({"stories": [*others, article(body=html(*TEXTS)), *others]}))) == TEXTS


def test_the_article_of_the_address_is_found_among_others() -> None:
    others = [{"name": "x", "slug": f"potatoes-{n}", "body": html(*OTHER, *OTHER)} for n in range(5)]
    mine = {"slug": "ferry-to-northholm-sails-again", "body": html(*TEXTS)}
    assert texts(page(data([*others, mine])), headlines=()) == TEXTS


def test_data_that_nothing_names_must_speak_of_the_headline() -> None:
    assert texts(page(data({"body": html(*OTHER, *OTHER)}))) == []
    assert texts(page(data({"body": html(*TEXTS, *OTHER)})))[:5] == TEXTS


@pytest.mark.parametrize("key", ["relatedStories", "comments", "i18nMessages", "footer", "privacyPolicy"])
def test_other_stories_and_boilerplate_are_no_article(key: str) -> None:
    assert texts(page(data({key: {"body": html(*TEXTS, *TEXTS)}}))) == []


def test_blocks_are_numbered_on() -> None:
    source = page(FORMS["HTML in one string"], "<div><h1>Northholm News</h1><p>Menu</p></div>")
    assert len(source.blocks) == 2
    blocks = found(source)
    assert [block.index for block in blocks] == [2, 3, 4, 5, 6]
    assert min(number for block in blocks for number in block.nodes) > max(
        n for block in source.blocks for n in block.nodes
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_page_that_shows_its_text_gets_nothing(form: str) -> None:
    assert texts(page(FORMS[form], html(*TEXTS))) == []


def test_a_page_that_shows_much_of_another_text_gets_it_by_the_articlebody_alone() -> None:
    shown = html(*(f"{n} {text}" for n, text in enumerate(OTHER * 3)))
    script = FORMS["JSON-LD with lines"]
    assert texts(page(script, shown)) == []
    assert texts(page(script, shown), article_body="\n\n".join(TEXTS)) == TEXTS


def test_a_live_blog_that_shows_its_latest_posts_gets_nothing() -> None:
    posts = [f"Post number {n} says what happened in the harbour at that time, {n} minutes later." for n in range(400)]
    assert texts(page(FORMS["an assignment"], html(*posts[:40])), article_body="\n".join(posts)) == []


def test_the_text_of_a_script_without_spaces_is_known_where_it_stands() -> None:
    sentences = [
        "橋は今月末まで歩行者だけが通行できる、と市長は木曜日の夜に発表した。",
        "工事は来週から始まる予定だ、と町は言う。",
    ] * 40
    source = page(data(article(body=sentences)), html(*sentences))
    assert texts(source) == []
    assert not may_have_islands(source.blocks, source.html, "".join(sentences))


def test_a_page_without_data_is_not_asked() -> None:
    assert not may_have_islands((), "<html><body><div id='root'></div></body></html>")


def test_the_tree_and_the_answer_stay_the_same() -> None:
    from lxml import etree

    source = page("".join(FORMS.values()))
    before = etree.tostring(source.tree)
    assert found(source) == found(source)
    assert etree.tostring(source.tree) == before


@pytest.mark.parametrize(
    "value",
    [
        '{"a":[' * 50_000,
        json.dumps({"body": {"a": {"a": {"a": None}}}}),
        '{"body": NaN, "x": 1e999, "y": -0}' + " " * 500,
        "null" + " " * 500,
        '"' + "word " * 500 + '"',
        "[" + ",".join(["1"] * 5000) + "]",
        "[[1,2,3],{},[],[[]],-5," + '"a"' * 1 + "," * 1 + '"b"' + "]" + " " * 500,
    ],
)
def test_odd_data_is_no_article(value: str) -> None:
    assert (
        texts(page(f"<script type='application/json'>{value}</script><script>window.__STATE__={value}</script>")) == []
    )


def test_references_that_go_round_or_multiply_end() -> None:
    rows = '1:["$","p",null,{"children":"$2"}]\n2:["$","p",null,{"children":"$1"}]\n'
    many = f"3:T{500_000:x}," + "word " * 100_000 + "4:" + json.dumps(["$3"] * 3000) + "\n"
    source = page(f"<script>self.__next_f.push({json.dumps([1, rows + many])})</script>")
    assert sum(len(text) for text in texts(source, headlines=("word",))) < 10_000_000
