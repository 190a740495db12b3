"""Settings: layers, origins, and what is wrong with a value."""

from pathlib import Path
from typing import Any

import pytest

from newsclean.errors import SettingsError
from newsclean.settings import Settings


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "newsclean.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_defaults_know_no_origin() -> None:
    assert Settings.load() == Settings()
    assert Settings.load().origins == {}


def test_each_layer_goes_before_the_one_below(tmp_path: Path) -> None:
    file = written(tmp_path, "connections = 2\nhost_delay = 2\nworkers = 2\noperator = 'me'\n")
    environment = {"NEWSCLEAN_HOST_DELAY": "3", "NEWSCLEAN_WORKERS": "3", "HOME": "/"}
    found = Settings.load(file, environment, {"workers": 4, "engine": None})
    assert (found.connections, found.host_delay, found.workers, found.engine) == (2, 3.0, 4, "newsclean")
    assert found.origins == {
        "connections": str(file),
        "operator": str(file),
        "host_delay": "environment NEWSCLEAN_HOST_DELAY",
        "workers": "flag",
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("CONNECTIONS", "8", 8),
        ("HOST_DELAY", "0.5", 0.5),
        ("USER_AGENT", "bot/1", "bot/1"),
        ("RULES", "a.toml:b.toml", ("a.toml", "b.toml")),
        ("RULES", "a.toml", ("a.toml",)),
        ("RULES", "", ()),
    ],
)
def test_strings_of_the_environment_become_their_types(name: str, text: str, value: Any) -> None:
    found = Settings.load(environment={f"NEWSCLEAN_{name}": text})
    assert getattr(found, name.lower()) == value


def test_rules_of_a_file(tmp_path: Path) -> None:
    assert Settings.load(written(tmp_path, "rules = ['a.toml', 'b.toml']")).rules == ("a.toml", "b.toml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("connections = 'many'", "connections must be of type int, not 'many'"),
        ("connections = true", "connections must be of type int, not True"),
        ("connections = 8.7", "connections must be of type int, not 8.7"),
        ("host_delay = 'slow'", "host_delay must be of type float"),
        ("host_delay = nan", "host_delay"),
        ("read_timeout = nan", "read_timeout"),
        ("connections = inf", "connections must be of type int"),
        ("user_agent = ['a']", "user_agent must be of type str"),
        ("rules = 3", "rules must be of type"),
        ("rules = [3]", "rules must be of type"),
        ("connection = 3", "no setting 'connection'; did you mean 'connections'"),
        ("[fetch]\nconnections = 3", "no setting 'fetch'"),
        ("origins = 3", "no setting 'origins'"),
        ("zzz = 3", "no setting 'zzz'"),
        ("connections = ", "not readable as TOML"),
        ("connections = 0", "connections (%s) must be above 0, not 0"),
        ("read_timeout = -1.5", "read_timeout (%s) must be above 0"),
        ("workers = -1", "workers (%s) must not be below 0, but is -1"),
        ("engine = 'magic'", "engine (%s) must be newsclean or trafilatura, not 'magic'"),
        ("compression = 0", "compression (%s) must be 1 to 9, not 0"),
        ("compression = 10", "compression (%s) must be 1 to 9, not 10"),
    ],
)
def test_mistakes_of_a_file_are_named(tmp_path: Path, text: str, says: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        Settings.load(file)
    assert says.replace("%s", str(file)) in str(caught.value)
    assert str(file) in str(caught.value)


def test_mistakes_of_the_environment_are_named() -> None:
    with pytest.raises(SettingsError, match="environment NEWSCLEAN_CONNECTIONS: connections must be of type int"):
        Settings.load(environment={"NEWSCLEAN_CONNECTIONS": "many"})
    with pytest.raises(SettingsError, match="host_delay must be of type float, not 'nan'"):
        Settings.load(environment={"NEWSCLEAN_HOST_DELAY": "nan"})
    with pytest.raises(
        SettingsError, match="environment NEWSCLEAN_WORKER: no setting 'worker'; did you mean 'workers'"
    ):
        Settings.load(environment={"NEWSCLEAN_WORKER": "3"})


def test_a_file_that_is_missing_or_unreadable(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: no such settings file"):
        Settings.load(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="not readable"):
        Settings.load(tmp_path)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"operator = '\xff'")
    with pytest.raises(SettingsError, match="not readable"):
        Settings.load(latin)


def test_with_values_checks_them() -> None:
    assert Settings().with_values(workers=2).workers == 2
    with pytest.raises(SettingsError, match="workers"):
        Settings().with_values(workers=-1)


def test_digest_changes_with_what_touches_extraction_only() -> None:
    digest = Settings().extraction_digest()
    assert len(digest) == 16
    assert Settings(connections=3, operator="me", workers=2).extraction_digest() == digest
    assert Settings.load(flags={"workers": 3}).extraction_digest() == digest
    others = [Settings(engine="trafilatura"), Settings(rules=("a.toml",)), Settings(max_page_bytes=5)]
    assert len({digest, *(other.extraction_digest() for other in others)}) == 4


@pytest.mark.parametrize("value", ["captions,tables", ["caption", "tables"], "caption, table ,captions"])
def test_labels_to_include(value: object) -> None:
    assert Settings.load(flags={"include": value}).include == ("caption", "table")
    if isinstance(value, str):
        assert Settings.load(environment={"NEWSCLEAN_INCLUDE": value}).include == ("caption", "table")


def test_an_unknown_label_is_named_with_its_origin() -> None:
    with pytest.raises(SettingsError, match="flag: include: no label 'capton'; did you mean 'caption'"):
        Settings.load(flags={"include": ["capton"]})
    with pytest.raises(SettingsError, match="include must be"):
        Settings.load(flags={"include": [3]})
