"""What is seen of a block by itself, as numbers."""

import pytest
from msgspec.structs import replace

from newsclean.body.columns import (
    BY_ITSELF,
    BY_RULES,
    NameScores,
    by_itself,
    by_rules,
    page_elements,
    tokens_of,
    words_of,
)
from newsclean.model import Block, Evidence

NAMES = NameScores({"story": 2.0, "share bar": -3.0, "<aside>": -1.5})


def seen(text: str, path: tuple[str, ...] = ("body", "p"), **fields: object) -> dict[str, float]:
    nodes = tuple(range(1, len(path) + 1))
    block = Block(index=0, text=text, path=path, nodes=nodes, **fields)  # type: ignore[arg-type]
    rows, _ = by_itself([block], NAMES)
    return dict(zip(BY_ITSELF, rows[0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("Four words, one comma", "words", 4),
        ("Four words, one comma", "commas", 1),
        ("漁港の壁は春に建て直される。", "words", 7),
        ("漁港の壁は、春に建て直される。", "commas", 1),
        ("It ends.", "end", 5),
        ("It ends.”", "end", 5),
        ("Does it end?", "end", 4),
        ("It does not: ", "end", 2),
        ("यह समाप्त होता है।", "end", 5),
        ("A title", "end", 0),
        ("“Quoted”", "start", 3),
        ("– a dash", "start", 4),
        ("3 days", "start", 2),
        ("“”", "end", 0),
        ("Read 8399 times", "digits", 4 / 15),
        ("10:45", "clock", 1),
        ("Print | Share", "signs", 1),
    ],
)
def test_columns(text: str, name: str, value: float) -> None:
    assert seen(text.strip())[name] == pytest.approx(value, abs=1e-6)


def test_prose_is_long_or_ended_and_has_few_links() -> None:
    text = "The council of Wendlow voted for the plan on Tuesday evening with two members against."
    assert seen(text)["prose"] == 1
    assert seen(text, link_chars=len(text))["prose"] == 0
    assert seen("Home News Sport")["prose"] == 0


def test_names_say_what_is_around() -> None:
    row = seen("Share", ("main", "aside#x.story", "div.share-bar", "p"))
    assert (row["name_own"], row["name_parent"], row["name_above"]) == (0, -3, 0.5)
    assert (row["name_min"], row["name_max"], row["name_sum"]) == (-3, 2, -2.5)
    assert (row["in_aside"], row["in_figure"]) == (1, 0)


def test_what_holds_the_whole_page_says_nothing_by_its_name() -> None:
    names = ("html", "body.share", "div.story", "p")
    blocks = [Block(index=i, text="x", path=names, nodes=(1, 2, 3, 10 + i)) for i in range(19)]
    blocks.append(Block(index=19, text="x", path=("html", "body.share", "p"), nodes=(1, 2, 40)))
    assert page_elements(blocks) == {1, 2, 3}
    apart = [*blocks[:15], *(Block(index=i, text="x", path=names[:2], nodes=(1, 2)) for i in range(15, 20))]
    assert page_elements(apart) == {1, 2}
    assert page_elements(blocks[:5]) == {1, 2}
    assert page_elements([]) == frozenset()
    table = NameScores({"story": 2.0, "share": -1.0})
    rows, _ = by_itself(blocks, table)
    bare = [replace(block, path=tuple(step.partition(".")[0] for step in block.path)) for block in blocks]
    plain, _ = by_itself(bare, table)
    assert (rows == plain).all()


def test_elements_of_one_kind_have_one_number() -> None:
    blocks = [
        Block(index=i, text="x", path=("body", f"article#story-{i}.story", "p"), nodes=(1, 10 + i, 20 + i))
        for i in (1, 2)
    ]
    _, elements = by_itself(blocks, NAMES)
    assert elements.kinds[11] == elements.kinds[12] != elements.kinds[1]
    assert elements.articles == [11, 12]


def test_a_name_is_its_words_and_pairs_of_words() -> None:
    assert tokens_of("div#main.share-bar.isWide2") == (
        "<div>",
        "bar",
        "is",
        "is wide",
        "main",
        "share",
        "share bar",
        "wide",
    )


def test_rules_are_heard_by_where_they_speak_from() -> None:
    said = [
        Evidence(source="rule:en.a", label="share", weight=-10.0, span=(0, 4)),
        Evidence(source="rule:any.b", label="related", weight=-2.0),
        Evidence(source="rule:any.c", label="promo", weight=-5.0),
        Evidence(source="section:en.d", label="related", weight=-9.5),
    ]
    row = dict(zip(BY_RULES, by_rules([said, []])[0].tolist(), strict=True))
    assert (row["rule_text"], row["rule_around"], row["rule_around_sum"], row["section"]) == (-10, -5, -7, -9.5)
    assert row["rule_label"] != row["rule_label_around"] != 0
    assert by_rules([said, []])[1].tolist() == [0] * len(BY_RULES)


def test_no_blocks_are_no_rows() -> None:
    rows, elements = by_itself([], NAMES)
    assert rows.shape == (0, len(BY_ITSELF))
    assert elements.articles == []


def test_words_of_scripts_without_spaces() -> None:
    assert words_of("one two three") == 3
    assert words_of("ヴェンドロウの港") == 5
