import subprocess
import sys

import pytest

import newsclean.fetch
import newsclean.warc


@pytest.mark.parametrize("package", [newsclean.fetch, newsclean.warc])
def test_every_public_name_is_there(package: object) -> None:
    names: list[str] = package.__all__  # type: ignore[attr-defined]
    for name in names:
        assert getattr(package, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = package.nothing  # type: ignore[attr-defined]


def test_reading_does_not_load_the_http_library() -> None:
    code = (
        "import sys, newsclean.warc, newsclean.fetch; newsclean.warc.read, newsclean.fetch.read_list;"
        "sys.exit('httpx' in sys.modules or 'httpcore' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
