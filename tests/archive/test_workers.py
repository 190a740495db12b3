import asyncio

import pytest

from newsclean.archive import workers
from newsclean.archive.workers import Pool
from newsclean.errors import NewscleanError
from newsclean.model import Capture, Extraction, RecordRef
from newsclean.settings import Settings

STAND_IN = "tests.archive.stand_ins:extract"
URL = "https://news.example/a"


def _capture(body: bytes) -> Capture:
    return Capture(url=URL, final_url=URL, body=body)


def _run(bodies: list[bytes], *, count: int = 1, function: str = STAND_IN, seconds: float = 30) -> list[Extraction]:
    async def run() -> list[Extraction]:
        pool = Pool(Settings(workers=count), function=function, seconds=seconds)
        try:
            return await asyncio.gather(*(pool.extract(_capture(body)) for body in bodies))
        finally:
            await pool.close()

    return asyncio.run(run())


def test_pages_are_extracted_in_other_processes() -> None:
    results = _run([b"x" * n for n in range(5)], count=2)
    assert [r.article.text for r in results] == [f"{n} bytes, newsclean" for n in range(5)]


def test_a_large_page_goes_through_the_pipe() -> None:
    (result,) = _run([b"x" * 20_000_000])
    assert result.article.text == "20000000 bytes, newsclean"


@pytest.mark.parametrize(("body", "why"), [(b"kill", "signal 11"), (b"raise", "ValueError: a defect in two lines")])
def test_a_crash_is_the_outcome_of_its_page_alone(body: bytes, why: str) -> None:
    before, crashed, after = _run([b"one", body, b"two"])
    assert (before.outcome, after.outcome) == ("article", "article")
    assert crashed.outcome == "extraction-crashed"
    assert why in crashed.message
    assert URL in crashed.message
    assert "\n" not in crashed.message


def test_a_page_that_never_ends_is_ended() -> None:
    slow, after = _run([b"sleep", b"two"], seconds=0.5)
    assert slow.outcome == "extraction-timeout"
    assert after.outcome == "article"


def test_a_process_is_replaced_after_its_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_TASKS", 2)
    pids = [r.article.text for r in _run([b"pid"] * 5)]
    assert len(set(pids)) == 3


def test_a_process_that_does_not_start_is_an_error() -> None:
    with pytest.raises(NewscleanError, match=r"does not start: ModuleNotFoundError"):
        _run([b"one"], function="newsclean.no_such_module:extract")


def test_a_cancelled_page_does_not_answer_for_the_next() -> None:
    async def run() -> Extraction:
        pool = Pool(Settings(workers=1), function=STAND_IN)
        try:
            slow = asyncio.create_task(pool.extract(_capture(b"sleep")))
            await asyncio.sleep(0.5)
            slow.cancel()
            return await pool.extract(_capture(b"four"))
        finally:
            await pool.close()

    assert asyncio.run(run()).article.text == "4 bytes, newsclean"


def test_the_record_of_a_crashed_page_is_named() -> None:
    record = RecordRef(file="one.warc.gz", offset=7, length=9, record_id="<urn:uuid:1>")

    async def run() -> Extraction:
        pool = Pool(Settings(workers=1), function=STAND_IN)
        try:
            return await pool.extract(Capture(url=URL, final_url=URL, body=b"kill", record=record))
        finally:
            await pool.close()

    result = asyncio.run(run())
    assert result.record == record
    assert "one.warc.gz@7" in result.message
