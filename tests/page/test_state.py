"""The data of a page: where it is found, what it is called, and what is no data."""

import json

from newsclean.page import parsed
from newsclean.page.state import State, states

LONG = "The ferry to Northholm sails again. " * 20


def read(markup: str) -> list[State]:
    return list(states(parsed(f"<html><body><p>x</p>{markup}</body></html>")))


def script(text: str, attributes: str = "") -> str:
    return f"<script {attributes}>{text}</script>"


def test_names_and_values() -> None:
    value = {"a": LONG}
    text = json.dumps(value)
    found = read(
        script(text, 'type="application/ld+json"')
        + script(text, 'type="application/json" id="__NEXT_DATA__"')
        + script(text, 'type="Application/JSON; charset=utf-8" data-island')
        + script(f"var a=1;window['__STATE__']={text};")
        + script(f"Fusion.globalContent={text};Fusion.other={text}")
        + script(f"hydrate({text})")
    )
    assert [(state.name, state.value) for state in found] == [
        (f"script#{name}", value)
        for name in ("json-ld", "__NEXT_DATA__", "data-island", "__STATE__", "globalContent", "other", "hydrate")
    ]


def test_data_that_is_wrapped_in_a_comment() -> None:
    assert [s.value for s in read(script(f"<!--{json.dumps({'a': LONG})}-->", 'type="application/json"'))] == [
        {"a": LONG}
    ]


def test_short_scripts_and_what_loads_scripts_are_no_data() -> None:
    imports = json.dumps({"imports": {"a": LONG}})
    assert read(script('{"a":1}', 'type="application/json"') + script(imports, 'type="importmap"')) == []


def test_a_table_and_what_is_none() -> None:
    table = [{"a": 1}, [2, 3], "one", "two", LONG, "six", 7]
    (state,) = read(script(json.dumps(table), 'type="application/json"'))
    assert state.table == table
    assert state.value == {"a": 1}
    numbers = [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}, {"id": 5}, {"name": 6, "text": LONG}]
    (state,) = read(script(json.dumps(numbers), 'type="application/json"'))
    assert not state.table


def test_a_stream_whose_parts_cut_a_row() -> None:
    text = "Ærø " * 200
    whole = f'1:"x"\n:HL["/a.css","style"]\na:T{len(text.encode()):x},{text}b:{{"body":"$a"}}\nc:I[1,[]]\nd:[broken\n'
    found = read(
        "".join(script(f"self.__f.push({json.dumps([1, whole[n : n + 90]])})") for n in range(0, len(whole), 90))
    )
    assert [state.value for state in found] == [{"body": "$a"}]
    assert found[0].references["$a"] == text


def test_work_is_bounded() -> None:
    assert read(script("x={" * 100_000)) == []
    assert read(script('x={"y":"={"};' * 20_000)) == []
    assert read(script("x=function(" * 50_000)) == []
    assert read(script("(" * 100_000)) == []
