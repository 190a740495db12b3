"""What each voice that is no rule means, in one sentence for the user: the rules bring their own."""

from newsclean.model import Evidence

_FOR_AND_AGAINST = {
    "engine:trafilatura": ("trafilatura takes it for the article.", "trafilatura leaves it out."),
    "metadata:articleBody": (
        "The page's structured data have it as article text.",
        "The page's structured data lack it.",
    ),
    "structure:region": ("It is inside the element that holds the article.", "It is outside of the article's element."),
}
_MEANINGS = {
    "metadata:headline": "It repeats the headline.",
    "structure:bare-heading": "It is a heading whose section is gone.",
    "structure:hidden": "The page hides it.",
    "structure:lead": "It is the lead above the text.",
    "structure:links": "It consists of links.",
    "structure:neighbours": "The blocks around it are article text.",
    "structure:other-article": "It belongs to another article on the same page.",
    "structure:prose": "It reads as running text.",
    "structure:repeated": "The page has the same text a second time.",
    "structure:short": "It is a word or two and no heading.",
}


def reason(evidence: Evidence) -> str | None:
    """Why the voice speaks so; None for a voice of a rule, whose ``why`` says it."""
    if evidence.source in _FOR_AND_AGAINST:
        return _FOR_AND_AGAINST[evidence.source][evidence.weight < 0]
    return _MEANINGS.get(evidence.source)
