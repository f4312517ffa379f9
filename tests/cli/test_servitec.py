"""The command line of a station, as scripts see it: exit codes, JSON, sentences. Its processes: test_process.py."""

import contextlib
import gzip
import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local_db.ordenes.importing import load_map
from local_db.replica import Replica
from printing import job
from printing.printers import Impresora, PorTipo, guardar_impresora, guardar_por_tipo
from printing.queue import PrintQueue
from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from servitec_desktop.command import impresoras
from servitec_desktop.config import load_config
from storage.schema import replica
from testing.company import PERSON, Company, synthetic


def run(company: Company, name: str, *arguments: str, stdin: str | None = "") -> subprocess.CompletedProcess[str]:
    return company.call(company.command(name, *arguments), stdin)


@pytest.fixture
def station(company: Company) -> Company:
    company.enroll("a")
    return company


def test_the_whole_path_by_hand(station: Company, tmp_path: Path) -> None:
    datos = tmp_path / "datos.csv.gz"
    datos.write_bytes(gzip.compress(synthetic(tmp_path / "datos.csv", 40).read_bytes()))
    arguments = ("import", "ordenes", str(datos), "--map", "ords", "--json")
    dry = station.station("a", *arguments, "--dry-run")
    assert dry == {"read": 40, "created": 40, "unchanged": 0, "failed": 0, "errors_file": None}
    assert station.station("a", "list", "ordenes", "--json") == []
    assert station.station("a", *arguments)["created"] == 40
    assert station.station("a", *arguments) == {
        "read": 40,
        "created": 0,
        "unchanged": 40,
        "failed": 0,
        "errors_file": None,
    }
    assert station.station("a", "status", "--json")["pending"] == 40
    done = station.station("a", "sync", "--json")
    assert set(done) == {"pushed", "pulled", "rejected", "conflicts", "cursor", "up_to_date"}
    assert (done["pushed"], done["up_to_date"]) == (40, True)
    station.enroll("b")
    found = station.station("b", "list", "ordenes", "--limit", "3", "--json")
    assert list(found[0]) == [
        *("id", "folio", "referencia_externa", "tipo", "estado", "cliente", "tipo_equipo", "marca"),
        *("falla_reportada", "recepcion_en", "version"),
    ]
    assert len(found) == 3
    assert found[0]["recepcion_en"] > found[2]["recepcion_en"]
    here = station.station("a", "list", "ordenes", "--limit", "100", "--json")
    assert here == station.station("b", "list", "ordenes", "--limit", "100", "--json")
    status = station.station("b", "status", "--json")
    assert (status["usuario"], status["up_to_date"]) == (PERSON, True)
    assert status["estacion"] != station.station("a", "status", "--json")["estacion"]


def test_an_import_keeps_the_good_rows_and_names_the_bad(station: Company, tmp_path: Path) -> None:
    datos = tmp_path / "malas.csv"
    datos.write_text(
        "problem,id,repair_status,event_date,group_identifier\n"
        "bien,r1,Fixed,2024-02-29,Taller\n"
        "mal,r2,Perdido,2024-01-01,Taller\n"
        "mal,r3,Fixed,2024-02-30,Taller\n"
        ",,Fixed,2024-01-01,Taller\n"
        ",r4,Unknown,,\n",
        encoding="utf-8",
    )
    done = run(station, "a", "import", "ordenes", str(datos), "--map", "ords", "--json")
    assert done.returncode == 3
    result = json.loads(done.stdout)
    assert (result["read"], result["created"], result["failed"]) == (5, 2, 3)
    errors = Path(result["errors_file"]).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in errors] == ["linea", "3", "4", "5"]
    orders = station.station("a", "list", "ordenes", "--json")
    assert {o["referencia_externa"]: o["estado"] for o in orders} == {"r1": "reparada", "r4": "recibida"}
    assert orders[0]["recepcion_en"] == "2024-02-29T15:00:00.000Z"
    for wrong in (tmp_path / "no-existe.csv", tmp_path):
        assert run(station, "a", "import", "ordenes", str(wrong), "--map", "ords").returncode == 1
    latin = tmp_path / "latin.csv"
    latin.write_bytes("id,problem\nr9,ca\xf1er\xeda\n".encode("latin-1"))
    refused = run(station, "a", "import", "ordenes", str(latin), "--map", "ords")
    assert (refused.returncode, "no está en UTF-8" in refused.stderr) == (1, True)
    assert run(station, "a", "import", "ordenes", str(datos), "--map", "otro").returncode == 1


