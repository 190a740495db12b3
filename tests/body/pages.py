"""Small pages of invented news, and what newsclean makes of them."""

from functools import cache

import newsclean
from newsclean.model import Extraction, Verdict

HEADLINE = "Old bridge of Wendlow stays open for walkers"
PARAGRAPHS = (
    "The old bridge of Wendlow stays open for walkers until the end of the month, the mayor said on Thursday evening.",
    "Engineers had found cracks in two of the five piers in spring, and the council closed the road to cars at once.",
    "About three hundred people cross the river on foot every day, most of them on their way to the railway station.",
    "A new bridge would cost eleven million crowns, a sum that the town does not have, according to the treasurer.",
    "The council will decide in September whether the five piers are to be repaired or the whole bridge replaced.",
    "Until then a warden counts the walkers, and nobody may stand still in the middle, the mayor told the reporters.",
)
URL = "https://news.wendlow.example/2024/05/bridge"


def page(*parts: str, head: str = "", headline: str = HEADLINE) -> str:
    """A plain theme around an article: the parts stand in its element after the headline."""
    return (
        f"<!doctype html><html lang='en'><head><title>{headline} | Wendlow Post</title>{head}</head><body>"
        "<header class='site-header'><nav><ul><li><a href='/'>Home</a><li><a href='/town'>Town</a></ul></nav></header>"
        f"<main><article class='post'><h1>{headline}</h1>"
        f"<div class='entry-content'>{''.join(parts)}</div></article></main>"
        "<footer class='site-footer'><p>© 2024 Wendlow Post. All rights reserved.</p></footer></body></html>"
    )


def p(*texts: str) -> str:
    """Paragraphs."""
    return "".join(f"<p>{text}</p>" for text in texts)


@cache
def extract(source: str) -> Extraction:
    return newsclean.extract(source, url=URL)


def body(*parts: str, head: str = "", headline: str = HEADLINE) -> tuple[str, ...]:
    """The body of the page's article."""
    return extract(page(*parts, head=head, headline=headline)).article.body


def verdict(found: Extraction, text: str) -> Verdict:
    """The verdict on the only block with that text."""
    (block,) = [block for block in found.blocks if block.text == text]
    return found.verdicts[block.index]
