import re

import pytest

from newsclean.warc.findings import RULES, Finding


@pytest.mark.parametrize("slug", RULES)
def test_rule(slug: str) -> None:
    rule = RULES[slug]
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert rule.severity in ("error", "warning")
    assert re.fullmatch(r"(\d+(\.\d+)*|[A-D](\.\d)?|#\d+)(, (\d+(\.\d+)*|#\d+))*", rule.clause)
    assert rule.advice[0].islower()
    assert not rule.advice.endswith(".")


def test_line() -> None:
    finding = Finding(slug="date", file="a.warc.gz", offset=7, record_id=None, detail="no date")
    assert finding.line == f"a.warc.gz@7: error: no date; {RULES['date'].advice} (5.4) [date]"
    assert (finding.severity, finding.clause) == ("error", "5.4")
