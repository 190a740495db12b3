"""pywb, in the environment of its own that scripts/install makes: it serves WARC files on loopback."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.trials.processes import COMMAND

TOOLS = Path(__file__).parents[2] / ".venv-tools" / "bin"
MISSING = None if (TOOLS / "wayback").exists() else "there is no .venv-tools with pywb; scripts/install makes it"
"""Why there is no pywb; None where there is one."""
COLLECTIONS = ("indexed-by-pywb", "indexed-by-newsclean")
"""Two collections over the same files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What pywb answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    """As it came, with the content coding that ``headers`` say."""

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pywb:
    """One that serves."""

    port: int

    def replay(self, collection: str, url: str, moment: str) -> Replay:
        """The capture of a URL nearest to a WARC-Date, with nothing rewritten (``id_``); redirects are not followed."""
        stamp = "".join(c for c in moment[:19] if c.isdigit())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", f"/{collection}/{stamp}id_/{url}", headers={"Accept-Encoding": "gzip, br"})
            answer = connection.getresponse()
            return Replay(status=answer.status, headers=tuple(answer.getheaders()), body=answer.read())
        finally:
            connection.close()


@contextmanager
def serving(folder: Path, files: Iterable[Path]) -> Iterator[Pywb]:
    """Serve WARC files, in one collection over the index that pywb makes, in the other over newsclean's.

    ``folder``: a new one, for the collections.
    """
    files = [path.resolve() for path in files]
    for name in COLLECTIONS:
        collection = folder / "collections" / name
        (collection / "archive").mkdir(parents=True)
        (collection / "indexes").mkdir()
        for path in files:
            (collection / "archive" / path.name).symlink_to(path)
    subprocess.run([TOOLS / "wb-manager", "reindex", COLLECTIONS[0]], cwd=folder, check=True, capture_output=True)
    ours = folder / "collections" / COLLECTIONS[1] / "indexes" / "index.cdxj"
    with ours.open("wb") as out:
        subprocess.run([*COMMAND, "warc", "index", *map(str, files)], check=True, stdout=out)
    assert ours.stat().st_size
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    for _ in range(3):  # another process may take the port before pywb does
        port = _free_port()
        command = [str(TOOLS / "wayback"), "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
        with (folder / "log.txt").open("ab") as log, subprocess.Popen(command, env=kept, stdout=log, stderr=log) as it:
            try:
                if _listens(it, port):
                    yield Pywb(port=port)
                    return
            finally:
                it.kill()
    raise RuntimeError(f"pywb does not start: {(folder / 'log.txt').read_text()[-2000:]}")


def _free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


def _listens(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Wait until it takes connections; False where it ends before."""
    for _ in range(600):
        if process.poll() is not None:
            return False
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return True
        time.sleep(0.1)
    return False
