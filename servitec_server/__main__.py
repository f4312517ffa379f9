"""`python -m servitec_server`."""

import sys

from servitec_server.cli import main

if __name__ == "__main__":
    sys.exit(main())
