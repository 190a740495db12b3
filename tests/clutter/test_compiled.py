"""The compiled rules: the same as those of the TOML files, and left alone where they are not."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsclean.clutter import compiled
from newsclean.clutter.compiled import main, read_compiled, write_compiled
from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.phrases import PhraseIndex
from newsclean.clutter.rules import RuleSet, carried, compile_rules, digest_of
from newsclean.model import Block


@pytest.fixture(scope="module")
def plain() -> RuleSet:
    return compile_rules(carried())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a package with the compiled file in ``data``."""
    package = tmp_path_factory.mktemp("package")
    (package / "data").mkdir()
    assert main([str(package / "data")]) == 0
    return package


@pytest.fixture
def known(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(compiled, "files", lambda _: folder)
    return folder / "data" / compiled.NAME


def test_a_file_that_is_there_is_fresh() -> None:
    if (Path(compiled.__file__).parent / "data" / compiled.NAME).exists():
        assert main(["--check"]) == 0


def test_check_names_a_file_that_is_missing_or_old(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compiled, "files", lambda _: tmp_path)
    (tmp_path / "data").mkdir()
    assert main(["--check"]) == 1
    (tmp_path / "data" / compiled.NAME).write_bytes(b"old")
    assert main(["--check"]) == 1
    assert capsys.readouterr().err.count("run scripts/build_rules") == 2


def test_it_is_written_where_it_is_out_of_date_only(known: Path) -> None:
    before = known.stat().st_mtime_ns
    assert main([]) == 0
    assert known.stat().st_mtime_ns == before
    os.utime(known, (0, 0))
    assert main([]) == 0
    assert known.stat().st_mtime_ns >= before


@pytest.mark.usefixtures("known")
def test_the_rules_are_the_same(plain: RuleSet) -> None:
    read = read_compiled(plain.digest)
    assert read is not None
    assert (read.digest, read.states) == (plain.digest, plain.states)
    assert len(read.rules) == len(plain.rules)
    for one, other in zip(read.rules, plain.rules, strict=True):
        for name in one.__slots__:
            if name != "templates":
                assert getattr(one, name) == getattr(other, name), (one.id, name)
        assert list(one.templates) == list(other.templates)
        for place in one.templates:
            assert [t.source for t in one.templates[place]] == [t.source for t in other.templates[place]]


@pytest.mark.usefixtures("known")
def test_they_say_the_same(plain: RuleSet) -> None:
    read = read_compiled(plain.digest)
    assert read is not None
    assert read.filed is not None
    texts = [text for rule in plain.rules for text in (*rule.match[:2], *rule.no_match[:1])]
    blocks = [Block(index=number, text=text) for number, text in enumerate(texts)]
    assert RuleVoice(read).speak(blocks) == RuleVoice(plain).speak(blocks)
    assert PhraseIndex(read.rules, read.filed).filed() == PhraseIndex(plain.rules).filed()
    again = RuleSet(read.rules, read.digest, read.states)
    assert RuleVoice(again).speak(blocks) == RuleVoice(plain).speak(blocks)


def test_other_files_are_not_taken_for_these(known: Path, plain: RuleSet) -> None:
    assert read_compiled("0" * 16) is None
    whole = known.read_bytes()
    try:
        for broken in (b"", whole[:-20], whole[:40] + b"x" + whole[41:], b"\xc1" + whole):
            known.write_bytes(broken)
            assert read_compiled(plain.digest) is None
        known.unlink()
        assert read_compiled(plain.digest) is None
    finally:
        known.write_bytes(whole)


def test_the_same_rules_give_the_same_bytes(plain: RuleSet) -> None:
    code = (
        "import hashlib; from newsclean.clutter.compiled import *; "
        "print(hashlib.sha256(write_compiled(compile_rules(carried()))).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert write_compiled(plain) == write_compiled(compile_rules(carried()))
    assert digest_of(carried()) == plain.digest
