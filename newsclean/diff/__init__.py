"""Two extractions of the same pages, compared: archives, exports, versions, rules, settings."""

from newsclean.diff.again import extracted_again, extracted_by
from newsclean.diff.compare import Changed, FieldChange, Paragraph, changed_page
from newsclean.diff.sides import Page, Side, open_side
from newsclean.diff.summary import Counts, Diff, compare

__all__ = [
    "Changed",
    "Counts",
    "Diff",
    "FieldChange",
    "Page",
    "Paragraph",
    "Side",
    "changed_page",
    "compare",
    "extracted_again",
    "extracted_by",
    "open_side",
]
