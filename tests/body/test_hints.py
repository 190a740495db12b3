"""What the page says of its article elsewhere: looked up whatever became of spaces and signs."""

import pytest

from newsclean.body.hints import Hints

BODY = (
    "The harbour wall of Wendlow will be rebuilt in spring. “We have waited long enough,” said the mayor. "
    "Work begins in March and is to last two years; the fishing boats move to the old quay until then. "
    "The council voted for the plan on Tuesday evening, with two members against it and one who abstained."
)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("“We have waited  long enough”, said the mayor.", 1.0),
        ("Work begins in March", 1.0),
        ("Sign up for our newsletter and never miss a story from the harbour and the town.", 0.0),
        ("Elsewhere", 0.0),
        ("—", 0.0),
    ],
)
def test_a_text_is_found_by_its_letters(text: str, share: float) -> None:
    body = Hints(article_body=BODY).body_text
    assert body is not None
    assert body.share(text) == share


def test_a_text_that_differs_in_places_is_found_in_part() -> None:
    body = Hints(article_body=BODY).body_text
    assert body is not None
    changed = BODY[:100].replace("spring", "autumn") + " Nobody else said anything of that kind to our reporter."
    assert 0.2 < body.share(changed) < 0.8


@pytest.mark.parametrize("body", [None, "", "A teaser of a few words."])
def test_a_teaser_is_no_body(body: str | None) -> None:
    assert Hints(article_body=body).body_text is None


def test_the_description_has_words_of_its_own() -> None:
    hints = Hints(
        headlines=("Harbour wall rebuilt",), descriptions=("The harbour wall is rebuilt for 3 million crowns",)
    )
    assert hints.title_words == {"harbour", "wall", "rebuilt"}
    assert hints.description_words == {"million", "crowns"}
