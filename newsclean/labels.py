"""The words for what a block is."""

from difflib import get_close_matches

CONTENT_LABELS = frozenset(
    ("headline standfirst byline dateline paragraph subheading item quote table caption correction").split()
)
CLUTTER_LABELS = frozenset(
    (
        "navigation advertising adblock-notice share related newsletter consent paywall comments counter author-bio "
        "promo legal tool back-to-top next-article"
    ).split()
)
LABELS = CONTENT_LABELS | CLUTTER_LABELS
"""The first set is part of an article, the second is not."""


def label_named(name: str) -> str:
    """The label that a user means, the plural included: ``captions``. Raises ValueError with a hint for no label."""
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    for label in (wanted, wanted.removesuffix("s"), f"{wanted}s"):
        if label in LABELS:
            return label
    near = get_close_matches(wanted, LABELS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(LABELS))}"
    raise ValueError(f"no label {name.strip()!r}; {hint}")
