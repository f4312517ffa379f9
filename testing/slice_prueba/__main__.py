"""Plays the slice: `python -m testing.slice_prueba [--sin PUNTO] [URL]` says "bien", or fails.

URL: of an empty PostgreSQL database; without it, SQLite. `--sin`: with a point of the machinery taken out (without.py).
"""

import argparse
import sys
import tempfile
from pathlib import Path

from testing.slice_prueba.register import register


def main() -> int:
    """In a folder of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sin")
    parser.add_argument("url", nargs="?")
    options = parser.parse_args()
    register()
    from testing.slice_prueba.played import play  # noqa: PLC0415  (only now the model has the slice)
    from testing.slice_prueba.without import POINTS  # noqa: PLC0415

    if options.sin:
        POINTS[options.sin]()
    with tempfile.TemporaryDirectory(prefix="slice-prueba-") as folder:
        play(Path(folder), options.url)
    print("bien")
    return 0


if __name__ == "__main__":
    sys.exit(main())
