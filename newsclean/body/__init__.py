"""Block[] + Evidence[] -> Verdict[]."""

from newsclean.body.classifier import classifier_version
from newsclean.body.engines import ENGINE_NAME, engine_version
from newsclean.body.hints import Hints
from newsclean.body.page import judge_page
from newsclean.body.reasons import reason
from newsclean.body.text import judge_lines

__all__ = ["ENGINE_NAME", "Hints", "classifier_version", "engine_version", "judge_lines", "judge_page", "reason"]