def test_edit_and_estado(station: Company, tmp_path: Path) -> None:
    datos = synthetic(tmp_path / "datos.csv", 4)
    station.station("a", "import", "ordenes", str(datos), "--map", "ords", "--json")
    orders = {o["estado"]: o["folio"] for o in station.station("a", "list", "ordenes", "--json")}
    folio = orders["en_diagnostico"]
    assert run(station, "a", "edit", "orden", folio, "titulo=Con ñ", "en_garantia=sí").returncode == 0
    for wrong in ("titulo", "inventado=1", "garantia_dias=x", "estado=cerrada", f"titulo={'x' * 300}"):
        refused = run(station, "a", "edit", "orden", folio, wrong)
        assert (refused.returncode, refused.stdout) == (1, ""), wrong
        assert refused.stderr.startswith("servitec: ")
    assert run(station, "a", "edit", "orden", "Z9-999999", "titulo=x").returncode == 1
    assert run(station, "a", "estado", folio, "cerrada").returncode == 1
    no_reason = run(station, "a", "estado", folio, "cancelada")
    assert (no_reason.returncode, "motivo" in no_reason.stderr) == (1, True)
    assert run(station, "a", "estado", folio, "cancelada", "--motivo", "cliente_desiste").returncode == 0
    done = station.station("a", "sync", "--json")
    assert (done["rejected"], done["up_to_date"]) == (0, True)


def test_print_to_a_printer_and_to_a_file(station: Company, tmp_path: Path) -> None:
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 2)), "--map", "ords", "--json")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    printer = VirtualZebra(tmp_path / "labels")
    printer.start()
    try:
        done = run(station, "a", "print", "orden", folio, "--printer", f"tcp://127.0.0.1:{printer.port}")
        assert done.returncode == 0, done.stderr
        printer.faults.drop_after_label = True
        unsure = run(station, "a", "print", "orden", folio, "--printer", f"tcp://127.0.0.1:{printer.port}")
        assert unsure.returncode == 3
    finally:
        printer.close()
    out = tmp_path / "una.zpl"
    assert run(station, "a", "print", "orden", folio, "--out", str(out)).returncode == 0
    assert out.read_bytes() == re.sub(rb"\^FH_\^HV[^^]*\^FS", b"", printer.labels()[0].read_bytes())
    assert run(station, "a", "print", "orden", folio).returncode == 1
    assert run(station, "a", "print", "orden", folio, "--printer", "usb://x").returncode == 1


