"""The reader of structured data against extruct, over real pages."""

import gzip
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import extruct
import pytest

from newsclean.metadata.jsonld import read_graph, types
from newsclean.metadata.microdata import embedded_nodes
from newsclean.metadata.sources import gather
from newsclean.model import Capture
from newsclean.page import Page, read_page

SETS = [Path(__file__).parents[3] / "shared" / "bench" / "data" / name for name in ("fundus-dev", "wcxb-dev")]
pytestmark = [
    pytest.mark.skipif(not all(path.exists() for path in SETS), reason="../shared has no pages"),
    # of extruct's own dependencies
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning"),
]
ARTICLES = {"Article", "NewsArticle", "WebPage"}
"""Posts of a live blog and comments are left out: they are no page of their own."""
PROPERTIES = ("headline", "datePublished", "dateModified", "articleSection")
PAGES = 120


def sample() -> list[Path]:
    files = [file for path in SETS for file in sorted((path / "pages").glob("*.html.gz"))]
    return random.Random(7).sample(files, PAGES)


def read(file: Path) -> tuple[Page, dict[str, Any]]:
    page = read_page(Capture(url="", final_url="", body=gzip.decompress(file.read_bytes())), limit=50_000_000)
    return page, extruct.extract(page.html, syntaxes=["json-ld", "microdata", "opengraph"], errors="ignore")


def objects(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else value.values():
        if isinstance(item, dict):
            yield item
        if isinstance(item, (dict, list)):
            yield from objects(item)


def told(node: Any, kinds: list[str]) -> set[tuple[str, str, str]]:
    """Type, property and value of what an object says in strings."""
    found = set()
    for name in PROPERTIES:
        values = node.get(name)
        for value in values if isinstance(values, list) else [values]:
            if isinstance(value, str) and value.strip():
                found |= {(kind, name, " ".join(value.split())) for kind in kinds}
    return found


def short(kind: object) -> list[str]:
    kinds = kind if isinstance(kind, list) else [kind]
    return [str(one).rstrip("/").rsplit("/", 1)[-1] for one in kinds if one]


def test_what_extruct_reads_is_read() -> None:
    compared = missing = 0
    lost: list[object] = []
    for file in sample():
        page, oracle = read(file)
        gathered = gather(page.tree)
        graph = read_graph(gathered.scripts)
        embedded = dict(embedded_nodes(page.tree, page.html)).get("microdata", [])
        mine = {fact for node in graph.nodes for fact in told(node, sorted(types(node)))}
        theirs = {fact for node in objects(oracle["json-ld"]) for fact in told(node, short(node.get("@type")))}
        mine_embedded = {fact for node in embedded for fact in told(node, node["@type"])}
        theirs_embedded = {
            fact
            for node in objects(oracle["microdata"])
            if isinstance(node.get("properties"), dict)
            for fact in told(node["properties"], short(node.get("type")))
        }
        metas = {
            (name.lower(), " ".join(value.split()))
            for group in oracle["opengraph"]
            for name, value in group["properties"]
            if value.strip()
        }
        mine_metas = {(name, value) for name, values in gathered.metas.items() for value in values}
        for expected, got in ((theirs, mine), (theirs_embedded, mine_embedded), (metas, mine_metas)):
            wanted = {fact for fact in expected if len(fact) == 2 or fact[0] in ARTICLES}
            compared += len(wanted)
            missing += len(wanted - got)
            lost += [(file.name, fact) for fact in wanted - got]
    assert compared > 10 * PAGES
    assert missing <= compared / 500, lost


def test_the_oracle_reads_a_written_page_as_it_is_read_here() -> None:
    source = (
        '<html><body><div itemscope itemtype="https://schema.org/NewsArticle">'
        '<time itemprop="datePublished" datetime="2024-05-01" content="2020-01-01">x</time>'
        '<a itemprop="url" href="/a">b</a><span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        '<b itemprop="name">Ada Brook</b></span></div></body></html>'
    )
    page = read_page(Capture(url="", final_url="", body=source.encode()), limit=10_000)
    (oracle,) = extruct.extract(source, syntaxes=["microdata"])["microdata"]
    story, person = dict(embedded_nodes(page.tree, page.html))["microdata"]
    assert story["datePublished"] == oracle["properties"]["datePublished"]
    assert oracle["properties"]["url"].endswith(story["url"])
    assert person["name"] == oracle["properties"]["author"]["properties"]["name"]
