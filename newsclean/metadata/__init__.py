"""Page -> the article's metadata, each field with its source."""

from newsclean.metadata.fields import Metadata, read_metadata
from newsclean.metadata.language import language_of
from newsclean.metadata.told import Told, told

__all__ = ["Metadata", "Told", "language_of", "read_metadata", "told"]
