"""Block[] + Evidence[] -> Verdict[]."""

from newsclean.body.engines import ENGINE_NAME, engine_version
from newsclean.body.page import judge_page
from newsclean.body.reasons import reason
from newsclean.body.text import judge_lines
from newsclean.body.voices import Hints

__all__ = ["ENGINE_NAME", "Hints", "engine_version", "judge_lines", "judge_page", "reason"]
