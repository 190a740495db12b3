"""The archive: the folder on disk, and the main job that fills it."""

from newsclean.archive.archive import Archive
from newsclean.archive.job import Stop
from newsclean.archive.progress import Progress, Summary

__all__ = ["Archive", "Progress", "Stop", "Summary"]
