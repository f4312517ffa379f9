"""Plays the slice: `python -m testing.slice_prueba [--sin [PUNTO ...]] [--url URL]` says "bien", or fails.

`--url`: of an empty PostgreSQL database; without it, SQLite, and a window besides. `--sin`: a part of it each with
these points of the machinery taken out (without.py; all, if none is named), which says of each whether it was noticed.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from testing.slice_prueba.register import register

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> int:
    """In a folder of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sin", nargs="*")
    parser.add_argument("--url")
    options = parser.parse_args()
    register()
    if options.sin is not None:
        return without(options.sin)
    from testing.slice_prueba.played import PARTS, Play  # noqa: PLC0415  (only now the model has the slice)

    parts: tuple[Callable[[Play], None], ...] = PARTS
    if options.url is None:
        from testing.slice_prueba.shown import shown  # noqa: PLC0415

        parts = (*PARTS, shown)
    with tempfile.TemporaryDirectory(prefix="slice-prueba-") as folder:
        world = Play(Path(folder), options.url)
        try:
            for part in parts:
                part(world)
        finally:
            world.office.close()
    print("bien")
    return 0


def without(names: list[str]) -> int:
    """Each point in a world of its own."""
    from testing.slice_prueba.played import Play  # noqa: PLC0415
    from testing.slice_prueba.without import POINTS, noticed  # noqa: PLC0415

    found = []
    for name in names or POINTS:
        with tempfile.TemporaryDirectory(prefix="slice-prueba-") as folder:
            world = Play(Path(folder), None)
            try:
                found.append(noticed(POINTS[name], world))
            finally:
                world.office.close()
        print(f"{name}: {'notado' if found[-1] else 'NO SE NOTA'}")
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
