"""Settings: defaults < newsclean.toml < environment (``NEWSCLEAN_…``) < flags, each value knowing its origin."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from os import fspath
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from newsclean.errors import SettingsError
from newsclean.version import __version__

ENGINES = ("blend", "trafilatura")
_EXTRACTION = ("engine", "rules", "max_page_bytes")
"""The settings that change what comes out of a page; all others change how it is fetched and stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. Sizes are bytes, times are seconds."""

    connections: int = 16
    """Exchanges under way at once, over all hosts."""
    host_connections: int = 1
    """Exchanges under way at once with one host."""
    host_delay: float = 1.0
    """Least time between the starts of two requests to one host."""
    connect_timeout: float = 15.0
    read_timeout: float = 30.0
    """Longest silence of a server inside an answer."""
    page_timeout: float = 120.0
    """Longest time for one exchange as a whole."""
    max_body_bytes: int = 32 * 1024 * 1024
    """An answer is cut there, on the wire; what came is stored and marked as cut."""
    max_page_bytes: int = 16 * 1024 * 1024
    """A page that is larger when decoded is stored but not extracted."""
    max_redirects: int = 10
    user_agent: str = f"newsclean/{__version__} (+https://pypi.org/project/newsclean/)"
    operator: str = ""
    """Who runs the crawl; written into each file's warcinfo where given."""
    warc_size: int = 1_000_000_000
    """A WARC file that has reached this size is closed and a new one begun (ISO 28500, annex C)."""
    compression: int = 6
    """zlib level of the WARC files, 1 to 9: level 6 is 0.6 % larger than 9 for two thirds of its time."""
    workers: int = 0
    """Processes that extract; 0 takes one for each processor, 4 at most."""
    engine: str = "blend"
    """Body engine: ``blend``, or ``trafilatura`` for the reference engine alone."""
    rules: tuple[str, ...] = ()
    """Paths of further rule files, read after the ones that newsclean brings."""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False, repr=False)
    """Where each value that is no default comes from: ``newsclean.toml``, ``environment`` or ``flag``."""

    def __post_init__(self) -> None:
        positive = (
            "connections",
            "host_connections",
            "connect_timeout",
            "read_timeout",
            "page_timeout",
            "max_body_bytes",
            "max_page_bytes",
            "warc_size",
        )
        for name in positive:
            if getattr(self, name) <= 0:
                raise SettingsError(f"{self._named(name)} must be above 0, not {getattr(self, name)}")
        for name in ("host_delay", "max_redirects", "workers"):
            if getattr(self, name) < 0:
                raise SettingsError(f"{self._named(name)} must not be below 0, but is {getattr(self, name)}")
        if self.engine not in ENGINES:
            raise SettingsError(f"{self._named('engine')} must be {' or '.join(ENGINES)}, not {self.engine!r}")
        if not 1 <= self.compression <= 9:
            raise SettingsError(f"{self._named('compression')} must be 1 to 9, not {self.compression}")

    def _named(self, name: str) -> str:
        origin = self.origins.get(name)
        return f"{name} ({origin})" if origin else name

    @classmethod
    def load(
        cls,
        file: Path | None = None,
        environment: Mapping[str, str] = MappingProxyType({}),
        flags: Mapping[str, Any] = MappingProxyType({}),
    ) -> Self:
        """Put the layers together. ``flags`` that are None count as not given. Raises SettingsError."""
        values: dict[str, Any] = {}
        origins: dict[str, str] = {}

        def take(name: str, value: Any, origin: str) -> None:
            values[name] = _converted(name, value, origin)
            origins[name] = origin

        if file is not None:
            for name, value in _read(file).items():
                take(name, value, str(file))
        for key, value in environment.items():
            if key.startswith("NEWSCLEAN_"):
                take(key.removeprefix("NEWSCLEAN_").lower(), value, f"environment {key}")
        for name, value in flags.items():
            if value is not None:
                take(name, value, "flag")
        return cls(**values, origins=origins)

    def with_values(self, **values: Any) -> Self:
        """A copy with other values."""
        return replace(self, **values)

    def extraction_digest(self) -> str:
        """16 hexadecimal digits that change when a setting that touches extraction does."""
        chosen = {name: value for name, value in asdict(self).items() if name in _EXTRACTION}
        return hashlib.sha256(repr(sorted(chosen.items())).encode()).hexdigest()[:16]


_TYPES: dict[str, Any] = {f.name: f.type for f in fields(Settings) if f.name != "origins"}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{file}: no such settings file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsError(f"{file}: not readable as TOML: {problem}") from None


def _converted(name: str, value: Any, origin: str) -> Any:
    """The value in its setting's type; a string from the environment is read as that type."""
    if name not in _TYPES:
        from difflib import get_close_matches

        near = get_close_matches(name, _TYPES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise SettingsError(f"{origin}: no setting {name!r}{hint}")
    wanted = _TYPES[name]
    try:
        if wanted == tuple[str, ...]:
            listed = [v for v in value.split(":") if v] if isinstance(value, str) else list(value)
            return tuple(fspath(v) for v in listed)
        if isinstance(value, bool) or (wanted is str and not isinstance(value, str)):
            raise TypeError
        converted = wanted(value)
        if converted != (converted if isinstance(value, str) else value):  # 8.7 connections, or nan
            raise TypeError
        return converted
    except (TypeError, ValueError, OverflowError):
        kind = getattr(wanted, "__name__", str(wanted))
        raise SettingsError(f"{origin}: {name} must be of type {kind}, not {value!r}") from None
