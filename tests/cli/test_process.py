"""What only a process shows: its exit code, its streams, what it imports, what Ctrl+C does."""

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib import import_module
from pathlib import Path

import pytest

from domain.inventario.rules import MOVIMIENTOS
from local_db.replica import Replica
from printing.pdf import catalogo
from printing.trabajos import ESTADOS
from servitec_desktop.command import arguments, cli, commands
from testing.company import PERSON, free_port, synthetic
from tests.company_here import CompanyHere


def test_no_command_needs_qt(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom servitec_desktop.command import cli\n"
        f"cli.main(['--data-dir', {str(tmp_path)!r}, 'status', '--json'])\n"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_only_who_wants_paper_waits_for_what_draws_it() -> None:
    code = "import sys\nfrom servitec_desktop.command import cli, commands\n"
    code += "sys.exit(not {'reportlab', 'PIL', 'zeroconf'}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_help_imports_nothing_that_takes_long() -> None:
    code = (
        "import sys\nfrom servitec_desktop.command import cli\n"
        "try:\n    cli.main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = ('PySide6', 'sqlalchemy', 'pydantic', 'httpx', 'keyring', 'reportlab')\n"
        "print([name for name in heavy if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=False)
    assert done.stderr.strip() == "[]"
    assert done.stdout.startswith("uso: servitec")


def test_the_words_of_the_command_line_are_those_that_are_declared() -> None:
    assert tuple(sorted(commands.LISTS)) == arguments.LISTAS
    assert tuple(sorted(MOVIMIENTOS)) == arguments.MOVIMIENTOS
    assert tuple(ESTADOS) == arguments.TRABAJOS
    assert tuple(sorted(catalogo.DOCUMENTOS)) == arguments.DOCUMENTOS
    assert tuple(catalogo.LISTAS) == arguments.LISTADOS


def test_every_command_is_there() -> None:
    menu = next(a for a in arguments.parser()._actions if isinstance(a, argparse._SubParsersAction))
    below = next(a for a in menu.choices["stock"]._actions if isinstance(a, argparse._SubParsersAction))
    runs = [p.get_default("run") for p in (*menu.choices.values(), *below.choices.values())]
    found = [run.split(":") for run in runs if run]
    assert len(found) == 16
    for module, name in found:
        assert callable(getattr(import_module(f"servitec_desktop.command.{module}"), name))


def test_what_the_program_notes_goes_to_the_log_and_not_to_the_terminal(tmp_path: Path) -> None:
    with closing(Replica.open(tmp_path)):
        pass
    (tmp_path / "actual").unlink()
    command = [sys.executable, "-m", "servitec_desktop", "--data-dir", str(tmp_path), "queue", "--cancel", "x"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (1, "servitec: No hay ningún trabajo x. Véalos con «servitec queue».\n")
    assert "the file «actual» was lost" in (tmp_path / "logs" / "app.log").read_text(encoding="utf-8")


@pytest.fixture
def station(company: CompanyHere) -> CompanyHere:
    company.enroll("a")
    return company


def test_exit_codes_and_streams_of_a_process(station: CompanyHere, tmp_path: Path) -> None:
    datos = tmp_path / "datos.csv"
    datos.write_text("problem,id,repair_status\nCañería,r1,Fixed\nmal,r2,Perdido\n", encoding="utf-8")
    done = station.process(station.command("a", "import", "ordenes", str(datos), "--map", "ords", "--json"))
    assert (done.returncode, json.loads(done.stdout)["failed"]) == (3, 1), done.stderr
    assert "filas con error" in done.stderr
    station.env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    listed = station.process(station.command("a", "list", "ordenes"))
    assert (listed.returncode, "Cañería" in listed.stdout) == (0, True), "in UTF-8, whatever the locale"
    wrong = station.process(station.command("a", "bailar"))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    closed = station.process(station.command("a", "sign-in", "--username", PERSON), None)
    assert (closed.returncode, "Falta la clave" in closed.stderr) == (1, True)


@pytest.mark.skipif(os.name != "posix", reason="Ctrl+C as a signal")
def test_ctrl_c_gives_a_print_job_up(station: CompanyHere, tmp_path: Path) -> None:
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 1)), "--map", "ords")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    nobody = f"tcp://127.0.0.1:{free_port()}"
    process = subprocess.Popen(
        station.command("a", "print", "orden", folio, "--printer", nobody),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    folder = station.root / "a"
    db = sqlite3.connect(f"file:{folder / (folder / 'actual').read_text(encoding='utf-8')}?mode=ro", uri=True)
    while db.execute("SELECT count(*) FROM trabajo_impresion WHERE error IS NOT NULL").fetchone()[0] == 0:
        assert process.poll() is None
    db.close()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert (process.returncode, "Cancelado" in said, "Traceback" in said) == (1, True, False), said
    assert station.station("a", "queue", "--estado", "en_cola", "--json") == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_the_desktop_says_so(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in cli.SCREENS}
    command = [sys.executable, "-m", "servitec_desktop", "--data-dir", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=env)
    assert done.returncode == 1
    assert done.stderr.startswith("servitec: No hay una pantalla donde abrir el escritorio. Ábralo en")


@pytest.mark.parametrize(
    ("module", "typed", "said"),
    [
        ("servitec_desktop", ["list"], "servitec list: falta {clientes,conflictos,ordenes,rechazos}."),
        ("servitec_desktop", ["stock"], "servitec stock: falta {list,add,move}."),
        ("servitec_desktop", ["edit", "cliente", "x", "y=z"], "servitec edit: {orden}: no hay 'cliente';"),
        ("servitec_server", [], "servitec-server: falta COMANDO."),
    ],
)
def test_what_is_missing_is_called_as_the_help_calls_it(module: str, typed: list[str], said: str) -> None:
    done = subprocess.run([sys.executable, "-m", module, *typed], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("command", ["check", "new-key", "new-epoch", "set-password --username ana"])
def test_a_slip_in_the_path_makes_no_server(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "tpyo"
    name, *rest = command.split()
    typed = [sys.executable, "-m", "servitec_server", name, "--data-dir", str(folder), *rest]
    done = subprocess.run(typed, capture_output=True, encoding="utf-8", check=False, input="clave larga\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"No hay un servidor en {folder}. Revise --data-dir." in done.stderr
    assert not folder.exists()
