"""Whether an address that a page gives for itself is that of the same story.

Content systems that are set up wrong give the front page, the section or the last story as the canonical address of
every page; archives that follow it join different stories.
"""

import re
from urllib.parse import unquote

from newsclean.urls import host_of, path_of

_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(r"\d{4,}")
_ENDING = re.compile(r"\.(?:s?html?|php|aspx?|jsp|amp|cms|ece)$")
_LEAST_WORDS = 3
"""Words of a path's last step from which on it tells what the story is about."""
_SHORTEST_SECTION = 2
"""Letters of a path's only step up to which it is a language: ``/en/`` is a front page."""


def refusal(address: str, url: str | None, headline: str | None) -> str:
    """Why an absolute address is not believed to be that of the page's story; empty where it may be.

    ``url``: where the page was, if that is known. ``headline``: the page's, whose words its address may have.
    """
    url = url if url and host_of(url) else None
    steps = _steps(address)
    own = _steps(url) if url else []
    if (not steps or (len(steps) == 1 and len(steps[0]) <= _SHORTEST_SECTION)) and not _query(address):
        return "the front page" if own or not url else ""
    if not url or steps == own:
        # the same path on another host is the same story under another name
        return ""
    same_host = host_of(address).removeprefix("www.") == host_of(url).removeprefix("www.")
    if _related(address, url, headline):
        return ""
    if not same_host:
        return "another site's page"
    if len(steps) < len(own) and own[: len(steps)] == steps:
        return "a section's page"
    told = _tells(steps)
    return "another story" if told and _tells(own) else ""


def _related(address: str, url: str, headline: str | None) -> bool:
    """Whether two addresses have a number or enough words in common, or the address has words of the headline."""
    steps = _steps(address)
    if steps and (_tells(steps) or _NUMBER.search(steps[-1])) and steps[-1] in _steps(url):
        # the story's own page, where the other is its second page or a form of it
        return True
    # only last steps: the day is a number, too, that all stories of it have
    mine, theirs = _last(url), _last(address)
    if set(_NUMBER.findall(mine)) & set(_NUMBER.findall(theirs)):
        return True
    words = set(_WORD.findall(theirs))
    for other in (mine, (headline or "").lower()):
        common = words & set(_WORD.findall(other))
        if len(common) >= min(_LEAST_WORDS, len(words)) and common:
            return True
    return False


def _tells(steps: list[str]) -> bool:
    return bool(steps) and len(_WORD.findall(steps[-1])) >= _LEAST_WORDS


def _last(address: str) -> str:
    """The part of an address that names the story: its last step, the one before it where that is a number, and what
    is asked for.
    """
    steps = _steps(address)
    return " ".join([*steps[-2:][::-1][: 2 if steps and not _WORD.search(steps[-1]) else 1], _query(address)])


def _steps(address: str) -> list[str]:
    path, _ = path_of(address)
    return [_ENDING.sub("", unquote(step).strip().lower()) for step in path.split("/") if step.strip()]


def _query(address: str) -> str:
    return unquote(path_of(address)[1]).lower()