def test_printers_queue_and_the_answer_to_an_uncertain_label(station: Company, tmp_path: Path) -> None:
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 2)), "--map", "ords", "--json")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    printer = VirtualZebra(tmp_path / "labels")
    printer.start()
    destino = f"tcp://127.0.0.1:{printer.port}"
    try:
        with contextlib.closing(Replica.open(station.root / "a")) as replica, replica.writing() as writing:
            guardar_impresora(writing, Impresora("i1", "Mostrador", destino, exclusiva=False), "2026-01-01T00:00:00Z")
            guardar_por_tipo(writing, PorTipo("orden", "i1", None))
        assert station.station("a", "printers", "--json") == {
            "encontradas": [],
            "guardadas": [
                {
                    **{"id": "i1", "nombre": "Mostrador", "destino": destino, "dpi": 203, "ancho_mm": 60.0},
                    **{"alto_mm": 40.0, "offset_x_mm": 0.0, "offset_y_mm": 0.0, "exclusiva": False},
                    **{"modelo": None, "firmware": None, "serie": None, "tipos": ["orden"]},
                }
            ],
        }
        by_name = run(station, "a", "print", "orden", folio, "--printer", "Mostrador", "--copias", "2")
        assert (by_name.returncode, len(printer.labels())) == (0, 2), by_name.stderr
        assert run(station, "a", "print", "orden", folio).returncode == 0
        unknown = run(station, "a", "print", "orden", folio, "--printer", "Bodega")
        assert (unknown.returncode, "«Mostrador»" in unknown.stderr) == (1, True)
        printer.faults.drop_after_label = True
        assert run(station, "a", "print", "orden", folio).returncode == 3
        assert run(station, "a", "print", "orden", folio).returncode == 3
        printer.faults.drop_after_label = False
        unsure = [t["id"] for t in station.station("a", "queue", "--estado", "incierto", "--json")]
        assert len(unsure) == 2
        assert run(station, "a", "queue", "--si", unsure[0]).returncode == 0
        assert run(station, "a", "queue", "--si", unsure[0]).returncode == 1
        before = len(printer.labels())
        assert run(station, "a", "queue", "--no", unsure[1]).returncode == 0
        assert len(printer.labels()) == before + 1
        assert {t["estado"] for t in station.station("a", "queue", "--json")} == {"impreso"}
        assert run(station, "a", "queue").stdout.count("impreso") == 4
    finally:
        printer.close()


def test_what_the_command_line_cannot_print_is_given_up(
    station: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 1)), "--map", "ords", "--json")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    printer = VirtualZebra(tmp_path / "labels")
    destino = f"tcp://127.0.0.1:{printer.port}"
    printer.start()
    printer.faults.drop_after_label = True
    arguments = ["print", "orden", folio, "--printer", destino, "--copias"]
    with contextlib.closing(Replica.open(station.root / "a")) as replica:
        queue = PrintQueue(replica)
        waits = queue.enqueue(Pedido("Espera", b"^XA^FDx^FS^PQ1^XZ", destino))
        unsure = queue.enqueue(Pedido("Duda", b"^XA^FDx^FS^PQ1^XZ", destino, copias=9))
        with replica.writing() as writing:
            writing.connection.exec_driver_sql(
                f"UPDATE trabajo_impresion SET estado = 'incierto', salidas = 2 WHERE id = '{unsure}'"
            )
    cancelled = run(station, "a", "queue", "--cancel", waits)
    assert (cancelled.returncode, cancelled.stdout) == (0, "Espera: Cancelado: no salió.\n")
    assert run(station, "a", "queue", "--cancel", waits).returncode == 1
    assert run(station, "a", "queue", "--salieron", "3").returncode == 1
    printer.faults.drop_after_label = False
    assert run(station, "a", "queue", "--no", unsure, "--salieron", "7").returncode == 0
    assert len(printer.labels()) == 2
    printer.close()
    monkeypatch.setattr(impresoras, "PATIENCE_S", 0.5)
    lost = run(station, "a", *arguments, "3")
    assert (lost.returncode, "no responde" in lost.stderr, "Cancelado" in lost.stderr) == (1, True, True)
    assert station.station("a", "queue", "--estado", "en_cola", "--json") == []


