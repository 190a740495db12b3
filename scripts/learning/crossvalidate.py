"""How right the body is on pages that the classifier has not seen: 5-fold cross-validation by publisher and site.

    scripts/eval                            the development sets, each fold learned from the others
    scripts/eval --data DIR --sets NAME …   other sets in the same form: the classifier that newsclean brings, on pages
                                            that it was not learned from
    scripts/eval --wrong 20                 the pages that lose most, with wrong and missing lines

The measures are those of ../shared/bench/bench.py. Every page goes the whole way of newsclean.extract.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from newsclean.body.classifier import Classifier
from newsclean.settings import Settings
from scripts.learning import evaluate
from scripts.learning.examples import examples
from scripts.learning.fit import Learner
from scripts.learning.gold import DATA, SETS, Item, groups, items

FOLDS = 5
_SHARED: dict[str, Any] = {}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder that holds the set folders")
    parser.add_argument("--sets", nargs="+", help="[default: all that are there]")
    parser.add_argument("--focus", choices=["balanced", "precision", "recall"], default="balanced")
    parser.add_argument("--wrong", type=int, default=0, help="show the N worst pages")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--texts", type=Path, metavar="FILE", help="write each page's text here, as JSON Lines")
    parser.add_argument(
        "--models", type=Path, metavar="DIR", help="keep the folds' classifiers there, and use those that are there"
    )
    arguments = parser.parse_args()
    if not arguments.data.exists():
        print(f"scripts/eval: {arguments.data} is not there", file=sys.stderr)
        return 2
    sets = arguments.sets or sorted(path.parent.name for path in arguments.data.glob("*/truth.jsonl"))
    settings = Settings(focus=arguments.focus)
    known = arguments.data.resolve() == DATA.resolve()
    pages = [item for name in (SETS if known else sets) for item in items(name, arguments.data)]
    texts = _cross_validated(pages, sets, settings, arguments.models) if known else _carried(pages, settings)
    chosen = [number for number, item in enumerate(pages) if item.set in sets]
    scores = {number: evaluate.score(pages[number], texts[number]) for number in chosen}
    rows = {name: evaluate.summary(scores[n] for n in chosen if pages[n].set == name) for name in sets}
    print("cross-validated, by publisher and site" if known else "the classifier that newsclean brings")
    print(evaluate.table(rows, {name: sum(pages[n].set == name for n in chosen) for name in sets}))
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    if arguments.texts:
        with arguments.texts.open("w", encoding="utf-8") as stream:
            for number in chosen:
                stream.write(json.dumps({"id": pages[number].id, "text": texts[number]}, ensure_ascii=False) + "\n")
    if arguments.wrong:
        evaluate.wrong(
            [pages[n] for n in chosen], [texts[n] for n in chosen], [scores[n] for n in chosen], arguments.wrong
        )
    return 0


def _cross_validated(pages: Sequence[Item], sets: Sequence[str], settings: Settings, models: Path | None) -> list[str]:
    """The text of each page, judged by a classifier that was learned without its publisher or site."""
    sites = groups(pages)
    folds = [site % FOLDS for site in sites]
    _SHARED.update(pages=pages, folds=folds, settings=settings, sets=sets, models=models)
    if models is None or not all(_kept(models, fold).exists() for fold in range(FOLDS)):
        found = list(examples(pages))
        chosen = [number for number, example in enumerate(found) if example is not None]
        learner = Learner([found[n] for n in chosen], [sites[n] for n in chosen])  # type: ignore[misc]
        _SHARED.update(learner=learner, chosen=chosen)
    texts = [""] * len(pages)
    with ProcessPoolExecutor(2) as pool:
        for part in pool.map(_fold, range(FOLDS)):
            for number, text in part.items():
                texts[number] = text
    return texts


def _fold(fold: int) -> dict[int, str]:
    pages, folds, models = (_SHARED[name] for name in ("pages", "folds", "models"))
    if models is not None and _kept(models, fold).exists():
        classifier = Classifier.read(json.loads(_kept(models, fold).read_text(encoding="utf-8")))
    else:
        others = [place for place, number in enumerate(_SHARED["chosen"]) if folds[number] != fold]
        document = _SHARED["learner"].fit(others)
        classifier = Classifier.read(document)
        print(f"scripts/eval: fold {fold + 1} of {FOLDS} learned from {len(others)} pages", file=sys.stderr)
        if models is not None:
            models.mkdir(parents=True, exist_ok=True)
            _kept(models, fold).write_text(json.dumps(document), encoding="utf-8")
    return {
        number: evaluate.text_of(page, classifier, _SHARED["settings"])
        for number, page in enumerate(pages)
        if folds[number] == fold and page.set in _SHARED["sets"]
    }


def _kept(models: Path, fold: int) -> Path:
    return models / f"fold-{fold + 1}.json"


def _carried(pages: Sequence[Item], settings: Settings) -> list[str]:
    return [evaluate.text_of(page, None, settings) for page in pages]


if __name__ == "__main__":
    sys.exit(main())
