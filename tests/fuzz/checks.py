"""What holds for every page."""

from unittest.mock import patch

from lxml import etree

import newsclean
from newsclean import extraction
from newsclean.model import Capture, Extraction
from newsclean.page import Page, read_page
from newsclean.page.islands import island_blocks

URL = "https://news.example/2024/05/ferry-to-northholm"


def checked(body: bytes) -> Extraction:
    """The extraction of a page, after it was seen to be what every extraction is. Raises AssertionError."""
    trees: list[tuple[Page, bytes]] = []

    def reading(capture: Capture, **limits: int) -> Page:
        page = read_page(capture, **limits)
        trees.append((page, etree.tostring(page.tree)))
        return page

    with patch.object(extraction, "read_page", reading):
        found = newsclean.extract(body, url=URL)
    for page, before in trees:
        # as if there were no text in elements, so that the data are read, too
        islands = island_blocks(page.tree, page.html, (), url=URL, headlines=("Ferry",))
        assert islands == island_blocks(page.tree, page.html, (), url=URL, headlines=("Ferry",)), "two calls differ"
        assert all(len(block.path) == len(block.nodes) for block in islands)
        assert etree.tostring(page.tree) == before, "the tree was changed"
    again = newsclean.extract(body, url=URL)
    assert again == found, "two calls differ"
    assert [block.index for block in found.blocks] == list(range(len(found.blocks)))
    assert all(len(block.path) == len(block.nodes) for block in found.blocks)
    assert all(block.text == " ".join(block.text.split()) != "" for block in found.blocks)
    if found.verdicts or found.found is not None:
        assert [verdict.block for verdict in found.verdicts] == list(range(len(found.blocks)))
    assert (found.found is not None) == (found.outcome == "article")
    assert found.outcome == "article" or found.message, "no reason is given"
    return found
