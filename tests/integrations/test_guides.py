"""The Python of the guides to Scrapy and Spark: it compiles, and what it imports of newsclean is there."""

import ast
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCKS = [
    pytest.param(block, id=f"{name}-{number}")
    for name in ("scrapy", "spark", "library")
    for number, block in enumerate(
        re.findall(r"^```py\n(.*?)^```", (DOCS / f"{name}.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    )
]


@pytest.mark.parametrize("block", BLOCKS)
def test_what_a_guide_imports_is_there(block: str) -> None:
    tree = compile(block, "guide", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("newsclean"):
            pytest.importorskip("pandas" if "spark" in str(node.module) else "itemadapter")
            for imported in node.names:
                assert hasattr(import_module(str(node.module)), imported.name), imported.name
        if isinstance(node, ast.Constant) and str(node.value).startswith("newsclean.integrations."):
            module, _, name = str(node.value).rpartition(".")
            assert hasattr(import_module(module), name)


def test_guides_name_every_setting_of_scrapy() -> None:
    source = (DOCS.parent / "newsclean" / "integrations" / "scrapy.py").read_text(encoding="utf-8")
    guide = (DOCS / "scrapy.md").read_text(encoding="utf-8")
    for name in set(re.findall(r'"(NEWSCLEAN_[A-Z_]+)"', source)):
        assert f"| `{name}` |" in guide, name


def test_a_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from newsclean.errors import UsageError
    from newsclean.integrations import spark, spark_job

    session: Any = None
    for absent in ("pandas", "pyarrow", "pyspark"):
        told = rf"^{absent} is not installed: pip install 'newsclean\[spark\]'"
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, absent, None)
            with pytest.raises(UsageError, match=told):
                spark.clean_html(session)
            with pytest.raises(UsageError, match=told):
                spark.extract_warcs(session, ["x.warc.gz"])
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"newsclean\[spark\]"):
        spark_job._session("extract")
