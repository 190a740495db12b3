import shutil
from pathlib import Path

from tests.cli.conftest import Run


def test_rebuilt_catalogue_exports_the_same(run: Run, archive: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    (copy / "warc").mkdir(parents=True)
    for file in (archive / "warc").iterdir():
        shutil.copy(file, copy / "warc")
    result = run("reindex", copy)
    assert "article" in result.stderr
    assert result.stdout == ""
    assert run("export", copy).stdout == run("export", archive).stdout
    assert run("reindex", copy, "-q").stderr == ""
