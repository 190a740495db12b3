"""Examples -> a classifier: the table of names, the first pass, the second pass. Chance is SEED's alone.

What a pass learns from is always told by models that have not seen the page: the names of a page are scored by a table
without its fold, and the second pass learns from first-pass probabilities of other folds.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import lightgbm
import numpy as np

from newsclean.body.classifier import FIRST, SECOND, Classifier, probability
from newsclean.body.columns import NameScores, by_itself, by_rules, page_elements, tokens_of
from newsclean.body.context import in_context
from newsclean.body.layout import Layout
from newsclean.body.passes import of_neighbours
from scripts.learning.examples import Example

SEED = 7
_FOLDS = 4
_COMMON = {
    "objective": "binary",
    "min_data_in_leaf": 40,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "verbose": -1,
    "num_threads": 1,
    "seed": SEED,
    "deterministic": True,
}
_PASSES = (
    ({"learning_rate": 0.2, "num_leaves": 24, "max_depth": 6}, 40),
    ({"learning_rate": 0.03, "num_leaves": 40, "max_depth": 6, "min_data_in_leaf": 60, "feature_fraction": 0.35}, 420),
)
"""Parameters and number of trees of the two passes: small enough to be asked in a millisecond a page."""
_PRIOR = 0.25
"""Share of gold that an unknown name has."""
_PRIOR_SITES = 2.0
_LEAST_SITES = 4
"""Sites on which a name must stand to be learned: fewer would teach the site."""
_SURE_BLOCKS = 5.0
_LEAST_SCORE = 0.25
_LONG = 100
"""Characters from which a block counts in full in the table of names."""


class Learner:
    """The examples with what is counted once for all folds."""

    def __init__(self, examples: Sequence[Example], sites: Sequence[int]) -> None:
        self.examples = examples
        self.sites = sites
        self._counts = [_name_counts(example) for example in examples]

    def fit(self, chosen: Sequence[int]) -> dict[str, Any]:
        """A model file's content, learned from the examples of these numbers."""
        folds = self._folds(chosen)
        rows: dict[int, np.ndarray] = {}
        layouts: dict[int, Layout] = {}
        for fold in range(_FOLDS):
            table = NameScores(self.names([number for number in chosen if folds[number] != fold]))
            for number in chosen:
                if folds[number] == fold:
                    rows[number], layouts[number] = _first_rows(self.examples[number], table)
        thought: dict[int, np.ndarray] = {}
        for fold in range(_FOLDS):
            booster = self._boost([n for n in chosen if folds[n] != fold], rows, 0, FIRST)
            for number in chosen:
                if folds[number] == fold:
                    thought[number] = np.asarray(booster.predict(rows[number]), dtype=np.float32)
        first = self._boost(chosen, rows, 0, FIRST)
        for number in chosen:
            seconds = of_neighbours(layouts[number], thought[number])
            rows[number] = np.hstack([rows[number], seconds])
        second = self._boost(chosen, rows, 1, SECOND)
        document: dict[str, Any] = {
            "names": self.names(chosen),
            "first": exported(first, FIRST),
            "second": exported(second, SECOND),
        }
        document["version"] = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:16]
        _check(Classifier.read(document), second, rows[chosen[0]])
        return document

    def names(self, chosen: Sequence[int]) -> dict[str, float]:
        """The table of names: every site has one voice on each name, however many pages it has."""
        by_site: dict[int, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
        for number in chosen:
            site = by_site[self.sites[number]]
            for token, (gold, count) in self._counts[number].items():
                entry = site[token]
                entry[0] += gold
                entry[1] += count
        heard: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for counted in by_site.values():
            for token, (gold, count) in counted.items():
                heard[token].append((gold / count, min(1.0, count / _SURE_BLOCKS)))
        table = {}
        for token, voices in sorted(heard.items()):
            if len(voices) < _LEAST_SITES:
                continue
            total = sum(weight for _, weight in voices)
            share = (sum(s * weight for s, weight in voices) + _PRIOR_SITES * _PRIOR) / (total + _PRIOR_SITES)
            share = min(max(share, 0.003), 0.997)
            score = float(np.log(share / (1 - share)) - np.log(_PRIOR / (1 - _PRIOR)))
            if abs(score) > _LEAST_SCORE:
                table[token] = round(score, 2)
        return table

    def _folds(self, chosen: Sequence[int]) -> dict[int, int]:
        sites = sorted({self.sites[number] for number in chosen})
        order = np.random.RandomState(SEED).permutation(len(sites))
        fold = {site: int(order[place]) % _FOLDS for place, site in enumerate(sites)}
        return {number: fold[self.sites[number]] for number in chosen}

    def _boost(
        self, chosen: Sequence[int], rows: Mapping[int, np.ndarray], number: int, columns: Sequence[str]
    ) -> lightgbm.Booster:
        table = np.vstack([rows[n] for n in chosen])
        gold = np.concatenate([self.examples[n].gold for n in chosen])
        weight = np.concatenate([self.examples[n].weight for n in chosen])
        told = weight > 0
        parameters, trees = _PASSES[number]
        data = lightgbm.Dataset(
            table[told], gold[told], weight=weight[told] / weight[told].mean(), feature_name=_plain_names(columns)
        )
        return lightgbm.train({**_COMMON, **parameters}, data, trees)


def _plain_names(columns: Sequence[str]) -> list[str]:
    return [f"c{number}" for number in range(len(columns))]


def _name_counts(example: Example) -> dict[str, tuple[float, float]]:
    counts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    page = page_elements(example.blocks)
    for block, gold, weight in zip(example.blocks, example.gold, example.weight, strict=True):
        if weight <= 0:
            continue
        size = min(1.0, len(block.text) / _LONG) + 0.2
        named = (step for node, step in zip(block.nodes, block.path, strict=True) if node not in page)
        for token in {token for step in named for token in tokens_of(step)}:
            entry = counts[token]
            entry[0] += gold * size
            entry[1] += size
    return {token: (entry[0], entry[1]) for token, entry in counts.items()}


def _first_rows(example: Example, names: NameScores) -> tuple[np.ndarray, Layout]:
    itself, elements = by_itself(example.blocks, names)
    layout = Layout(example.blocks, itself, elements)
    own = np.hstack([itself, by_rules(example.said)])
    return np.hstack([own, in_context(layout, own, example.hints)]), layout


def exported(booster: lightgbm.Booster, columns: Sequence[str]) -> dict[str, Any]:
    """The trees of a booster in the form that :class:`newsclean.body.trees.Trees` reads."""
    feature: list[int] = []
    threshold: list[float | None] = []
    children: list[int] = []
    value: list[float] = []
    deepest = 0

    def add(node: Mapping[str, Any], depth: int) -> int:
        nonlocal deepest
        deepest = max(deepest, depth)
        number = len(feature)
        leaf = "leaf_value" in node
        feature.append(0 if leaf else node["split_feature"])
        threshold.append(None if leaf else float(np.float32(node["threshold"])))
        children.extend([number, number])
        value.append(round(node["leaf_value" if leaf else "internal_value"], 5))
        if not leaf:
            children[2 * number] = add(node["left_child"], depth + 1)
            children[2 * number + 1] = add(node["right_child"], depth + 1)
        return number

    roots = [add(tree["tree_structure"], 0) for tree in booster.dump_model()["tree_info"]]
    return {
        "columns": list(columns),
        "roots": roots,
        "depth": deepest,
        "feature": feature,
        "threshold": threshold,
        "children": children,
        "value": value,
    }


def _check(classifier: Classifier, booster: lightgbm.Booster, rows: np.ndarray) -> None:
    """Raise AssertionError where the exported trees do not say what the booster says."""
    wanted = np.asarray(booster.predict(rows))
    found = probability(classifier.second.log_odds(rows.astype(np.float32)))
    assert np.abs(wanted - found).max() < 0.02, np.abs(wanted - found).max()
