"""Extractions that go wrong, for the pool to call by name."""

import os
import signal
import time

from newsclean.model import Article, Capture, Extraction, Versions
from newsclean.settings import Settings


def extract(capture: Capture, settings: Settings) -> Extraction:
    print("a library that prints")
    match capture.body:
        case b"kill":
            os.kill(os.getpid(), signal.SIGSEGV)
        case b"raise":
            raise ValueError("a defect\nin two lines")
        case b"sleep":
            time.sleep(60)
        case b"pid":
            return _result(capture, str(os.getpid()))
    return _result(capture, f"{len(capture.body)} bytes, {settings.engine}")


def _result(capture: Capture, text: str) -> Extraction:
    versions = Versions(newsclean="0", rules="", engine="", settings="")
    return Extraction(
        outcome="article", found=Article(url=capture.url, body=(text,)), versions=versions, record=capture.record
    )
