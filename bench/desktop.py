"""How long the desktop takes to start: CPU of a process from its start to a painted window, and to one that works.

Offscreen, on a replica of 100,000 orders; each figure is the median of several processes.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.measure import bar, result
from testing.yard import Yard

RUNS = 5
PAINTED_S, USABLE_S, HELP_S = 1.0, 1.5, 0.3
CHILD = """
import json, os, sys
from pathlib import Path
from servitec_desktop.app import Opening, qt_application
from servitec_desktop.config import load_config
from servitec_desktop.context import Context
from servitec_desktop.logs import start_logging

def cpu():
    return sum(os.times()[:2])

folder = Path(sys.argv[1])
start_logging(folder)
qt = qt_application()
opening = Opening(Context(folder, load_config(None, folder), folder / "credenciales.json"))
said = {}

def opened(app):
    model = app.window.page("ordenes").model
    model.loaded.connect(filled)
    if model.rowCount():
        filled(model.rowCount())

def filled(rows):
    said.setdefault("usable", cpu())
    said.setdefault("rows", rows)
    qt.quit()

opening.window.painted.connect(lambda: said.setdefault("painted", cpu()))
opening.opened = opened
opening.show()
qt.exec()
print(json.dumps(said), flush=True)
opening.close()
"""


def _compiled(folder: Path) -> dict[str, str]:
    """The environment of an installed program: its modules are compiled, whatever this process's says."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**env, "QT_QPA_PLATFORM": "offscreen", "PYTHONPYCACHEPREFIX": str(folder / "compiled")}


def _spent(env: dict[str, str], *command: str) -> float:
    """Seconds of CPU of a process, from its start to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL, env=env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _median(env: dict[str, str], *command: str) -> float:
    _spent(env, *command)
    return statistics.median(_spent(env, *command) for _ in range(RUNS))


def desktop(datos: Path | None, full: bool) -> dict[str, Any]:
    """Painted, usable, and `servitec --help`; the reference is the import of Qt's widgets alone."""
    with tempfile.TemporaryDirectory() as name:
        yard = Yard(Path(name), 1_000_000 if full else 100_000, datos)
        try:
            station = yard.station("a")
            folder = station.folder
            station.engine.cycle()
            station.close()
        finally:
            yard.close()
        env = _compiled(Path(name))
        said = []
        for _ in range(RUNS + 1):
            done = subprocess.run(
                [sys.executable, "-c", CHILD, str(folder)],
                check=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                env=env,
            )
            said.append(json.loads(done.stdout))
        said = said[1:]  # the first one compiles
        qt = _median(env, "-c", "import PySide6.QtWidgets")
        told = _median(env, "-m", "servitec_desktop", "--help")
    painted, usable = (statistics.median(s[what] for s in said) for what in ("painted", "usable"))
    bars = [
        bar("painted, s of CPU", painted, PAINTED_S),
        bar("usable, s of CPU", usable, USABLE_S),
        bar("servitec --help, s of CPU", told, HELP_S),
        bar("painted / import of Qt", painted / qt, None),
        bar("usable / import of Qt", usable / qt, None),
        bar("orders", said[0]["rows"], None),
    ]
    return result("desktop", qt, bars, runs=said)
