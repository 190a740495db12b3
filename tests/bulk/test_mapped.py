"""Many calls by several processes."""

import os
import signal
import time
from collections.abc import Iterator

import pytest

from newsclean.bulk.mapped import Mapped


def double(number: int) -> int:
    if number == 13:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 17:
        time.sleep(600)
    if number == 19:
        os._exit(3)
    return 2 * number


def failed(number: int, outcome: str, reason: str) -> str:
    return f"{number} {outcome} {reason}"


def mapped(workers: int, *, ordered: bool = True) -> Mapped[str, int, object]:
    return Mapped(double, failed, workers=workers, seconds=1.0, ordered=ordered)


@pytest.mark.parametrize("workers", [1, 3])
def test_results_in_the_order_of_the_pages(workers: int) -> None:
    with mapped(workers) as pool:
        found = list(pool.over((f"p{number}", number) for number in range(25)))
    assert [label for label, _ in found] == [f"p{number}" for number in range(25)]
    results = dict(found)
    assert results.pop("p13") == "13 extraction-crashed its process ended with SIGKILL"
    assert results.pop("p17") == "17 extraction-timeout not done after 1 s"
    assert results.pop("p19") == "19 extraction-crashed its process ended with status 3"
    assert all(results[f"p{number}"] == 2 * number for number in range(25) if f"p{number}" in results)


def test_results_as_they_come() -> None:
    with mapped(2, ordered=False) as pool:
        labels = [label for label, _ in pool.over((str(number), number) for number in (17, *range(10)))]
    assert sorted(labels) == sorted(map(str, (17, *range(10))))
    assert labels[0] != "17"


def test_what_waits_for_a_slow_page_is_bounded() -> None:
    taken = 0

    def pages() -> Iterator[tuple[str, int]]:
        nonlocal taken
        for number in (17, *[1] * 5_000):
            taken += 1
            yield "", number

    with mapped(2) as pool:
        next(pool.over(pages()))
    assert taken < 5_000


def test_a_large_page_and_a_large_result() -> None:
    with Mapped[int, bytes, bytes](bytes.upper, lambda *_: b"", workers=2, seconds=30) as pool:
        assert [len(result) for _, result in pool.over((i, b"x" * 3_000_000) for i in range(6))] == [3_000_000] * 6


def test_no_pages() -> None:
    with mapped(2) as pool:
        assert list(pool.over(())) == []