def test_what_a_printer_without_paper_got_is_said_as_given_up(
    station: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that it goes on by itself."""
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 1)), "--map", "ords", "--json")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    monkeypatch.setattr(impresoras, "PATIENCE_S", 6.0)
    printer = VirtualZebra(tmp_path / "labels")
    printer.start()
    printer.faults.paper_out = True
    with contextlib.closing(printer):
        done = run(station, "a", "print", "orden", folio, "--printer", f"tcp://127.0.0.1:{printer.port}")
    assert done.returncode == 1
    said = "La impresora informa: sin papel. Cancelado: no salió. Revise la impresora e imprima de nuevo.\n"
    assert done.stderr.endswith(said), done.stderr


def test_a_printer_of_another_make_is_given_up_without_a_button_that_is_not_there(
    station: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 1)), "--map", "ords", "--json")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    monkeypatch.setattr(impresoras, "PATIENCE_S", 0.5)
    monkeypatch.setattr(job, "READY_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        where = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        done = run(station, "a", "print", "orden", folio, "--printer", where)
    assert (done.returncode, "Cancelado: no salió. Revise la impresora" in done.stderr) == (1, True)
    assert "Intentar ahora" not in done.stderr


def test_many_copies_take_their_time_on_the_command_line(
    station: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than its patience with a printer that does nothing."""
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 1)), "--map", "ords", "--json")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    printer = VirtualZebra(tmp_path / "labels")
    printer.start()
    printer.faults.label_s = 0.1
    monkeypatch.setattr(impresoras, "PATIENCE_S", 1.0)
    destino = f"tcp://127.0.0.1:{printer.port}"
    try:
        done = run(station, "a", "print", "orden", folio, "--printer", destino, "--copias", "30")
    finally:
        printer.close()
    assert (done.returncode, len(printer.labels())) == (0, 30), done.stderr


def test_a_missing_file_or_folder_is_said_in_words(station: Company, tmp_path: Path) -> None:
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 1)), "--map", "ords", "--json")
    folio = station.station("a", "list", "ordenes", "--json")[0]["folio"]
    gone = tmp_path / "no-hay" / "x"
    for arguments in (
        ("import", "ordenes", str(gone), "--map", "ords"),
        ("pdf", "orden", folio, "--out", str(gone)),
        ("print", "orden", folio, "--out", str(gone)),
    ):
        done = run(station, "a", *arguments)
        assert (done.returncode, "no existe ese archivo o su carpeta" in done.stderr) == (1, True), done.stderr
        assert "o such file" not in done.stderr


def test_without_a_server(station: Company, tmp_path: Path) -> None:
    station.stop()
    gone = run(station, "a", "sync", "--json")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert "no responde" in gone.stderr
    inside = run(station, "a", "sign-in", "--username", PERSON, stdin=station.password)
    assert (inside.returncode, "sin servidor" in inside.stdout) == (0, True)
    wrong = run(station, "a", "sign-in", "--username", PERSON, stdin="otra clave")
    assert (wrong.returncode, "no son correctos" in wrong.stderr) == (1, True)
    assert run(station, "a", "sign-in", "--username", "nadie", stdin="x").returncode == 1
    doctor = run(station, "a", "doctor")
    assert (doctor.returncode, "Revise la red" in doctor.stdout) == (1, True)
    station.start()
    assert run(station, "a", "doctor").returncode == 0


def test_passwords_and_wrong_usage(station: Company) -> None:
    closed = run(station, "a", "sign-in", "--username", PERSON, stdin=None)
    assert (closed.returncode, "Falta la clave" in closed.stderr) == (1, True)
    assert run(station, "a", "bailar").returncode == 2
    assert run(station, "a", "list", "ordenes", "--limit", "0").returncode == 2
    again = run(
        station, "a", "enroll", "--server", station.url, "--username", PERSON, "--estacion", "x", stdin=station.password
    )
    assert (again.returncode, "ya es la estación" in again.stderr) == (1, True)
    nobody = run(station, "nueva", "list", "ordenes", "--json")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    mode = (station.root / "a" / "credenciales.json").stat().st_mode & 0o777
    assert mode == 0o600


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    from domain.base.errors import KnownError

    path = tmp_path / "config.json"
    path.write_text('{"api_server": {"url": "http://x", "time_out": 3}}', encoding="utf-8")
    with pytest.raises(KnownError, match="¿Quiso decir «timeout»"):
        load_config(path, None)
    path.write_text('{"offline_mode": {"sync_interval": "nunca"}}', encoding="utf-8")
    with pytest.raises(KnownError, match="offline_mode.sync_interval"):
        load_config(path, None)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(KnownError, match="JSON"):
        load_config(None, tmp_path)
    example = Path(__file__).parents[2] / "config.json.example"
    assert load_config(example, None).model_dump() == load_config(None, tmp_path / "vacia").model_dump()


