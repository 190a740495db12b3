"""Page -> the article's metadata, each field with its source."""

from newsclean.metadata.fields import Metadata, read_metadata
from newsclean.metadata.language import language_of

__all__ = ["Metadata", "language_of", "read_metadata"]
