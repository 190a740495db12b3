"""The names that newsclean's own WARC records use beyond the standard's, shared by the writer and the reader."""

INPUT = "newsclean-input"
"""The input as it was asked for."""
REDIRECT = "newsclean-redirect"
"""URL of a hop before the last exchange; repeated, in order."""
OUTCOME = "newsclean-outcome"
"""Code of the error that ended the input; absent where a page came."""
MESSAGE = "newsclean-message"
"""Why, in one sentence; beside the outcome."""
PURPOSE = "newsclean-purpose"
"""What a fetch that is no input's answer was for: ``robots``, ``attempt``, ``feed`` or ``sitemap``. Its metadata record
has no newsclean-input."""

NOT_MODIFIED = "newsclean-not-modified"
"""The 304 answer, in Base64, beside a revisit of the profile server-not-modified, whose block is empty."""

OPEN = ".open"
"""Suffix of a file that is being written."""


def one_line(text: str) -> str:
    """The text as a line of a metadata record can hold it: white space folded, what is no UTF-8 replaced."""
    return " ".join(text.split()).encode("utf-8", "replace").decode("utf-8")


def bare_uri(uri: str | None) -> str:
    """A WARC-Target-URI without the angle brackets that some tools put around it and the spaces that some leave in it;
    empty where there is none."""
    text = (uri or "").strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    return text.replace(" ", "%20")
