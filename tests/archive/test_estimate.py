from newsclean.archive.estimate import Estimate


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_nothing_is_said_before_anything_is_known() -> None:
    assert Estimate({"a.example": 3}, lambda _host: 1.0).seconds() == (None, "")


def test_the_host_that_takes_longest_decides() -> None:
    clock = Clock()
    pace = {"many.example": 1.0, "slow.example": 30.0, "fast.example": 0.1}
    estimate = Estimate({"many.example": 50, "slow.example": 3, "fast.example": 100}, pace.__getitem__, now=clock)
    clock.seconds = 1.0
    for _ in range(100):
        estimate.done("fast.example")
    assert estimate.seconds() == (90.0, "slow.example")
    estimate.done("slow.example")
    clock.seconds = 4.0
    assert estimate.seconds() == (60.0, "slow.example")
    estimate.done("slow.example")
    clock.seconds = 8.0
    assert estimate.seconds() == (50.0, "many.example")


def test_many_quick_hosts_take_as_long_as_all_of_them_at_the_rate_of_so_far() -> None:
    clock = Clock()
    estimate = Estimate({f"{n}.example": 1 for n in range(1000)}, lambda _host: 1.0, now=clock)
    clock.seconds = 10.0
    for n in range(100):
        estimate.done(f"{n}.example")
    seconds, _ = estimate.seconds()
    assert seconds == 90.0


def test_at_the_end_nothing_is_left() -> None:
    estimate = Estimate({"a.example": 1}, lambda _host: 1.0)
    estimate.done("a.example")
    assert estimate.seconds() == (0.0, "")