def test_the_shipped_map_knows_every_kind_of_device() -> None:
    from domain.catalogos.iniciales import TIPOS_EQUIPO

    assert set(load_map("ords").tipos_equipo.values()) <= {codigo for codigo, _ in TIPOS_EQUIPO}
    assert "orden" in replica.tables


def test_a_cycle_names_what_is_open(station: Company, tmp_path: Path) -> None:
    station.station("a", "import", "ordenes", str(synthetic(tmp_path / "datos.csv", 1)), "--map", "ords")
    assert run(station, "a", "sync").stdout.endswith("Al día.\n")
    station.enroll("b")
    (found,) = station.station("b", "list", "ordenes", "--json")
    for name in ("a", "b"):
        station.station(name, "edit", "orden", found["folio"], f"titulo=de {name}")
        station.station(name, "sync")
    again = run(station, "b", "sync").stdout
    assert again.endswith("en conflicto 0. Queda abierto: 0 por enviar, 0 rechazados, 1 en conflicto.\n")


@pytest.mark.parametrize("command", [("list", "clientes", "--buscar"), ("queue", "--no")])
def test_what_is_not_in_utf8_is_wrong_usage(capsys: pytest.CaptureFixture[str], command: tuple[str, ...]) -> None:
    """As a terminal in Latin-1 sends «Íñigo»."""
    from servitec_desktop.command.arguments import parser

    with pytest.raises(SystemExit) as ended:
        parser().parse_args([*command, b"\xcd\xf1igo".decode(errors="surrogateescape")])
    assert ended.value.code == 2
    assert "no es texto en UTF-8" in capsys.readouterr().err


def test_help_and_wrong_usage_speak_spanish(capsys: pytest.CaptureFixture[str]) -> None:
    from servitec_desktop.command.arguments import parser as station_parser
    from servitec_server.cli import parser as server_parser

    wrong = (
        (station_parser, ("--help",)),
        (station_parser, ("print", "--help")),
        (station_parser, ("bailar",)),
        (station_parser, ("print", "orden")),
        (station_parser, ("list", "ordenes", "--limit", "x")),
        (station_parser, ("list", "ordenes", "--nada")),
        (station_parser, ("queue", "--si")),
        (station_parser, ("queue", "--si", "1", "--no", "2")),
        (station_parser, ("stock", "--help")),
        (server_parser, ()),
        (server_parser, ("serve", "--help")),
    )
    english = re.compile(r"usage|positional|options|show this|invalid|choose|required|unrecognized|expected|allowed")
    for make, arguments in wrong:
        with pytest.raises(SystemExit) as ended:
            make().parse_args(arguments)
        said = "".join(capsys.readouterr())
        assert said.startswith("uso: ")
        assert ended.value.code == (0 if "--help" in arguments else 2)
        assert not english.search(said), said
        assert "--help" in said


def test_the_status_is_told_in_words(station: Company) -> None:
    said = run(station, "a", "status").stdout
    assert f"Usuario: {PERSON}" in said
    assert "Cambios: 0 por enviar, 0 rechazados, 0 en conflicto" in said
    assert not re.search(r"pending|True|None|\d{4}-\d\d-\d\dT", said), said


def test_without_a_keyring_a_cycle_does_not_ask_for_a_sign_in_that_would_not_help(station: Company) -> None:
    folder = station.root / "sin-llavero"
    command = [sys.executable, "-m", "servitec_desktop", "--data-dir", str(folder)]
    enrol = ("enroll", "--server", station.url, "--username", PERSON, "--estacion", "x")
    assert station.call([*command, *enrol], station.password).returncode == 0
    said = station.call([*command, "sync"])
    assert said.returncode == 1
    assert "sellada" in said.stderr
    assert "Inicie sesión" not in said.stderr
