"""An invented newspaper in an invented language: a read counter in its articles, a standing disclaimer at their end."""

import newsclean
from newsclean.model import Extraction

WORDS = (
    "lorvi mendat zunar pelto karin vosta tirem galdo senaru bolvi ketsan ruvi dorman elsu pindra wotal gresi hamdo"
    " jurven tolka misrat obelu canvi ferdo lastun quiri"
).split()
DISCLAIMER = (
    "Vosta karin pelto galdo tirem senaru bolvi ketsan, ruvi dorman elsu pindra wotal gresi hamdo jurven tolka."
)
CREDIT = "Misrat: Obelu Canvi"
HOST = "lorvi.example"


def sentence(start: int) -> str:
    chosen = [WORDS[(start * 7 + step * (3 + start % 5)) % len(WORDS)] for step in range(22)]
    return " ".join(chosen).capitalize() + "."


def counter(number: int) -> str:
    return f"Lorvi mendat {8000 + number * 399:,} zunar!".replace(",", ".")


def page(number: int, *, head: str = "") -> str:
    """The page of one article."""
    body = [sentence(number * 10 + place) for place in range(6)]
    paragraphs = [*body[:3], counter(number), *body[3:], DISCLAIMER, CREDIT]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><meta charset=utf-8>{head}</head><body><article><h1>{sentence(number)[:40]}</h1>{text}</article>"
        "</body></html>"
    )


def url(number: int) -> str:
    return f"https://{HOST}/{number}"


def judged(number: int) -> Extraction:
    """The page judged by itself."""
    return newsclean.extract(page(number), url=url(number))
