import os
import urllib.request

import pytest

from newsclean.cli.proxy import through_proxy


def test_all_urls_go_through_it_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,news.example")
    before = dict(os.environ)
    with through_proxy("http://127.0.0.1:2"):
        assert urllib.request.getproxies()["http"] == urllib.request.getproxies()["https"] == "http://127.0.0.1:2"
        assert not urllib.request.proxy_bypass("news.example")
    assert dict(os.environ) == before
    with through_proxy(None):
        assert dict(os.environ) == before
