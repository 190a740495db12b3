"""Which addresses are believed to be those of the page's story."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsclean.metadata.canonical import refusal

HEADLINE = "The old bridge stays open until May"


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://news.example/2024/bridge-stays-open", "https://news.example/2024/bridge-stays-open?utm_source=x"),
        ("https://news.example/2024/bridge-stays-open", "https://news.example/2024/bridge-stays-open/amp/"),
        ("https://news.example/2024/bridge-stays-open", "https://amp.news.example/2024/bridge-stays-open.amp.html"),
        ("https://news.example/2024/bridge-stays-open", "https://news.example/?p=12345"),
        ("https://news.example/a-12345.html", "https://m.news.example/city/old-bridge-stays-open-12345.html"),
        ("https://other.example/wire/old-bridge-stays-open", "https://news.example/x/old-bridge-stays-open-today"),
        ("https://news.example/706332", "https://news.example/706332/old-bridge-stays-open"),
        ("https://news.example/bridge", "https://news.example/bridge/amp"),
        ("https://news.example/neu/brucke-bleibt-offen-99", "https://news.example/alt/die-brucke-bleibt-doch-offen"),
        ("https://news.example/%D0%BC%D0%BE%D1%81%D1%82-%D0%BE%D1%82%D0%BA%D1%80%D1%8B%D1%82-%D1%81%D0%BD%D0%BE%D0%B2%D0%B0",
         "https://news.example/мост-открыт-снова?x=1"),
        ("https://news.example/", "https://news.example/"),
        ("https://news.example/index.php?id=771234", "https://news.example/index.php?id=771234&x=1"),
    ],
)  # fmt: skip
def test_the_same_story(address: str, url: str) -> None:
    assert refusal(address, url, HEADLINE) == ""


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://news.example/", "the front page"),
        ("https://news.example", "the front page"),
        ("https://news.example/en/", "the front page"),
        ("https://other.example/", "the front page"),
        ("https://news.example/2024/05", "a section's page"),
        ("https://other.example/city/mayor-opens-new-school", "another site's page"),
        ("https://news.example/2024/05/mayor-opens-new-school", "another story"),
    ],
)
def test_other_pages(address: str, why: str) -> None:
    assert refusal(address, "https://news.example/2024/05/old-bridge-stays-open", HEADLINE) == why


def test_without_the_page_s_own_address_only_front_pages_are_told() -> None:
    assert refusal("https://news.example/", None, HEADLINE) == "the front page"
    assert refusal("https://news.example/any/thing", None, HEADLINE) == ""
    assert refusal("https://news.example/any/thing", "file.html", HEADLINE) == ""


@given(st.text(max_size=60), st.text(max_size=60), st.none() | st.text(max_size=60))
def test_any_text(address: str, url: str, headline: str | None) -> None:
    assert isinstance(refusal(f"https://{address}", f"https://{url}", headline), str)
