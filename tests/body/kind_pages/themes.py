"""Themes of invented papers: what stands around a page's own part."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

SCRIPTS = (
    '<script>window.dataLayer=window.dataLayer||[];function gtag(){dataLayer.push(arguments)}gtag("js",new Date());'
    '</script><script async src="/assets/app.4f2c.js"></script><script src="/assets/vendor.91aa.js" defer></script>'
)


@cache
def texts(language: str) -> dict[str, Any]:
    """What the paper of a language prints."""
    table = tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
    texts: dict[str, Any] = table[language]
    return texts


def p(*paragraphs: str) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def links(titles: list[str], name: str = "related") -> str:
    """A box of links to other articles."""
    items = "".join(f'<li><h3><a href="/2024/story-{n}.html">{title}</a></h3></li>' for n, title in enumerate(titles))
    return f'<section class="{name}"><ul>{items}</ul></section>'


def cards(language: str, count: int = 12, size: int = 130) -> str:
    """Teasers as sections of a front page have them: a linked title, a day, the first words."""
    said = texts(language)
    made = []
    for number, title in enumerate(said["related"][:count]):
        text = said["paragraphs"][number % 4]
        start = text.find(" ", 7 * number) + 1 if " " in text else number
        made.append(
            f'<article class="teaser"><a href="/s/{number}"><img src="/i/{number}.jpg" alt=""></a>'
            f'<h2><a href="/2024/s-{number}.html">{title}</a></h2><p class="excerpt">{text[start : start + size]}…</p>'
            f'<a class="more" href="/2024/s-{number}.html">+</a></article>'
        )
    return f'<div class="teasers">{"".join(made)}</div>'


def json_ld(kind: str, title: str, **more: str) -> str:
    """Structured data; ``more`` are values as JSON has them."""
    rest = "".join(f',"{name}":{value}' for name, value in more.items())
    data = f'{{"@context":"https://schema.org","@type":"{kind}","headline":"{title}"{rest}}}'
    return f'<script type="application/ld+json">{data}</script>'


def news(title: str, author: str = "Ada Wern") -> str:
    """The head of a page that calls itself news."""
    who = f'{{"@type":"Person","name":"{author}"}}'
    return '<meta property="og:type" content="article">' + json_ld(
        "NewsArticle", title, author=who, datePublished='"2024-03-12T08:00:00+01:00"'
    )


def portal(language: str, title: str, main: str, *, head: str = "", before: str = "", after: str = "") -> str:
    """A paper with everything: menus above and below, scripts, a column of other articles."""
    said = texts(language)
    menu = "".join(f'<li><a href="/{n}">{word}</a></li>' for n, word in enumerate(said["nav"]))
    foot = "".join(f'<li><a href="/f{n}">{word}</a></li>' for n, word in enumerate(said["foot"][:-1]))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title} | {said["paper"]}</title>'
        f'{head}<link rel="stylesheet" href="/assets/main.css">{SCRIPTS}</head><body class="page">{before}'
        f'<header class="site-header"><a class="logo" href="/">{said["paper"]}</a><nav><ul>{menu}</ul></nav></header>'
        f'<main id="main" class="content">{main}</main>{after}'
        f'<footer class="site-footer"><ul>{foot}</ul><p>{said["foot"][-1]}</p></footer>{SCRIPTS}</body></html>'
    )


def article(language: str, title: str, count: int = 4, *, inner: str = "", lead: str = "") -> str:
    """An article's element with so many of the paper's paragraphs."""
    text = p(*texts(language)["paragraphs"][:count])
    return (
        f'<article class="story"><h1 class="title">{title}</h1><div class="meta"><span class="author">Ada Wern</span>'
        f' <time datetime="2024-03-12">12.03.2024</time></div>{lead}<div class="story-body">{text}{inner}</div>'
        "</article>"
    )


def bare(title: str, body: str, *, head: str = "", language: str = "en") -> str:
    """A page of a server or a service, without a paper around."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width">{head}</head><body>{body}</body></html>'
    )


def login_form(user: str, password: str, button: str, extra: str = "") -> str:
    return (
        f'<form class="login-form" method="post" action="/session"><label for="u">{user}</label><input id="u" name="u">'
        f'<label for="p">{password}</label><input id="p" type="password" name="p"><button>{button}</button>{extra}'
        "</form>"
    )
