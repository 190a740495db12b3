"""A Spark session with two workers, each with a Java process of its own, and the newsstand for a network."""

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsclean.demo.newsstand import Newsstand

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(scope="module")
def newsstand() -> Iterator[Newsstand]:
    with Newsstand() as stand:
        yield stand


@pytest.fixture(scope="module")
def spark(newsstand: Newsstand) -> Iterator[Any]:
    """``local-cluster[2,1,1024]``, on 127.0.0.1 only, without its web pages."""
    pytest.importorskip("pyspark", reason="the extra 'spark' is not installed")
    if shutil.which("java") is None:
        pytest.skip("there is no java, which Spark needs")
    import pyspark
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("newsclean-tests")
        settings = {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.executor.memory": "512m",
            "spark.driver.memory": "512m",
            "spark.sql.shuffle.partitions": "2",
            "spark.ui.showConsoleProgress": "false",
            "spark.log.level": "ERROR",
            "spark.executorEnv.PYTHONPATH": str(Path(__file__).parents[2]),
            **{f"spark.executorEnv.{name}": newsstand.url for name in PROXIES[:3]},
            "spark.executorEnv.no_proxy": "none.invalid",
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        number = session.sparkContext.applicationId
        try:
            yield session
        finally:
            session.stop()
            shutil.rmtree(Path(os.environ.get("SPARK_HOME", Path(pyspark.__file__).parent), "work", number), True)
