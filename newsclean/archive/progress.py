"""What the main job says while it runs and when it is over."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from newsclean.model import Outcome

STORED = "stored"
"""Outcome, for one run, of a page that is stored and is extracted by a later one."""

LEARNING = "learning"
"""Step of a job that judges its pages twice: what repeats on their sites is learned first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the main job is."""

    done: int
    """Inputs of this run that have their outcome."""
    total: int
    """Inputs of this run: those that waited when it began."""
    articles: int
    """Inputs of this run that became an article, or were stored to become one in a later run."""
    failed: int
    """Inputs of this run that ended as anything else."""
    bytes: int
    """Bytes fetched, as they came over the wire."""
    seconds_left: float | None = None
    """Estimate of the time until all is fetched; absent until something is known."""
    slowest_host: str = ""
    """The host that takes longest, since it is asked slowly; empty where ``seconds_left`` is absent."""
    step: str = ""
    """``learning`` in the first pass of Archive.reindex, whose pages are no inputs; empty for the job itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What one run did."""

    outcomes: Mapping[str, int]
    """Inputs that this run brought to an end, by outcome, the most frequent first."""
    waiting: int
    """Inputs that still wait: the run was stopped."""
    revisits: int
    """Inputs whose answer the archive had already."""
    bytes_fetched: int
    """Bytes of the answers' bodies as they came over the wire."""
    bytes_warc: int
    """Bytes that this run added to the WARC files."""
    seconds: float
    """Wall time."""
    interrupted: bool
    """Whether the run was asked to stop before the queue was empty."""
    folder: Path
    """The archive."""
    warc_files: tuple[Path, ...]
    """The WARC files that this run wrote."""

    @property
    def articles(self) -> int:
        """Inputs that became an article in this run."""
        return self.outcomes.get("article", 0)

    @property
    def succeeded(self) -> int:
        """Inputs that became an article, or were stored to become one in a later run."""
        return self.articles + self.outcomes.get(STORED, 0)

    @property
    def failed(self) -> int:
        """Inputs that ended as anything else."""
        return sum(self.outcomes.values()) - self.succeeded


class Tally:
    """Counts outcomes as they come and passes them on."""

    def __init__(
        self,
        total: int,
        on_progress: Callable[[Progress], None] | None,
        on_outcome: Callable[[Outcome], None] | None,
    ) -> None:
        self.total = total
        self.bytes = 0
        self.revisits = 0
        self.estimate: Callable[[], tuple[float | None, str]] = lambda: (None, "")
        """Seconds that are left, and the slowest host."""
        self.outcomes: Counter[str] = Counter()
        self._on_progress = on_progress
        self._on_outcome = on_outcome

    def add(self, outcome: Outcome | None) -> None:
        """Count an outcome that is in the catalogue. None, for a capture that a later one replaced, does not count."""
        if outcome is None:
            return
        self.outcomes[outcome.outcome] += 1
        self.revisits += outcome.revisit
        if self._on_outcome is not None:
            self._on_outcome(outcome)
        self.show()

    def show(self) -> None:
        """Say how far it is."""
        if self._on_progress is not None:
            articles = self.outcomes["article"] + self.outcomes[STORED]
            done = self.outcomes.total()
            seconds, host = self.estimate()
            self._on_progress(
                Progress(
                    done=done,
                    total=max(self.total, done),
                    articles=articles,
                    failed=done - articles,
                    bytes=self.bytes,
                    seconds_left=seconds,
                    slowest_host=host,
                )
            )
