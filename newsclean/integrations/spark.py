"""newsclean on a Spark cluster: WARC files to rows, columns of HTML to text, lists of URLs to archives. Needs the extra
``spark``, on the driver and on all executors.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from newsclean.errors import NotWarcError, UsageError
from newsclean.integrations.spark_archive import archive_urls, outcomes
from newsclean.settings import Settings

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import Column, DataFrame, SparkSession

__all__ = ["archive_urls", "clean_html", "extract_html", "extract_warcs", "outcomes"]

_BATCH = 200
"""Rows that a task hands to Spark at once."""

HTML_FIELDS = (
    "headline string, authors array<string>, date_published string, body array<string>, outcome string, message string"
)
"""Schema of the struct that :func:`extract_html` gives."""


def extract_warcs(
    spark: "SparkSession", paths: str | Path | Iterable[str | Path], *, settings: Settings | None = None
) -> "DataFrame":
    """The pages of WARC files as rows: one task a file, the columns of newsclean's Parquet files
    (:data:`newsclean.bulk.schema.FIELDS`), and in them what those have.

    ``paths``: paths, globs and folders on storage that driver and executors have under the same path, or addresses of
    fsspec (extra ``s3``). A file that is no WARC file is one row that says so; one that cannot be had fails its task,
    so that Spark tries again. What is known of a site by its other pages is not heard. The DataFrame is lazy: each
    action reads the files anew, so write it, or keep it with ``persist``.

    Raises UsageError where the extra is not installed, InputError where there is no file.
    """
    _need_spark()
    from pyspark.sql.pandas.types import from_arrow_schema

    from newsclean.bulk.places import sources as all_of
    from newsclean.bulk.schema import arrow_schema

    sources = all_of([str(paths)] if isinstance(paths, str | Path) else map(str, paths))
    chosen = _chosen(settings).with_values(site_memory=False)  # so that a row says what was heard

    def rows(batches: "Iterator[pyarrow.RecordBatch]") -> "Iterator[pyarrow.RecordBatch]":
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from _batches(sources[number], chosen)

    # A range of that many partitions: each file is a task, without a shuffle.
    numbers = spark.range(0, len(sources), 1, len(sources))
    return numbers.mapInArrow(rows, from_arrow_schema(arrow_schema()))


def _batches(source: str, settings: Settings) -> "Iterator[pyarrow.RecordBatch]":
    """The rows of one WARC file, so many at a time."""
    import pyarrow

    from newsclean.bulk.schema import arrow_schema

    schema = arrow_schema()
    for part in _batched(_rows(source, settings), _BATCH):
        yield pyarrow.RecordBatch.from_pylist(part, schema=schema)


def _rows(source: str, settings: Settings) -> Iterator[dict[str, Any]]:
    from newsclean.bulk.rows import failure, rows_of_warc
    from newsclean.bulk.schema import filled
    from newsclean.warc import Damaged

    try:
        yield from rows_of_warc(source, settings=settings)
    except NotWarcError as problem:  # trying again would not help, and the other files are good
        nothing = Damaged(file=PurePath(source).name, offset=0, reason=problem.code)
        yield filled(failure(nothing, problem.code, str(problem), settings))


def _batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def clean_html(html: "Column", *, settings: Settings | None = None) -> "Column":
    """A column with the text of each page's article, one paragraph a line.

    ``html``: a column of strings, or, better, of the bytes that the server sent. Null where the page holds no article,
    or is null; :func:`extract_html` says why.
    """
    _need_spark()
    import pandas

    chosen = _chosen(settings)

    def clean(pages: pandas.Series) -> pandas.Series:
        found = [_judged(page, None, chosen) for page in pages]
        return pandas.Series([one.found.text if one is not None and one.found else None for one in found], dtype=object)

    return _udf(clean, "string")(html)


def extract_html(html: "Column", url: "Column | None" = None, *, settings: Settings | None = None) -> "Column":
    """A column of structs with what was found of each page; schema :data:`HTML_FIELDS`, names as in
    :class:`newsclean.Article` and :class:`newsclean.Extraction`.

    ``html``: as for :func:`clean_html`. ``url``: where each page is from, a column of strings; it helps with dates and
    with finding the page's data. Where ``outcome`` is not ``article``, ``message`` says why, and the others are null.
    The struct of a page that is null has nulls only.
    """
    import pandas
    from pyspark.sql.functions import lit

    chosen = _chosen(settings)

    def extract(pages: pandas.Series, urls: pandas.Series) -> pandas.DataFrame:
        rows = [_fields(page, place, chosen) for page, place in zip(pages, urls, strict=True)]
        return pandas.DataFrame(rows, columns=list(_names()), dtype=object)

    return _udf(extract, HTML_FIELDS)(html, lit(None).cast("string") if url is None else url)


def _names() -> Iterator[str]:
    return (field.split()[0] for field in HTML_FIELDS.split(", "))


def _fields(page: Any, url: Any, settings: Settings) -> tuple[Any, ...]:
    result = _judged(page, url, settings)
    if result is None:
        return (None,) * 6
    article = result.found
    if article is None:
        return None, None, None, None, result.outcome, result.message
    return (
        article.headline,
        list(article.authors),
        article.date_published,
        list(article.body),
        result.outcome,
        result.message,
    )


def _judged(page: Any, url: Any, settings: Settings) -> Any:
    """The extraction of a value of a column; None for null, which pandas has as None or NaN."""
    if not isinstance(page, str | bytes | bytearray | memoryview):
        return None
    from newsclean.extraction import extract

    body = page if isinstance(page, str) else bytes(page)
    return extract(body, url if isinstance(url, str) else None, settings)


def _chosen(settings: Settings | None) -> Settings:
    """The settings as they are sent to the executors."""
    return (settings or Settings()).with_values(origins={})


def _udf(function: Callable[..., Any], returns: str) -> Callable[..., "Column"]:
    from pyspark.sql.functions import pandas_udf

    made: Callable[..., Column] = pandas_udf(function, returns)
    return made


def _need_spark() -> None:
    """Raises UsageError where a part of the extra is not installed."""
    try:
        import pandas  # noqa: F401
        import pyarrow  # noqa: F401
        import pyspark  # noqa: F401
    except ImportError as problem:
        raise UsageError(
            f"{problem.name} is not installed: pip install 'newsclean[spark]', on the driver and on all executors"
        ) from None
