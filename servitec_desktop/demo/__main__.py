"""The main job, told while it happens. Everything it makes lies in `demo-out/`."""

import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from domain.base.errors import KnownError
from domain.model import SPECS
from local_db.ordenes import queries
from local_db.replica import Replica
from printing.documents import recibo_de
from printing.pdf.recibo import recibo_pdf
from printing.virtual import VirtualZebra
from servitec_desktop.demo.cable import Cable

SUCURSAL = "NUNOA"
PERSONAS = (
    ("admin", "administrador"),
    ("supervisora", "supervisor"),
    ("recepcion", "recepcionista"),
    ("taller", "tecnico"),
)
SERVER = [sys.executable, "-m", "servitec_server"]
STATION = [sys.executable, "-m", "servitec_desktop"]
STATION_PERSON = "supervisora"


class Demo:
    """The folders, the password of this run, and the commands of the two stations."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.password = secrets.token_urlsafe(9)
        self._step = 0

    def say(self, text: str) -> None:
        """One numbered step."""
        self._step += 1
        print(f"[{self._step:2}] {text}", flush=True)

    def folder(self, name: str) -> Path:
        """`a`, `b` or `servidor`."""
        return self.out / name

    def run(self, command: list[str], *, stdin: str = "", codes: tuple[int, ...] = (0,)) -> str:
        """Run a command to its end; its standard output.

        Raises:
            KnownError: it ended with another exit code.
        """
        done = subprocess.run(  # noqa: S603
            command, input=stdin, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
        )
        if done.returncode not in codes:
            raise KnownError(f"«{' '.join(command[2:])}» terminó con {done.returncode}.")
        return done.stdout

    def station(self, name: str, *arguments: str, stdin: str = "", codes: tuple[int, ...] = (0,)) -> str:
        """Run `servitec` on the folder of station `name`."""
        folder = self.folder(name)
        options = ["--data-dir", str(folder), "--credentials-file", str(folder / "credenciales.json")]
        return self.run([*STATION, *options, *arguments], stdin=stdin, codes=codes)


@contextmanager
def serving(demo: Demo) -> Iterator[int]:
    """The central server as a process of its own; gives its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [*SERVER, "serve", "--data-dir", str(demo.folder("servidor")), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8")  # noqa: S603
    try:
        line = server.stdout.readline().strip() if server.stdout else ""
        if not line:
            raise KnownError("El servidor central no arrancó.", f"Vea los mensajes de arriba (puerto {port}).")
        print(f"     {line}", flush=True)
        yield port
    finally:
        server.terminate()
        server.wait(15)


def create_company(demo: Demo) -> None:
    """A branch called «Ñuñoa» and one person of each role."""
    folder = str(demo.folder("servidor"))
    demo.run(
        [*SERVER, "create-user", "--data-dir", folder, "--username", "admin", "--rol", "administrador"],
        stdin=demo.password,
    )
    demo.run([*SERVER, "create-branch", "--data-dir", folder, "--codigo", SUCURSAL, "--nombre", "Ñuñoa"])
    for username, rol in PERSONAS[1:]:
        command = [*SERVER, "create-user", "--data-dir", folder, "--username", username, "--rol", rol]
        demo.run([*command, "--sucursal", SUCURSAL], stdin=demo.password)


def enroll(demo: Demo, name: str, estacion: str, port: int) -> None:
    """Enrol a station and sign its person in."""
    demo.station(
        name,
        "enroll",
        "--server",
        f"http://127.0.0.1:{port}",
        "--username",
        STATION_PERSON,
        "--estacion",
        estacion,
        stdin=demo.password,
    )


def take_orders(demo: Demo, datos: Path | None) -> int:
    """Orders on station A, without network; gives how many."""
    if datos is None:
        folder = demo.folder("a")
        command = [sys.executable, "-m", "servitec_desktop.demo.recepciones", "--data-dir", str(folder)]
        command += ["--credentials-file", str(folder / "credenciales.json")]
        return len(demo.run(command).split())
    out = json.loads(demo.station("a", "import", "ordenes", str(datos), "--map", "ords", "--json", codes=(0, 3)))
    if out["failed"]:
        print(f"     {out['failed']} filas con error: {out['errors_file']}", flush=True)
    return int(out["created"])


def rows_of(folder: Path) -> dict[tuple[str, str], dict[str, object]]:
    """Every replicated row of a station, without its place in the file."""
    replica = Replica.open(folder, write=False)
    try:
        with replica.reading() as connection:
            return {
                (spec.name, str(row["id"])): {k: v for k, v in row.items() if k != "rid"}
                for spec in SPECS
                if not spec.de_estacion
                for row in connection.exec_driver_sql(f"SELECT * FROM {spec.name}").mappings()  # noqa: S608
            }
    finally:
        replica.close()


def compare(demo: Demo, expected: int) -> None:
    """Station B holds what station A holds, field for field.

    Raises:
        KnownError: it doesn't.
    """
    a, b = rows_of(demo.folder("a")), rows_of(demo.folder("b"))
    orders = sum(tabla == "orden" for tabla, _ in b)
    if a != b or orders != expected:
        different = sum(a.get(key) != b.get(key) for key in a.keys() | b.keys())
        raise KnownError(f"Las dos estaciones no coinciden: {orders} órdenes en B, {different} filas distintas.")
    print(f"     {orders} órdenes y {len(b)} filas iguales, campo por campo, en A y en B", flush=True)


def print_one(demo: Demo) -> str:
    """The label of one order to the virtual printer, its ZPL and its receipt; gives the folio."""
    replica = Replica.open(demo.folder("b"), write=False)
    try:
        with replica.reading() as connection:
            fila = next(f for f in queries.ordenes(connection, limit=500) if f.falla_reportada)
            pdf = recibo_pdf(recibo_de(connection, fila.id))
    finally:
        replica.close()
    (demo.out / "recibo.pdf").write_bytes(pdf)
    printer = VirtualZebra(out_dir=demo.out / "impresora")
    printer.start()
    try:
        demo.station("b", "print", "orden", fila.folio, "--printer", f"tcp://127.0.0.1:{printer.port}")
    finally:
        printer.close()
    labels = sorted((demo.out / "impresora").glob("*.zpl"))
    if not labels:
        raise KnownError("La impresora virtual no recibió la etiqueta.")
    shutil.copyfile(labels[-1], demo.out / "etiqueta.zpl")
    return fila.folio


def has_display() -> bool:
    """Is there a screen to open a window on?"""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_desktop(demo: Demo) -> None:
    """Screenshots of station B's window; with a display the window then stays open."""
    environment = dict(os.environ)
    if not has_display():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    folder = demo.folder("b")
    command = [sys.executable, "-m", "servitec_desktop.demo.window", "--data-dir", str(folder)]
    command += ["--screenshots", str(demo.out / "pantallas")] + (["--stay"] if has_display() else [])
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603
    if done.returncode != 0:
        raise KnownError("El escritorio terminó con un error.", f"Vea {folder / 'logs'}.")


def play(demo: Demo, datos: Path | None) -> None:
    """The whole job."""
    started = time.monotonic()
    demo.say("Empresa nueva: sucursal «Ñuñoa», un usuario de cada rol")
    create_company(demo)
    with ExitStack() as stack:
        demo.say("Servidor central en marcha (SQLite)")
        port = stack.enter_context(serving(demo))
        cable = Cable(port)
        stack.callback(cable.close)
        demo.say("Se inscriben las estaciones A (Mostrador) y B (Taller)")
        enroll(demo, "a", "Mostrador", cable.port)
        enroll(demo, "b", "Taller", port)
        cable.unplug()
        demo.station("a", "sync", "--json", codes=(1,))
        demo.say("La estación A está sin red, y recibe órdenes igual")
        taken = take_orders(demo, datos)
        pending = json.loads(demo.station("a", "status", "--json"))["pending"]
        print(f"     {taken} órdenes guardadas en A; {pending} cambios por enviar", flush=True)
        cable.plug()
        demo.say("Vuelve la red: A envía, B recibe")
        sent = json.loads(demo.station("a", "sync", "--json"))
        got = json.loads(demo.station("b", "sync", "--json"))
        print(f"     enviados {sent['pushed']}, recibidas {got['pulled']} filas", flush=True)
        compare(demo, taken)
        demo.say("La etiqueta de una orden, por TCP a la impresora virtual")
        print(f"     {print_one(demo)}", flush=True)
        demo.say("El escritorio de la estación B" + ("; ciérrelo para terminar" if has_display() else ", sin pantalla"))
        print(f"     usuario {STATION_PERSON}, clave {demo.password} (sólo de esta demostración)", flush=True)
        open_desktop(demo)
    demo.say(f"Listo en {time.monotonic() - started:.0f} s. Todo está en {demo.out}:")
    for path in ("etiqueta.zpl", "recibo.pdf", "pantallas", "a", "b", "servidor"):
        print(f"     {path}")


def main() -> int:
    """Exit code 0 done, 1 with a sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python3 dev.py demo")
    parser.add_argument("--datos", type=Path, help="CSV or CSV.gz of the Open Repair Data Standard")
    options = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server ends with us
    out = Path("demo-out").absolute()
    datos = options.datos.absolute() if options.datos else None
    try:
        if datos is not None and not datos.is_file():
            raise KnownError(f"No existe el archivo {datos}.")
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        play(Demo(out), datos)
    except (KnownError, OSError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("demo: interrumpida.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
