"""Rules for single sites: which hold, what they name on a page, and every mistake in one."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree, html

from newsclean.clutter.evidence import RuleVoice
from newsclean.clutter.rules import load
from newsclean.clutter.sites import SiteRule, SiteRules, read_site, site_fields, site_marks
from newsclean.errors import RulesError


def site(*hosts: str, **values: object) -> SiteRule:
    if not values.keys() & {"body", "strip", "title"}:
        values["body"] = ["//article"]
    return read_site("mine.toml", 1, {"hosts": list(hosts) or ["news.example"], **values})


def hosts(rules: SiteRules, host: str, day: date | None = None) -> list[str]:
    return [rule.hosts[0] for rule in rules.rules_for(host, day)]


@pytest.mark.parametrize(
    ("host", "found"),
    [
        ("news.example", ["news.example"]),
        ("www.news.example", ["news.example"]),
        ("NEWS.example:8080", ["news.example"]),
        ("local.news.example", ["*.news.example"]),
        ("a.local.news.example", ["*.news.example"]),
        ("old.news.example", ["www.old.news.example"]),
        ("x.example", ["*.example"]),
        ("example", []),
        ("mynews.test", []),
        ("", []),
    ],
)
def test_the_nearest_host_counts(host: str, found: list[str]) -> None:
    rules = SiteRules([site("*.example"), site("*.news.example"), site("news.example"), site("www.old.news.example")])
    assert hosts(rules, host) == found


def test_several_rules_for_one_host_keep_their_order() -> None:
    rules = SiteRules([site("news.example", body=["//b"]), site("a.example", "news.example"), site("news.example")])
    assert hosts(rules, "news.example") == ["news.example", "a.example", "news.example"]


def test_an_old_page_is_read_with_the_rules_of_its_day() -> None:
    old = site(valid_until=date(2023, 4, 30))
    new = site(valid_from="2023-05-01")
    rules = SiteRules([old, new])
    assert rules.rules_for("news.example", date(2023, 4, 30)) == (old,)
    assert rules.rules_for("news.example", date(2023, 5, 1)) == (new,)
    assert rules.rules_for("news.example") == (new,)
    assert SiteRules([old, site("*.example")]).rules_for("news.example", date(2024, 1, 1))[0].hosts == ("*.example",)


PAGE = """<html><head><meta name="who" content=" Ann  Cole "><title>x</title></head><body>
<div id="a"><h1>The <b>bridge</b></h1><p>one</p><p class="ad">buy</p></div><div id="b"><p>two</p></div>
<span class="day">1 May</span></body></html>"""


def tree() -> html.HtmlElement:
    return html.document_fromstring(PAGE)


def named(elements: set[etree._Element]) -> list[str]:
    return sorted(element.get("id") or element.get("class") or str(element.tag) for element in elements)


def marks(*rules: SiteRule) -> tuple[list[str], list[str]]:
    body, stripped = site_marks(tree(), rules)
    return named(body), named(stripped)


def test_the_first_selector_that_finds_a_body_counts() -> None:
    assert marks(site(body=["//article", "//div", "//body"]))[0] == ["a", "b"]
    assert marks(site(body=["//article"]), site(body=["//div[@id='b']"]))[0] == ["b"]
    assert marks(site(body=["//article"])) == ([], [])


def test_all_selectors_strip() -> None:
    rules = (site(strip=["//*[@class='ad']", "//h1"]), site(strip=["//nav", "//span"]))
    assert marks(*rules) == ([], ["ad", "day", "h1"])


def test_only_elements_are_marked() -> None:
    assert marks(site(body=["//p/text()", "string(//p)", "count(//p)", "//@id"], strip=["//p/@class"])) == ([], [])


def test_fields() -> None:
    rule = site(title=["//h2", "//h1"], author=["//meta[@name='who']/@content"], date=["string(//span)", "//p"])
    assert site_fields(tree(), [rule]) == {"title": ["The bridge"], "author": ["Ann Cole"], "date": ["1 May"]}
    assert site_fields(tree(), [site(title=["//h2", "//h1[false()]"])]) == {}
    assert site_fields(tree(), [site(title=["//h2"]), site(title=["//p"])]) == {"title": ["one", "buy", "two"]}


def test_the_tree_stays_as_it_is() -> None:
    page = tree()
    before = html.tostring(page)
    rule = site(body=["//div"], strip=["//p"], title=["//h1"])
    site_marks(page, [rule])
    site_fields(page, [rule])
    assert html.tostring(page) == before


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"hosts": []}, "site 1: hosts must be a list"),
        ({"hosts": "news.example"}, "site 1: hosts must be a list"),
        ({"hosts": ["https://news.example"]}, "'https://news.example' is no host name"),
        ({"hosts": ["*."]}, "is no host name"),
        ({"hosts": ["*"]}, "is no host name"),
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"body": "//div"}, "body must be a list of XPath"),
        ({"body": []}, "it needs one of body, strip, title, author, date"),
        ({"body": ["//div["]}, "body: '//div[' is no XPath 1.0"),
        ({"body": ["matches(//div, 'a')"]}, "is no XPath 1.0"),
        ({"body": ["//x:div"]}, "is no XPath 1.0"),
        ({"strip": ["div\0"]}, "is no XPath 1.0"),
        ({"valid_from": "spring"}, "valid_from must be a day"),
        ({"valid_until": 2023}, "valid_until must be a day"),
        ({"valid_from": "2024-01-01", "valid_until": "2023-01-01"}, "valid_from is after valid_until"),
    ],
)
def test_mistakes_are_named(values: dict[str, object], says: str) -> None:
    with pytest.raises(RulesError) as caught:
        read_site("mine.toml", 1, {"hosts": ["news.example"], "body": ["//div"], **values})
    assert str(caught.value).startswith("mine.toml: site ")
    assert says in str(caught.value)


def test_what_fails_on_a_page_only_is_named_too() -> None:
    rule = site(body=["//p[unknown()]"])
    with pytest.raises(RulesError, match=r"mine.toml: site 'news.example': body: '//p\[unknown\(\)\]'"):
        site_marks(tree(), [rule])


def test_site_rules_stand_in_rule_files(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'language = "any"\n[[site]]\nhosts = ["news.example"]\nvalid_from = 2024-06-30\nbody = ["//div[@id=\'a\']"]\n'
    )
    voice = RuleVoice(load((str(mine),)))
    (rule,) = voice.sites.rules_for("www.news.example", date(2024, 7, 1))
    assert (rule.file, rule.valid_from) == (str(mine), date(2024, 6, 30))
    assert named(site_marks(tree(), [rule])[0]) == ["a"]
    assert not RuleVoice(load()).sites


def test_mistakes_in_a_rule_file(tmp_path: Path) -> None:
    for number, (text, says) in enumerate([("site = 3", "site must be tables"), ("[[site]]", "hosts must be a list")]):
        mine = tmp_path / f"{number}.toml"
        mine.write_text(f'language = "any"\n{text}\n')
        with pytest.raises(RulesError, match=says):
            load((str(mine),))
