"""Body engines: each reads a page in its own way and says which blocks are article text.

An engine is a voice among the evidence; :mod:`newsclean.body.decide` hears it beside the rules.
"""

from newsclean.body.engines.reference import ENGINE_NAME, engine_version, read_lines

__all__ = ["ENGINE_NAME", "engine_version", "read_lines"]
