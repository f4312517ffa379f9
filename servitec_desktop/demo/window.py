"""The demonstration's window: pictures of the main screens, and then it stays open when there is a display."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from servitec_desktop.app import App, qt_application
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from servitec_desktop.demo import pages
from servitec_desktop.folder import open_folder
from servitec_desktop.logs import start_logging

WAIT_S = 15.0


def wait_until(true: Callable[[], bool]) -> None:
    """Let the window work until something holds, or WAIT_S are over."""
    deadline = time.monotonic() + WAIT_S
    while not true() and time.monotonic() < deadline:
        QApplication.processEvents()
        time.sleep(0.01)
    QApplication.processEvents()


def capture(app: App, folder: Path) -> list[Path]:
    """Walk through the main screens of a running application and save a PNG of each; gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    window = app.window
    made: list[Path] = []

    def shoot(name: str) -> None:
        path = folder / f"{len(made) + 1}-{name}.png"
        window.grab().save(str(path))
        made.append(path)

    model = pages.ordenes(window).model
    wait_until(lambda: model.fila(0) is not None)
    wait_until(lambda: "✓" in window.estado.text())
    shoot("ordenes")
    first = model.fila(0)
    pages.ordenes(window).buscar.setText(first.folio if first else "")
    wait_until(lambda: model.rowCount() == 1)
    shoot("busqueda")
    pages.ordenes(window).buscar.clear()
    if first is not None:
        window.go("orden", first.id)
        wait_until(
            lambda: pages.orden(window).titulo.text() == first.folio and pages.orden(window).historial.count() > 0
        )
        shoot("orden")
    window.go("recepcion")
    reception = pages.recepcion(window)
    reception.cliente.buscar.setText("Violeta Ñáñez")
    reception.cliente.create_new()
    reception.cliente.telefono.setText("+56 9 5555 0199")
    wait_until(lambda: reception.tipo.count() > 1 and reception.prioridad.count() > 0)
    reception.tipo.setCurrentText("Computador portátil")
    reception.marca.setText("Lenovo")
    reception.falla.setPlainText("Se apaga al mover la pantalla")
    wait_until(lambda: True)
    shoot("recepcion")
    reception.clear()
    window.go("sincronizacion")
    wait_until(lambda: True)
    shoot("sincronizacion")
    window.go("ordenes")
    return made


def main() -> int:
    """Exit code of the application."""
    parser = argparse.ArgumentParser(prog="python -m servitec_desktop.demo.window")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--screenshots", type=Path, required=True)
    parser.add_argument("--stay", action="store_true")
    options = parser.parse_args()
    start_logging(options.data_dir)
    qt = qt_application()
    app = App(open_folder(Context(options.data_dir, Config(), options.data_dir / "credenciales.json")))
    try:
        app.window.show()
        capture(app, options.screenshots)
        return qt.exec() if options.stay else 0
    finally:
        app.close()


if __name__ == "__main__":
    sys.exit(main())
