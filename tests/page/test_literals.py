"""What pages assign to variables is read as the browser reads it, or refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.page.literals import read_arguments, read_literal, read_string

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{a:1,'b':2,\"c\":3,4:5}", {"a": 1, "b": 2, "c": 3, "4": 5}),
        ("{a:!0,b:!1,c:void 0,d:null,e:undefined}", {"a": True, "b": False, "c": None, "d": None, "e": None}),
        ("[1,2,3,]", [1, 2, 3]),
        ("[,1]", [None, 1]),
        ("[.5,-1.5e3,+2]", [0.5, -1500.0, 2]),
        ("{a:new Date(2024,1),b:f(x)(1)}", None),
        ("{a:new Date(2024,1),b:Array(3)}", {"a": None, "b": None}),
        ("{/* x */a: // y\n1}", {"a": 1}),
        ("{a}", {"a": None}),
        ("{a:`one\ntwo`}", {"a": "one\ntwo"}),
        (r"{a:'it\'s \u00e9\x41\u{1F600}\n'}", {"a": "it's éA😀\n"}),
        (r"['\ud83d\ude00']", ["😀"]),
        (r"['<\/p>']", ["</p>"]),
        ("{a:b}", {"a": None}),
        ("{a:1", None),
        ("{a:function(){}}", None),
        ("", None),
        ("[" * 1000, None),
        ("{'a':'" + "\\" * 3 + "'", None),
    ],
)
def test_literals(text: str, value: object) -> None:
    if value is None:
        with pytest.raises(ValueError):
            read_literal(text, 0)
    else:
        assert read_literal(text, 0) == (value, len(text))


def test_names_stand_for_values() -> None:
    assert read_literal("x={a:n,b:[m]};", 2, {"n": 1, "m": "two"}) == ({"a": 1, "b": ["two"]}, 13)


def test_arguments() -> None:
    assert read_arguments("f(1,'a',{b:2}) ", 2) == ([1, "a", {"b": 2}], 14)


def test_a_string_ends_at_its_quotation_mark() -> None:
    assert read_string("'a\\'b' + 'c'", 0) == ("a'b", 6)
    with pytest.raises(ValueError):
        read_string("'a", 0)


@given(JSON)
def test_json_is_a_literal(value: object) -> None:
    text = json.dumps([value])
    assert read_literal(text, 0) == ([value], len(text))


@given(st.text(alphabet="{}[]'\"`:,ab1!(\\/* \n", max_size=60))
def test_any_text_is_a_literal_or_refused(text: str) -> None:
    try:
        _, end = read_literal(text, 0)
    except (ValueError, RecursionError):
        return
    assert 0 < end <= len(text)
