"""`python -m tests.simulation SEED [LAST]`: replay one seed, or run many and list those that break."""

import sys
import time
import traceback

from tests.simulation.simulator import run


def main() -> int:
    first = int(sys.argv[1])
    last = int(sys.argv[2]) if len(sys.argv) > 2 else first
    broken, started = [], time.monotonic()
    for seed in range(first, last + 1):
        try:
            run(seed)
        except Exception:  # noqa: BLE001  (the next seed goes on)
            broken.append(seed)
            print(f"seed {seed}", flush=True)
            traceback.print_exc()
        if (seed - first) % 100 == 99:
            print(f"{seed - first + 1} done", flush=True)
    seconds, count = time.monotonic() - started, last - first + 1
    print(f"{count - len(broken)} of {count} hold in {seconds:.0f} s; broken: {broken}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
