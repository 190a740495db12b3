from collections.abc import Iterator

import pytest

from newsclean.settings import Settings
from tests.archive.server import Site, serving


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as served:
        yield served


@pytest.fixture
def settings() -> Settings:
    return Settings(
        host_delay=0,
        host_connections=4,
        workers=1,
        read_timeout=20,
        allow_private=True,
        robots="ignore",
        max_attempts=1,
    )
