"""How long a run still takes: as long as the host that takes longest, or as all of it at the rate of so far."""

import time
from collections.abc import Callable, Mapping

_EVERY = 2.0
"""Seconds between two looks at all hosts."""


class Estimate:
    """Knows how many inputs each host still has. Work on different hosts goes on at once; on one, one after another."""

    def __init__(
        self, left: Mapping[str, int], pace: Callable[[str], float], *, now: Callable[[], float] = time.monotonic
    ) -> None:
        """``left``: inputs by host. ``pace``: seconds that one page of a host takes now. ``now``: seconds."""
        self._left = dict(left)
        self._total = sum(left.values())
        self._pace = pace
        self._now = now
        self._began = self._looked = now()
        self._done = 0
        self._slowest = ""

    def done(self, host: str) -> None:
        """An input of that host is fetched."""
        self._done += 1
        self._total -= 1
        left = self._left.get(host, 0) - 1
        if left > 0:
            self._left[host] = left
        else:
            self._left.pop(host, None)

    def seconds(self) -> tuple[float | None, str]:
        """Seconds that are left, and the host that takes longest; None and an empty name until something is known."""
        if not self._done:
            return None, ""
        if not self._left:
            return 0.0, ""
        now = self._now()
        if now - self._looked >= _EVERY or self._slowest not in self._left:
            self._looked = now
            self._slowest = max(self._left, key=self._alone)
        return max(self._alone(self._slowest), self._total * (now - self._began) / self._done), self._slowest

    def _alone(self, host: str) -> float:
        return self._left[host] * self._pace(host)
