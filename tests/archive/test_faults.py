"""A short run over the newsstand with faults; ``scripts/trial faults`` is the long one, over all its pages."""

from pathlib import Path

import pytest

from tests.trials import faults, newsstand

pytestmark = pytest.mark.skipif(newsstand.MISSING is not None, reason=newsstand.MISSING or "")

_COUNTS = {"well": 18, "redirect": 4, "redirect-loop": 2, "stall": 1, "slow": 1, "bomb": 1, "endless": 1}
"""URLs of a behaviour; of the others there are three."""


def test_every_url_ends_as_its_behaviour_calls_for(tmp_path: Path) -> None:
    sets = [newsstand.some(tmp_path / "set", lambda behaviour: _COUNTS.get(behaviour, 3))]
    dealt = newsstand.deal(sets)
    assert {page.behaviour for page in dealt.values()} == {page.behaviour for page in newsstand.deal().values()}
    result = faults.run(
        tmp_path,
        delay=0.2,
        seconds=120,
        sets=sets,
        environment={"NEWSCLEAN_READ_TIMEOUT": "3", "NEWSCLEAN_WORKERS": "1"},
    )
    assert not result.problems, "\n".join(result.problems)
    assert len(result.outcomes) == len(dealt)
