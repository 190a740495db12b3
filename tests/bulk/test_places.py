"""Where the files of a bulk job are."""

import gzip
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsclean.bulk import job
from newsclean.bulk.places import fetched, is_remote, place, sources
from newsclean.bulk.rows import rows_of_warc
from newsclean.errors import InputError, UsageError
from newsclean.settings import Settings
from tests.bulk.conftest import Make, stories

SECRET = "wJalrXUtnFEMI-secret"
# what boto and moto use themselves
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """A store that speaks S3, on loopback; its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket with nothing in it, and the credentials for it."""
    import s3fs

    for name, value in {
        "AWS_ENDPOINT_URL": store,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    filesystem = s3fs.S3FileSystem()
    filesystem.mkdir("news")
    yield "news"
    filesystem.rm("news", recursive=True)
    s3fs.S3FileSystem.clear_instance_cache()


def put(bucket: str, name: str, file: Path) -> str:
    import s3fs

    s3fs.S3FileSystem().put(str(file), f"{bucket}/{name}")
    return f"s3://{bucket}/{name}"


def test_files_of_a_bucket(bucket: str, warc: Make, tmp_path: Path) -> None:
    one, other = warc("a.warc.gz", stories(2)), warc("b.warc.gz", stories(3))
    urls = [put(bucket, "2026/a.warc.gz", one), put(bucket, "2026/b.warc.gz", other)]
    put(bucket, "2026/notes.txt", one)
    assert sources(["s3://news/2026/*.warc.gz"]) == urls
    known = place(urls[0])
    assert known.size == one.stat().st_size
    assert known.version
    report = job.run(urls, job.Plan(out=tmp_path / "out"), Settings(), workers=1)
    assert (report.inputs, report.rows) == (2, 5)
    assert job.run(urls, job.Plan(out=tmp_path / "out"), Settings(), workers=1).passed_over == 2
    assert list(rows_of_warc(urls[0])) == list(rows_of_warc(str(one)))
    put(bucket, "2026/b.warc.gz", one)
    assert job.run(urls, job.Plan(out=tmp_path / "out"), Settings(), workers=1).rows == 2


def test_a_manifest_in_a_bucket(bucket: str, warc: Make, tmp_path: Path) -> None:
    url = put(bucket, "a.warc.gz", warc("a.warc.gz", stories(1)))
    (tmp_path / "paths.gz").write_bytes(gzip.compress(f"{url}\n".encode()))
    assert sources([], [put(bucket, "warc.paths.gz", tmp_path / "paths.gz")]) == [url]


@pytest.mark.usefixtures("bucket")
def test_what_is_not_in_the_store_is_one_line() -> None:
    for url in ("s3://news/none.warc.gz", "s3://no-such-bucket/a.warc.gz"):
        with pytest.raises(InputError, match="no such file"):
            place(url)
    with pytest.raises(InputError, match="no WARC file there"):
        sources(["s3://news/*.warc.gz"])


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_missing_credentials_are_one_line_that_prints_none(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import s3fs

    monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(InputError) as caught:
        place("s3://news/a.warc.gz")
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.usefixtures("bucket")
def test_a_store_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(InputError, match=r"s3://news/a\.warc\.gz: cannot be read: the store cannot be reached"):
        place("s3://news/a.warc.gz")


@pytest.mark.parametrize("module", ["fsspec", "s3fs"])
def test_without_the_extra_one_line_says_which(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    if module == "s3fs":
        import fsspec.registry  # noqa: F401

        # what another test of this process has loaded
        monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, "s3", raising=False)
    with pytest.raises(UsageError, match=r"newsclean\[s3\]"):
        place("s3://news/a.warc.gz")


def test_files_here_by_path_address_and_pattern(warc: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = warc("a.warc.gz", stories(1)), warc("deep/b.warc.gz", stories(1))
    monkeypatch.chdir(tmp_path)
    assert sources(["**/*.warc.gz"]) == ["a.warc.gz", "deep/b.warc.gz"]
    assert sources([str(tmp_path)]) == [str(one), str(other)]
    assert not is_remote(f"file://{one}")
    with fetched(f"file://{one}") as path:
        assert path == one
    assert place(f"file://{one}").size == place(str(one)).size


@pytest.mark.parametrize(
    ("paths", "manifests", "words"),
    [
        ((), (), "no input"),
        (("*.none",), (), "no WARC file there"),
        ((), ("none.txt",), "no such manifest"),
        ((), ("torn.gz",), "cannot be read"),
        (("empty",), (), "no WARC file there"),
    ],
)
def test_inputs_that_name_nothing(
    paths: tuple[str, ...], manifests: tuple[str, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "torn.gz").write_bytes(gzip.compress(b"a" * 1000)[:-4])
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=words):
        sources(paths, manifests)
