"""The Parquet files in the programs that people open them with, as docs/parquet.md has it."""

import re
from pathlib import Path
from typing import Any

import pytest

from newsclean.bulk import job
from newsclean.bulk.schema import FIELDS, SCHEMA_VERSION, Field, arrow_schema
from newsclean.settings import Settings
from tests.bulk.conftest import Make, stories

GUIDE = (Path(__file__).parents[2] / "docs" / "parquet.md").read_text(encoding="utf-8")
LINES = dict(re.findall(r"^\| ([^|`]+?) \| `([^`]+)` \|$", GUIDE, re.MULTILINE))
pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def articles(warc: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = [str(warc(f"{name}.warc.gz", stories(3, f"{name}.example"))) for name in "ab"]
    job.run(files, job.Plan(out=tmp_path / "articles", partition="month"), Settings(), workers=1)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path


@pytest.mark.parametrize("name", ["pandas", "polars", "DuckDB", "pyarrow", "Hugging Face datasets"])
@pytest.mark.usefixtures("articles")
def test_the_line_of_the_guide(name: str) -> None:
    line = LINES[name]
    module = line.split(".")[0]
    names: dict[str, Any] = {module: __import__(module)}
    found = eval(line, names)
    if name == "DuckDB":
        found = found.fetchall()
    assert len(found) == 6
    first = found.to_pylist() if hasattr(found, "to_pylist") else None
    if first is not None:
        assert {row["headline"] for row in first} == {f"Quay {number} stays open" for number in range(3)}


def test_the_guide_has_every_column() -> None:
    for field in FIELDS:
        assert f"| `{field.name}` | {field.type} |" in GUIDE, field.name
        for part in field.parts if field.name != "sources" else ():
            assert f"| `{field.name}.{part.name}` | {part.type} |" in GUIDE, part.name
    assert f"schema version {SCHEMA_VERSION}" in GUIDE.lower()


def test_names_and_types_of_arrow_follow_the_table() -> None:
    schema = arrow_schema()
    assert schema.names == [field.name for field in FIELDS]
    assert str(schema.field("captured_at").type) == "timestamp[us, tz=UTC]"
    assert schema.field("sources").type.field("headline").type.names == ["source", "raw"]


def test_every_field_says_what_it_is() -> None:
    def check(field: Field) -> None:
        assert field.doc
        assert (field.type == "struct") == bool(field.parts)
        for part in field.parts:
            check(part)

    for field in FIELDS:
        check(field)
