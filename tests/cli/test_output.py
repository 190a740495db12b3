from pathlib import Path

import pytest

from newsclean.cli import output
from newsclean.errors import EXIT_NOTHING_SUCCEEDED, EXIT_OK, EXIT_SOME_FAILED, InputError


def test_text_cannot_steer_a_terminal() -> None:
    assert output.printable("a\x1b[2Jb\x07c\x9bd\te\nf") == "a�[2Jb�c�d\te\nf"
    assert output.printable("نص عربي 日本語 – “x”") == "نص عربي 日本語 – “x”"


@pytest.mark.parametrize(
    ("articles", "others", "status"),
    [(3, 0, EXIT_OK), (0, 0, EXIT_OK), (3, 1, EXIT_SOME_FAILED), (0, 1, EXIT_NOTHING_SUCCEEDED)],
)
def test_status(articles: int, others: int, status: int) -> None:
    assert output.status_of(articles, others) == status


def test_a_file_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_bytes(b"old")
    with pytest.raises(TypeError), output.opened(out) as stream:
        stream.writelines([b"half", "not bytes"])  # type: ignore[list-item]
    assert out.read_bytes() == b"old"
    with output.opened(out) as stream:
        stream.write(b"whole")
    assert out.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not writable"), output.opened(tmp_path / "none" / "out"):
        pass
