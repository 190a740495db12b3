from pathlib import Path

import pytest

from newsclean.cli.options import load_settings


def test_later_layers_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings().connections == 16
    (tmp_path / "newsclean.toml").write_text("connections = 2\nhost_delay = 7\noperator = 'file'\n")
    (tmp_path / "other.toml").write_text("connections = 3\n")
    monkeypatch.setenv("NEWSCLEAN_HOST_DELAY", "5")
    settings = load_settings(None, {"operator": "flag", "engine": None})
    assert (settings.connections, settings.host_delay, settings.operator) == (2, 5.0, "flag")
    assert settings.origins["host_delay"] == "environment NEWSCLEAN_HOST_DELAY"
    assert load_settings(Path("other.toml")).connections == 3
