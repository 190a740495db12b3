"""What fails on an executor, in our words: Spark sends the Python traceback of the task as text."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from newsclean import errors
from newsclean.errors import NewscleanError, UsageError

_OURS = re.compile(r"^newsclean\.errors\.(\w+): (.+)$", re.MULTILINE)
_ABSENT = re.compile(r"No module named '(newsclean|pyarrow|pandas)")


@contextmanager
def executors_told() -> Iterator[None]:
    """Raise a NewscleanError, with its one line, where an error of newsclean ended a task, and UsageError where the
    executors' Python lacks newsclean or a part of the extra ``spark``. Everything else passes as Spark raised it."""
    try:
        yield
    except NewscleanError:
        raise
    except Exception as problem:
        told = _told(str(problem))
        if told is None:
            raise
        raise told from None


def _told(text: str) -> NewscleanError | None:
    absent = _ABSENT.search(text)
    if absent:
        return UsageError(
            f"the executors' Python has no {absent[1]}: name one that has it in PYSPARK_PYTHON, or send an environment "
            "with --archives"
        )
    found = _OURS.findall(text)
    if not found:
        return None
    name, message = found[-1]
    kind = getattr(errors, name, None)
    try:
        return kind(message) if isinstance(kind, type) and issubclass(kind, NewscleanError) else None
    except TypeError:  # it wants more than a message
        return NewscleanError(message)
