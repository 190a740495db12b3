"""The job over many WARC files: one output file and one marker an input, so that it can be taken up again.

A folder of outputs belongs to one way of making them: ``_job.json`` in it names version, rules, settings and what is
taken. Each finished input has a marker, ``_done/<name>.json``; what has one is passed over while the input is the same.
Several jobs with different shards may write into one folder at once.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import msgspec

from newsclean.bulk.outputs import Format, Output, Partition, file_name
from newsclean.bulk.places import Place, fetched, is_remote, place, shown
from newsclean.bulk.rows import Part, by_page
from newsclean.bulk.schema import SCHEMA_VERSION, need_arrow
from newsclean.bulk.wanted import ALL, Wanted
from newsclean.bulk.workers import Event, Task, Workers
from newsclean.errors import InputError, NewscleanError, UsageError
from newsclean.settings import Settings
from newsclean.version import __version__
from newsclean.warc import starts

JOB = "_job.json"
DONE = "_done"
_SPLITTABLE = (".warc", ".warc.gz", ".warc.zst")
_SPOOL = 8 * 1024 * 1024
"""Bytes of rows of a part that are held in memory."""
_SHARES = 4
"""Parts for each process, where there are fewer files than that: they do not end at one time."""
_LEAST_PART, _MOST_PART = 4 * 1024 * 1024, 256 * 1024 * 1024
_AHEAD = 2
"""Inputs beyond those that are worked on whose parts are found while there is time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is made of the inputs."""

    out: Path
    form: Format = "parquet"
    partition: Partition | None = None
    wanted: Wanted = ALL
    split: int | None = None
    """Bytes of a file here, above which several processes share it; 0 where none is parted. Left out, it is chosen so
    that all processes have something to do."""


@dataclass(slots=True)
class Report:
    """How a job ended."""

    inputs: int = 0
    """Files that were read to their end."""
    passed_over: int = 0
    """Files that an earlier run had finished."""
    failed: dict[str, str] = field(default_factory=dict)
    """Files that could not be read, with the reason."""
    rows: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    """Rows by outcome."""


def run(
    sources: Sequence[str],
    plan: Plan,
    settings: Settings,
    *,
    workers: int,
    shard: tuple[int, int] = (1, 1),
    on_progress: Callable[[Report], None] | None = None,
    on_failure: Callable[[str, str], None] | None = None,
) -> Report:
    """Extract the pages of all inputs into the folder of the plan.

    ``workers``: processes. ``shard``: which one of how many parts of the inputs, counted from 1; a file belongs to a
    shard by its place in the sorted list. Raises UsageError where the folder holds rows that were made otherwise, or
    pyarrow is missing; an input that cannot be read is told in the report.
    """
    if plan.form == "parquet":
        need_arrow()
    settings = by_page(settings)
    _claim(plan, settings)
    report = Report()
    # one file under two names would be written twice at once; the first name stands
    distinct = {_digest(source): source for source in sorted(set(sources), reverse=True)}
    mine = sorted(distinct.values())[shard[0] - 1 :: shard[1]]
    waiting = _waiting(mine, plan, report, on_failure)
    few = len(mine) < _SHARES * workers
    inputs: dict[int, _Input] = {}
    ready: list[Task] = []
    begun = 0
    with Workers(workers, settings, plan.wanted) as pool, ExitStack() as stack:
        stack.callback(_give_up, inputs)
        while True:
            while len(ready) < pool.free + _AHEAD and (known := next(waiting, None)) is not None:
                begun += 1
                one = inputs[begun] = _Input(begun, known, plan, settings)
                try:
                    ready += one.tasks(_split(plan, known, _SHARES * workers if few else 1))
                except NewscleanError as problem:
                    _fail(one, str(problem), report, inputs, on_failure)
            while ready and pool.free:
                pool.add(ready.pop(0))
            if not ready and not inputs:
                return report
            for event in pool.events():
                _heard(event, inputs, report, on_failure)
            if on_progress:
                on_progress(report)


def _split(plan: Plan, known: Place, shares: int) -> int:
    """Bytes of a part of an input."""
    if plan.split is not None:
        return plan.split
    return max(_LEAST_PART, min(_MOST_PART, (known.size or 0) // shares if shares > 1 else _MOST_PART))


def _waiting(
    sources: Sequence[str], plan: Plan, report: Report, on_failure: Callable[[str, str], None] | None
) -> Iterator[Place]:
    """The inputs that have no marker, or changed since."""
    for source in sources:
        try:
            known = place(source)
        except InputError as problem:
            report.failed[shown(source)] = str(problem)
            if on_failure:
                on_failure(shown(source), str(problem))
            continue
        if _is_done(plan.out, known):
            report.passed_over += 1
        else:
            yield known


def _heard(
    event: Event, inputs: "dict[int, _Input]", report: Report, on_failure: Callable[[str, str], None] | None
) -> None:
    one = inputs.get(event.task.key)
    if one is None:  # another part of it failed
        return
    if event.kind == "rows":
        one.add(event.task, event.rows)
        report.rows += len(event.rows)
    elif event.kind == "failed":
        _fail(one, str(event.error), report, inputs, on_failure)
    elif one.part_done(event.task):
        one.finish()
        del inputs[one.key]
        report.inputs += 1
        for outcome, count in one.outcomes.items():
            report.outcomes[outcome] = report.outcomes.get(outcome, 0) + count


def _fail(
    one: "_Input",
    reason: str,
    report: Report,
    inputs: "dict[int, _Input]",
    on_failure: Callable[[str, str], None] | None,
) -> None:
    one.give_up()
    del inputs[one.key]
    report.failed[shown(one.place.source)] = reason
    if on_failure:
        on_failure(shown(one.place.source), reason)


def _spool() -> IO[bytes]:
    """Room for rows that wait: in memory while they are few, then in a file."""
    return SpooledTemporaryFile(max_size=_SPOOL)


def _give_up(inputs: "dict[int, _Input]") -> None:
    for one in inputs.values():
        one.give_up()


class _Outcome(msgspec.Struct):
    outcome: str


_OUTCOME = msgspec.json.Decoder(_Outcome)


class _Input:
    """One input that is worked on: its copy, if it is far away, its parts, and its output."""

    def __init__(self, key: int, known: Place, plan: Plan, settings: Settings) -> None:
        self.key = key
        self.place = known
        self.outcomes: dict[str, int] = {}
        self._plan = plan
        self._name = file_name(known.source, _digest(known.source))
        self.output = Output(
            plan.out,
            self._name,
            plan.form,
            plan.partition,
            {"newsclean.version": __version__, "newsclean.source": shown(known.source), **_facts(settings)},
        )
        self._stack = ExitStack()
        self._parts: list[int] = []
        """Numbers of the parts that are not done."""
        self._held: dict[int, IO[bytes]] = {}
        """Rows of parts that wait for an earlier one: the output has the order of the input."""

    def tasks(self, split: int) -> list[Task]:
        """Its parts, of about that many bytes; 0 for one. Raises InputError where it cannot be had."""
        for left in self._plan.out.glob(f".{self._name}.*.tmp"):  # by a run that was killed
            left.unlink(missing_ok=True)
        path = str(self._stack.enter_context(fetched(self.place.source)))
        begins = [0]
        if split and path.lower().endswith(_SPLITTABLE) and (self.place.size or 0) > split:
            begins = starts(path, split)
        parts: list[Part | None] = [None]
        if len(begins) > 1:
            parts = list(zip(begins, [*begins[1:], None], strict=True))
        self._parts = list(range(len(parts)))
        return [_Task(self.key, path, shown(self.place.source), part, number=i) for i, part in enumerate(parts)]

    def add(self, task: Task, rows: list[bytes]) -> None:
        """Rows of one part."""
        assert isinstance(task, _Task)
        for row in rows:
            outcome = _OUTCOME.decode(row).outcome
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        if task.number not in self._held:
            self._held[task.number] = _spool()
        self._held[task.number].writelines(row + b"\n" for row in rows)
        self._drain()

    def part_done(self, task: Task) -> bool:
        """Note that a part is done; whether all are."""
        assert isinstance(task, _Task)
        self._parts.remove(task.number)
        self._drain()
        return not self._parts

    def _drain(self) -> None:
        """Write what has nothing before it that is still to come."""
        for number in sorted(self._held):
            if not self._parts or number <= self._parts[0]:
                with self._held.pop(number) as spool:
                    spool.seek(0)
                    self.output.add(line.rstrip(b"\n") for line in spool)

    def finish(self) -> None:
        """Name the files, then write the marker."""
        before = _marker(self._plan.out, self._name).get("files", [])
        files = self.output.finish()
        for stale in set(before) - set(files):  # of partitions that the input has no more
            if ".." not in Path(stale).parts:
                (self._plan.out / stale).unlink(missing_ok=True)
        marker = {
            "schema_version": SCHEMA_VERSION,
            "source": shown(self.place.source),
            "size": self.place.size,
            "version": self.place.version,
            "files": files,
            "rows": self.output.rows,
            "outcomes": dict(sorted(self.outcomes.items())),
        }
        folder = self._plan.out / DONE
        folder.mkdir(exist_ok=True)
        _write(folder / f"{self._name}.json", marker)
        self._stack.close()

    def give_up(self) -> None:
        """Leave no file behind."""
        self.output.discard()
        for spool in self._held.values():
            spool.close()
        self._stack.close()


@dataclass(slots=True)
class _Task(Task):
    number: int = 0
    """Of the part."""


def _claim(plan: Plan, settings: Settings) -> None:
    """Write down how the rows of the folder are made. Raises UsageError where it holds others."""
    wanted = {name: value for name, value in asdict(plan.wanted).items() if value}
    own = {
        "schema_version": SCHEMA_VERSION,
        "format": plan.form,
        "partition": plan.partition,
        "wanted": json.loads(json.dumps(wanted)),
        "newsclean": __version__,
        **_facts(settings),
    }
    try:
        plan.out.mkdir(parents=True, exist_ok=True)
        known = json.loads((plan.out / JOB).read_text(encoding="utf-8"))
    except FileNotFoundError:
        _write(plan.out / JOB, own)
        return
    except (OSError, ValueError) as problem:
        raise UsageError(f"{plan.out}: cannot be used for output: {problem}") from None
    if not isinstance(known, dict):
        known = {}
    for name, value in own.items():
        if known.get(name) != value:
            raise UsageError(
                f"{plan.out}: holds rows that were made otherwise ({name}: {known.get(name)!r}, now {value!r}); "
                "name another folder, or empty this one"
            )


def _facts(settings: Settings) -> dict[str, str]:
    from newsclean.clutter.rules import load

    return {"rules": load(settings.rules).digest, "settings": settings.extraction_digest()}


def _is_done(out: Path, known: Place) -> bool:
    """Whether an earlier run finished this input, and its files are there."""
    marker = _marker(out, file_name(known.source, _digest(known.source)))
    same = (marker.get("size"), marker.get("version")) == (known.size, known.version)
    return bool(marker) and same and all((out / file).exists() for file in marker["files"])


def _marker(out: Path, name: str) -> dict[str, Any]:
    """The marker of an input that an earlier run finished; empty where there is none that can be read."""
    try:
        found = json.loads((out / DONE / f"{name}.json").read_text(encoding="utf-8"))
        return found if isinstance(found["files"], list) and all(isinstance(f, str) for f in found["files"]) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _digest(source: str) -> str:
    """Of an input's address, whatever the working folder is."""
    whole = source if is_remote(source) else str(Path(source).resolve())
    return hashlib.sha256(whole.encode("utf-8", "surrogateescape")).hexdigest()


def _write(path: Path, value: Any) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
