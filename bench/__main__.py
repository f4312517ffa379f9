"""`python -m bench NAME [--json] [--full] [--datos FILE]`: one measurement, one JSON object.

Exits 0 whenever it measured; whether the bars were reached stands in `ok`.
"""

import argparse
import json
import sys
from pathlib import Path

from bench import api, bootstrap, desktop, live, printing, spine, transfer

BENCHES = {
    "api": api.api,
    "spine": spine.measure,
    "labels": printing.labels,
    "bootstrap": bootstrap.bootstrap,
    "push": transfer.push,
    "pull": transfer.pull,
    "noop": transfer.noop,
    "wire": transfer.wire,
    "desktop": desktop.desktop,
    "live": live.live,
    "swarm": live.swarm,
    "save-during-pull": live.save_during_pull,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("name", choices=sorted(BENCHES))
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--datos", type=Path, help="CSV or CSV.gz of the Open Repair Data Standard")
    parser.add_argument("--full", action="store_true", help="1,000,000 rows instead of 100,000")
    options = parser.parse_args()
    result = BENCHES[options.name](options.datos, options.full)
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    print(f"{result['bench']}: reference {result['ref_s']:.3f} s")
    for bar in result["bars"]:
        goal = "" if bar["bar"] is None else f"  (bar {bar['bar']}, {'ok' if bar['ok'] else 'missed'})"
        print(f"  {bar['name']:32} {bar['value']:12.2f}{goal}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
