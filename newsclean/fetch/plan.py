"""What would be fetched, and what robots.txt forbids. Nothing but robots.txt is asked for."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass

from newsclean.errors import BadUrlError, RobotsError
from newsclean.fetch.found import RobotsReader, Rules
from newsclean.urls import host_of, to_uri

HOSTS_AT_ONCE = 32
"""Hosts that are asked for their robots.txt at once."""
_AHEAD = 5_000
"""URLs that are read while the first of them waits for its host."""
_HOSTS_KEPT = 10_000
"""Hosts whose rules are kept; those that were not met for longest are asked for again, of the client."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What would become of one input."""

    url: str
    """The input as it was given."""
    origin: str
    verdict: str
    """``fetch``, or the code of the error that it would end with: ``robots``, ``bad-url``, ``robots-unavailable``,
    ``dns`` and the like where the host cannot be asked."""
    message: str = ""
    """Why it would not be fetched; empty where it would."""


async def plan(client: RobotsReader, urls: Iterable[tuple[str, str]]) -> AsyncGenerator[Planned, None]:
    """Say of each URL what would become of it, in their order.

    ``urls``: URL and origin, read as they are needed. robots.txt is asked for once a host, of many hosts at once. A
    redirect may still lead to what is forbidden.
    """
    rules: OrderedDict[str, asyncio.Task[Rules]] = OrderedDict()
    gate = asyncio.Semaphore(HOSTS_AT_ONCE)
    waiting: deque[Planned | tuple[str, str, str, asyncio.Task[Rules]]] = deque()

    async def ask(uri: str) -> Rules:
        async with gate:
            return await client.robots(uri)

    try:
        for url, origin in urls:
            try:
                uri = to_uri(url)
            except BadUrlError as problem:
                waiting.append(Planned(url=url, origin=origin, verdict=problem.code, message=str(problem)))
            else:
                host = uri.partition("://")[0] + "://" + host_of(uri)
                if host not in rules:
                    rules[host] = asyncio.create_task(ask(uri))
                    await asyncio.sleep(0)  # so that it asks while the list is read on
                rules.move_to_end(host)
                waiting.append((url, origin, uri, rules[host]))
            while waiting and (len(waiting) > _AHEAD or _is_ready(waiting[0])):
                yield await _said(waiting.popleft())
            while len(rules) > _HOSTS_KEPT and next(iter(rules.values())).done():
                rules.popitem(last=False)
        while waiting:
            yield await _said(waiting.popleft())
    finally:
        left = {*rules.values(), *(item[3] for item in waiting if isinstance(item, tuple))}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _is_ready(item: Planned | tuple[str, str, str, "asyncio.Task[Rules]"]) -> bool:
    return isinstance(item, Planned) or item[3].done()


async def _said(item: Planned | tuple[str, str, str, "asyncio.Task[Rules]"]) -> Planned:
    if isinstance(item, Planned):
        return item
    url, origin, uri, task = item
    rules = await task
    if rules.error is not None:
        return Planned(url=url, origin=origin, verdict=rules.error.code, message=str(rules.error))
    if not rules.allowed(uri):
        return Planned(url=url, origin=origin, verdict=RobotsError.code, message=f"{uri}: its robots.txt forbids it")
    return Planned(url=url, origin=origin, verdict="fetch")
