"""Random bytes, and the repository's pages with damage."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.pages import FIXTURES, Fixture
from tests.fuzz.checks import checked
from tests.fuzz.pages import CUTS, Cut, damaged

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@settings(SLOW, max_examples=150)
@given(st.binary(max_size=300), st.booleans())
def test_any_bytes(body: bytes, is_page: bool) -> None:
    checked(b"<html><body><p>Ferry</p>" + body if is_page else body)


@settings(SLOW, max_examples=150)
@given(st.text(alphabet="<>/!-=\"' &;#{}[]:,\\abdiphtml\x00\x0c\n\xe6橋", max_size=400))
def test_any_markup(source: str) -> None:
    checked(("<script type='application/ld+json'>{" + source).encode())
    checked(("<p>" + source).encode())


@settings(SLOW, max_examples=150)
@given(
    st.text(alphabet="<>/=\"' {}[]:,\\abtext$1_\n橋", max_size=300), st.sampled_from(["json", "ld+json", "javascript"])
)
def test_any_data(source: str, kind: str) -> None:
    text = "The ferry to Northholm sails again. " * 20
    checked(f'<body><script type="application/{kind}">x={{"text":"{text}","body":[{source}</script>'.encode())
    checked(f'<body><script>f.push([1,"1:T20,{source}"]);x=[{{"body":"{text}","a":{source}</script>'.encode())


@SLOW
@given(st.sampled_from(FIXTURES), st.lists(CUTS, min_size=1, max_size=8))
def test_damaged_pages(fixture: Fixture, cuts: list[Cut]) -> None:
    checked(damaged(fixture.html, cuts))


@SLOW
@given(st.sampled_from(FIXTURES), st.sampled_from(FIXTURES), st.floats(0, 1), st.floats(0, 1))
def test_a_page_that_goes_on_as_another(one: Fixture, other: Fixture, first: float, second: float) -> None:
    checked(one.html[: int(first * len(one.html))] + other.html[int(second * len(other.html)) :])
