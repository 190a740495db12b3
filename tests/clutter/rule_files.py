"""Rule files for the tests, written as TOML text."""

from collections.abc import Mapping, Sequence

from newsclean.clutter.rules import RuleSet, read_rules

Value = str | int | float | bool | Sequence[str]


def entry(rule_id: str = "en.test", /, **values: Value) -> str:
    """One rule; what is not given is something valid."""
    fields: dict[str, Value] = {
        "id": rule_id,
        "label": "related",
        "scope": "text",
        "why": "It is a test.",
        "match": ["read also"],
        "no_match": ["They read."],
        **values,
    }
    if fields["scope"] == "text" and not {"whole", "start", "end", "part"} & set(fields):
        fields["whole"] = ["read also"]
    return "[[rule]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in fields.items() if value != ())


def document(*entries: str, language: str = "en", words: Mapping[str, Sequence[str]] | None = None) -> str:
    """A rule file."""
    sets = "".join(f"{key} = {_toml(value)}\n" for key, value in (words or {}).items())
    return f'language = "{language}"\n[words]\n{sets}' + "\n".join(entries)


def rule_set(*entries: str, words: Mapping[str, Sequence[str]] | None = None) -> RuleSet:
    """The rules of one such file and no others."""
    return RuleSet(tuple(read_rules("test.toml", document(*entries, words=words).encode(), {})), "0" * 16)


def _toml(value: Value) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    return "[" + ", ".join(_toml(item) for item in value) + "]"
