"""What each voice that is no rule means, in one sentence for the user: the rules bring their own."""

import re

from newsclean.model import Evidence

_FOR_AND_AGAINST = {
    "classifier": ("The classifier takes it for article text.", "The classifier takes it for no article text."),
    "classifier:text": ("It is written as article text is.", "It is not written as article text is."),
    "classifier:links": ("It has few links around it.", "It is among links, as article text seldom is."),
    "classifier:names": (
        "The names of the elements around it are those of article text.",
        "The names of the elements around it are not those of article text.",
    ),
    "classifier:rules": ("No clutter rule speaks against its place.", "Clutter rules speak against it or its place."),
    "classifier:page": (
        "It fits what the page says of its article.",
        "It fits nothing that the page says of its article.",
    ),
    "classifier:neighbours": ("The blocks around it are article text.", "The blocks around it are no article text."),
    "classifier:place": ("It stands where article text stands.", "It stands where article text does not stand."),
    "engine:trafilatura": ("trafilatura takes it for the article.", "trafilatura leaves it out."),
    "structure:island": (
        "It is from the page's scripts, which hold the article.",
        "The article is in the page's scripts, and this is not from there.",
    ),
}
_MEANINGS = {
    "focus:precision": "The focus on precision keeps only what is sure.",
    "focus:recall": "The focus on recall keeps what may be the article.",
    "metadata:authors": "It is the name of an author.",
    "metadata:headline": "It repeats the headline.",
    "structure:bare-heading": "It is a heading whose section is gone.",
    "structure:lead": "It is the lead above the text.",
    "structure:other-article": "It belongs to another article on the same page.",
    "structure:repeated": "The page has the same text a second time.",
}
_SITE = re.compile(r"site:(\d+)-of-(\d+)-pages")


def reason(evidence: Evidence) -> str | None:
    """Why the voice speaks so; None for a voice of a rule, whose ``why`` says it."""
    source = evidence.source
    if source in _FOR_AND_AGAINST:
        return _FOR_AND_AGAINST[source][evidence.weight < 0]
    if found := _SITE.fullmatch(source):
        return f"{found[1]} of {found[2]} pages of this site have it."
    if source.startswith("include:"):
        return f"Blocks with the label {source.partition(':')[2]} are asked for."
    return _MEANINGS.get(source)
