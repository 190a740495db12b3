"""What each voice that is no rule means, in one sentence for the user: the rules bring their own."""

import re

from newsclean.model import Evidence

_FOR_AND_AGAINST = {
    "classifier": ("The classifier is for it.", "The classifier is against it."),
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
    "site-rule": (
        "A rule for this site names its element as the body.",
        "A rule for this site strips it, or names another element as the body.",
    ),
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
    "structure:box": "It stands in one box with such a phrase.",
    "structure:bare-heading": "It is a heading whose section is gone.",
    "structure:lead": "It is the lead above the text.",
    "structure:links-at-end": "It is a link behind the text, to another page.",
    "structure:menu": "It is an entry of a menu or of the page's foot.",
    "structure:other-article": "It belongs to another article on the same page.",
    "structure:repeated": "The page has the same text a second time.",
}
_SUBJECT = "It "
"""How a rule's reason begins, before its verb."""
_SITE = re.compile(r"site:(\d+)-of-(\d+)-pages")


def reason(evidence: Evidence, why: str | None = None) -> str | None:
    """Why the voice speaks so, in one sentence. ``why``: the reason that a rule of that id brings, for the voices of
    rules; without it they have None, as has a voice that nobody here knows.
    """
    source = evidence.source
    if source.startswith("section:"):
        return _of_heading(why)
    if source.startswith("rule:"):
        return why
    if source in _FOR_AND_AGAINST:
        return _FOR_AND_AGAINST[source][evidence.weight < 0]
    if found := _SITE.fullmatch(source):
        return f"{found[1]} of {found[2]} pages of this site have it."
    if source.startswith("include:"):
        return f"Blocks with the label {source.partition(':')[2]} are asked for."
    return _MEANINGS.get(source)


def _of_heading(why: str | None) -> str:
    """What a rule says of a heading, said of what stands under it."""
    if why is not None and why.startswith(_SUBJECT):
        return f"It goes with a heading that {why.removeprefix(_SUBJECT)}"
    return "It goes with the heading above it."
