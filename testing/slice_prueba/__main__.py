"""Plays the slice: `python -m testing.slice_prueba [PostgreSQL URL]` says "bien", or fails."""

import sys
import tempfile
from pathlib import Path

from testing.slice_prueba.register import register


def main() -> int:
    """In a folder of its own."""
    register()
    from testing.slice_prueba.played import play  # noqa: PLC0415  (only now the model has the slice)

    with tempfile.TemporaryDirectory(prefix="slice-prueba-") as folder:
        play(Path(folder), sys.argv[1] if len(sys.argv) > 1 else None)
    print("bien")
    return 0


if __name__ == "__main__":
    sys.exit(main())
