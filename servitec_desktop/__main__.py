"""`python -m servitec_desktop`."""

import sys

from servitec_desktop.command.cli import main

if __name__ == "__main__":
    sys.exit(main())
