"""Looking blocks up in a text that another reader made of the same page."""

from collections.abc import Iterable

from newsclean.page.compare import key


class Reference:
    """A text that blocks are looked up in."""

    def __init__(self, lines: Iterable[str]) -> None:
        keys = [k for k in map(key, lines) if k]
        self._lines = frozenset(keys)
        self._flat = "\n".join(keys)
        self._joined = "".join(keys)
        self.size = len(self._joined)
        """Letters and digits in it."""

    def holds(self, block_key: str, least: int = 20) -> bool:
        """Whether the block is one of the lines, or stands in the text and has ``least`` characters.

        A block that another reader cut at its line breaks stands across several lines.
        """
        if not block_key:
            return False
        if block_key in self._lines:
            return True
        return len(block_key) >= least and (block_key in self._flat or block_key in self._joined)
