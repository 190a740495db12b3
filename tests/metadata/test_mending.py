"""Broken JSON -> JSON."""

import json
import time
from typing import Any

import pytest

from newsclean.metadata.mending import mended, unwrapped


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "say "yes" now", "b": 1}', {"a": 'say "yes" now', "b": 1}),
        ('{"a": "say "no", then go", "b": 1}', {"a": 'say "no", then go', "b": 1}),
        ('{"a": 1,}', {"a": 1}),
        ('{"a": [1, 2,],}', {"a": [1, 2]}),
        ('{"a": 1,, "b": 2}', {"a": 1, "b": 2}),
        ('{"a": "it\\\'s"}', {"a": "it's"}),
        ('{"a": "C:\\data"}', {"a": "C:data"}),
        ('{"a": "\\u12"}', {"a": "u12"}),
        ('{"a": {"b": "c"', {"a": {"b": "c"}}),
        ('{"a": "cut off', {"a": "cut off"}),
        ('{"a": [1, 2', {"a": [1, 2]}),
        ('{\n// a note\n"a": 1}', {"a": 1}),
        ('{"a": /* a note */ 1}', {"a": 1}),
        ("{&quot;a&quot;: &quot;b&quot;}", {"a": "b"}),
        ('{"a": "<p class="x">b</p>"}', {"a": '<p class="x">b</p>'}),
    ],
)
def test_mended(text: str, value: Any) -> None:
    assert json.loads(mended(text), strict=False) == value


@pytest.mark.parametrize("value", [{"a": 'say "yes"', "b": ["c\\d", {"e": None}]}, [], "text", 3.5])
def test_sound_json_keeps_its_value(value: Any) -> None:
    assert json.loads(mended(json.dumps(value))) == value


@pytest.mark.parametrize(
    "text", ['<!--{"a": 1}-->', '//<![CDATA[\n{"a": 1}\n//]]>', '<![CDATA[{"a": 1}]]>', '{"a": 1};']
)
def test_unwrapped(text: str) -> None:
    assert json.loads(unwrapped(text)) == {"a": 1}


@pytest.mark.parametrize("piece", ['"', '" ', "/*", "//", ", ", "{", "\\", '"' + " " * 199, '"a"b', "," + " " * 79])
def test_work_grows_with_the_length_only(piece: str) -> None:
    text = '{"a": "b"c" ' + piece * (280_000 // len(piece))
    start = time.process_time()
    mended(text)
    assert time.process_time() - start < 5


def test_a_very_long_text_is_left_alone() -> None:
    text = '{"a": "b"c",}' + " " * 400_000
    assert mended(text) == text
