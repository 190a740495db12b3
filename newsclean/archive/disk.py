"""What the disk refuses, in our words."""

import errno
from pathlib import Path

from newsclean.errors import ArchiveError, DiskFullError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def disk_error(problem: OSError, folder: Path) -> ArchiveError:
    """The error for an OSError in an archive's folder: DiskFullError where there is no space."""
    if problem.errno in _FULL:
        return DiskFullError(
            f"{folder}: no space left on the disk; what was reported done is stored: "
            "free some space and run the same command again"
        )
    return ArchiveError(f"{folder}: {problem.strerror or problem}; check the folder and its rights")
