"""What a program keeps is its owner's alone, on both sides: files 0600, a folder that it makes 0700.

On Windows a person's folder is that person's already, and nothing happens here.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private() -> None:
    """From here on no file or folder that this process makes is open to others. Called once, where it starts."""
    os.umask(OTHERS)


def make_folder(folder: Path, ours: Iterable[str]) -> None:
    """Make a data folder; close to others what is there of `ours`, patterns of names in it.

    A folder that was there before keeps its mode: whoever made it may keep other things in it.
    """
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(stat.S_IRWXU)
    if os.name == "posix":
        for pattern in ours:
            for path in folder.glob(pattern):
                _close(path)


def make_file(path: Path) -> None:
    """Make an empty file that only its owner opens, where there is none. SQLite gives its mode to -wal and -shm."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, stat.S_IRUSR | stat.S_IWUSR))


def open_to_others(path: Path) -> bool:
    """May somebody else than the owner read or change this file?"""
    return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)


def _close(path: Path) -> None:
    """Another owner's file, and one that is gone meanwhile, stay as they are."""
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)
    except (FileNotFoundError, PermissionError):
        return
