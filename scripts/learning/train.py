"""Learn the body classifier from the development sets and write newsclean/body/data/classifier.json.

    scripts/train

Needs ../shared/bench. The same pages, rules, seed and versions give the same file; what it was learned from stands in
it: the digests of the pages, the sets, the versions of numpy and LightGBM, the seed. About three minutes on two cores.
"""

import hashlib
import json
import platform
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from newsclean.clutter.rules import load
from scripts.learning.examples import examples
from scripts.learning.fit import SEED, Learner
from scripts.learning.gold import DATA, SETS, groups, items

MODEL = Path(str(files("newsclean.body"))) / "data" / "classifier.json"


def main() -> int:
    if not DATA.exists():
        print(f"scripts/train: {DATA} is not there: nothing to learn from", file=sys.stderr)
        return 2
    pages = [item for name in SETS for item in items(name)]
    sites = groups(pages)
    found = list(examples(pages))
    chosen = [number for number, example in enumerate(found) if example is not None]
    print(f"scripts/train: {len(chosen)} of {len(pages)} pages have text", file=sys.stderr)
    learner = Learner([found[n] for n in chosen if found[n] is not None], [sites[n] for n in chosen])  # type: ignore[misc]
    document = learner.fit(range(len(chosen)))
    document["learned"] = {
        "from": {name: sum(item.set == name for item in pages) for name in SETS},
        "pages": hashlib.sha256(b"".join(hashlib.sha256(item.html).digest() for item in pages)).hexdigest()[:16],
        "rules": load(()).digest,
        "seed": SEED,
        "versions": {
            "python": platform.python_version(),
            "lightgbm": version("lightgbm"),
            "numpy": version("numpy"),
        },
    }
    MODEL.parent.mkdir(exist_ok=True)
    lines = ",\n".join(
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}"
        for key, value in document.items()
    )
    MODEL.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
    print(f"scripts/train: {MODEL.stat().st_size // 1024} KB, version {document['version']}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
