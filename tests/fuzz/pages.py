"""Hypothesis strategies for pages: trees of elements, and pages of the repository with damage."""

from collections.abc import Sequence
from itertools import count

from hypothesis import strategies as st

BLOCKS = tuple(
    (
        "p div section article main header footer nav aside h1 h2 h3 ul ol li dl dt dd table tbody tr td th blockquote "
        "figure figcaption form fieldset pre center address details summary body html"
    ).split()
)
INLINE = tuple("a b i em strong span font small code sub q u time label cite mark abbr".split())
UNSEEN = tuple("script style template".split())
NAMES = tuple("story-body related share-bar nav comments byline caption teaser lead paywall x y".split())
WORDS = ("Ferry", "storm.", "the", "harbour,", "—", "“sails”", "Ærø", "橋", "3,400", "again?")

Tree = tuple[str, tuple[tuple[str, str], ...], tuple["Tree | str", ...]]

ATTRIBUTES = st.lists(
    st.tuples(st.sampled_from(["class", "id", "role", "href", "itemprop", "data-x"]), st.sampled_from(NAMES)),
    max_size=2,
).map(lambda pairs: tuple(dict(pairs).items()))
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)


def _element(children: st.SearchStrategy["Tree | str"]) -> st.SearchStrategy[Tree]:
    return st.tuples(
        st.sampled_from([*BLOCKS, *INLINE, *UNSEEN]), ATTRIBUTES, st.lists(children, max_size=6).map(tuple)
    )


TREES: st.SearchStrategy[Sequence["Tree | str"]] = st.lists(st.recursive(TEXT, _element, max_leaves=30), max_size=8)


def written(trees: Sequence["Tree | str"], *, closing: bool = True) -> tuple[str, list[str]]:
    """The HTML of trees, and the words of it that a reader sees: a number is put behind each, so that none is there
    twice. Without ``closing``, every third end tag is missing.
    """
    parts: list[str] = []
    seen: list[str] = []
    numbers = count()

    def write(node: "Tree | str", shown: bool) -> None:
        if isinstance(node, str):
            word = f"w{next(numbers)}w"
            parts.append(f" {node} {word} ")
            if shown:
                seen.append(word)
            return
        name, attributes, children = node
        parts.append(f"<{name}{''.join(f' {key}={value!r}' for key, value in attributes)}>")
        for child in children:
            write(child, shown and name not in UNSEEN)
        # a template ends for libxml2 where all that is in it has ended: a small one would take what follows with it
        if closing or not shown or name in UNSEEN or next(numbers) % 3:
            parts.append(f"</{name}>")

    for tree in trees:
        write(tree, True)
    return "".join(parts), seen


Cut = tuple[str, float, int, bytes]
CUTS: st.SearchStrategy[Cut] = st.tuples(
    st.sampled_from(["drop", "double", "swap", "insert", "flip"]),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 400),
    st.sampled_from(
        [
            b"<",
            b">",
            b'"',
            b"</div>",
            b"<p>",
            b"<!--",
            b"-->",
            b"<script>",
            b"\0",
            b"\xff\xfe",
            b"<table><tr>",
            b"&#0;",
            b"</html>",
        ]
    ),
)


def damaged(page: bytes, cuts: Sequence[Cut]) -> bytes:
    """The page after each of the cuts: what is done, where (0 to 1), to how many bytes, and what is put in."""
    for action, where, size, new in cuts:
        start = int(where * len(page))
        part = page[start : start + size]
        if action == "drop":
            page = page[:start] + page[start + size :]
        elif action == "double":
            page = page[:start] + part + page[start:]
        elif action == "swap":
            page = page[:start] + part[::-1] + page[start + size :]
        elif action == "insert":
            page = page[:start] + new + page[start:]
        else:
            page = page[:start] + bytes(byte ^ 0x20 for byte in part[:4]) + page[start + 4 :]
    return page
