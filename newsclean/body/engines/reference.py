"""trafilatura, the reference engine: which lines of a page it takes for the article."""

from importlib.metadata import version

from lxml.etree import LxmlError

ENGINE_NAME = "trafilatura"
MAX_HTML = 6_000_000
"""Characters above which the page is not given to trafilatura: its steps are not linear in the page's size."""


def engine_version() -> str:
    """``trafilatura/2.3.1``."""
    return f"{ENGINE_NAME}/{version('trafilatura')}"


def read_lines(html: str, url: str | None, notes: list[str]) -> list[str] | None:
    """The lines of trafilatura's text, with every option off that keeps state between calls.

    None where it cannot read the page; why is appended to ``notes``.
    """
    if len(html) > MAX_HTML:
        notes.append(f"not given to trafilatura: {len(html)} characters are too many")
        return None
    from trafilatura import bare_extraction

    try:
        document = bare_extraction(
            html, url=url, include_comments=False, include_tables=True, deduplicate=False, with_metadata=False
        )
    except (LxmlError, ValueError, TypeError, AttributeError, RecursionError, IndexError, KeyError) as problem:
        notes.append(f"trafilatura failed on the page: {type(problem).__name__}")
        return None
    text = getattr(document, "text", None)
    if not text:
        notes.append("trafilatura found no article")
        return None
    return [line for line in (raw.strip() for raw in text.split("\n")) if line]
