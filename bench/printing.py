"""Labels a second, the way from the key to the printer, logos, previews; and the window meanwhile."""

import os
import random
import socket
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QElapsedTimer, QTimer

from bench.measure import bar, quantile, result, timed
from local_db.replica import Replica
from printing.documents import CONDICIONES
from printing.labels import graphics
from printing.labels.catalogo import shipped
from printing.labels.layout import Pagina, componer
from printing.labels.plantilla import Plantilla
from printing.labels.preview import FONT, preview_png
from printing.labels.registry import KINDS
from printing.labels.zpl import zpl
from printing.pdf.base import Marco
from printing.pdf.recibo import DatosRecibo, recibo_pdf
from printing.printers import Impresora, guardar_impresora
from printing.queue import PrintQueue
from printing.trabajos import Pedido
from printing.virtual import VirtualZebra
from servitec_desktop.app import App, qt_application
from servitec_desktop.config import Config
from servitec_desktop.context import Context
from servitec_desktop.folder import open_folder
from testing.company import Company
from testing.person import signed_in
from testing.yard import texts

LABELS = 5_000
PRESSES, WARM = 200, 20
PREVIEWS = 100
RECEIPTS = 120
BEAT_MS = 5
BUSY_S = 8.0


def labels(datos: Path | None, full: bool) -> dict[str, Any]:  # noqa: ARG001
    """Everything that printing promises in figures; the reference is the composing of LABELS labels."""
    order = next(p for p in shipped() if p.nombre.startswith("Orden 60"))
    values = _values(order, datos)
    for one in values[:50]:
        zpl(componer(order, one, 203))
    spent = timed(lambda: [zpl(componer(order, one, 203)) for one in values])
    picture = logo()
    presses = press_to_last_byte()
    shown = [timed(lambda p=page: preview_png(p)) for page in _pages()]
    blocked = window_blocked_ms()
    receipts = [timed(lambda i=i: recibo_pdf(_receipt(i))) for i in range(RECEIPTS)]
    bars = [
        bar("seconds_for_5000_labels", spent, 1.0),
        bar("labels_per_s", LABELS / spent, None),
        bar("press_to_last_byte_p95_ms", 1000 * quantile(presses, 0.95), 50.0),
        bar("press_to_last_byte_p50_ms", 1000 * quantile(presses, 0.5), None),
        bar("logo_z64_bytes", len(graphics.gf_z64(picture)), 700),
        bar("logo_acs_bytes", len(graphics.gf_acs(picture)), 1300),
        bar("receipt_p95_ms", 1000 * quantile(receipts[WARM:], 0.95), 30.0),
        bar("preview_p95_ms", 1000 * quantile(shown, 0.95), 100.0),
        bar("window_blocked_ms", blocked, 50.0),
    ]
    return result("labels", spent, bars, logo_dots="200x80", presses=PRESSES)


def _values(plantilla: Plantilla, datos: Path | None) -> list[dict[str, str]]:
    source = islice(texts(datos), LABELS)
    base = KINDS[plantilla.tipo].muestra()
    return [
        {**base, "folio": f"A1-{i:06d}", "qr": f"A1-{i:06d}", "equipo": brand, "falla": problem[:300]}
        for i, (brand, problem) in enumerate(source)
    ]


def _pages() -> list[Pagina]:
    """Labels at 300 dpi, their letters not drawn before in this text."""
    rng = random.Random(1)
    made = []
    for i in range(PREVIEWS):
        plantilla = shipped()[i % len(shipped())]
        values = KINDS[plantilla.tipo].muestra()
        values |= {k: v[::-1] for k, v in values.items() if k not in ("folio", "codigo", "qr") and rng.random() < 0.5}
        made.append(componer(plantilla, values, 300))
    return made


def logo() -> Image.Image:
    """A shop's logo of 200 x 80 dots: a badge, a name and a line."""
    sheet = Image.new("1", (200, 80), 0)
    pen = ImageDraw.Draw(sheet)
    pen.rounded_rectangle((4, 8, 68, 72), 14, fill=1)
    pen.line((20, 56, 52, 24), fill=0, width=11)
    pen.text((80, 16), "TALLER", fill=1, font=ImageFont.truetype(str(FONT), 36))
    pen.rectangle((80, 60, 192, 64), fill=1)
    return sheet


def _receipt(number: int) -> DatosRecibo:
    marco = Marco("Taller Central", "Av. Siempreviva 742", "+56 2 2345 6789")
    problem = "No enciende después de un corte de luz. Hace un ruido al intentar prender. " * 3
    return DatosRecibo(
        marco,
        f"A1-{number:06d}",
        "20-11-2026 18:51",
        "Íñigo Muñoz Peña",
        equipo="Impresora Epson L3250",
        accesorios="cargador, funda",
        falla=problem,
        condiciones=CONDICIONES,
    )


class _Timed(VirtualZebra):
    """Notes when the last byte of each label arrived."""

    def __init__(self, out_dir: Path) -> None:
        super().__init__(out_dir)
        self.arrived: list[float] = []

    def _finish(self, connection: socket.socket, zpl: bytes) -> None:
        self.arrived.append(time.perf_counter())
        super()._finish(connection, zpl)


def press_to_last_byte() -> list[float]:
    """Seconds from the call that queues a label to its last byte at the printer, status and counter read before it."""
    label = zpl(componer(shipped()[0], KINDS[shipped()[0].tipo].muestra(), 203))
    taken = []
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        printer = _Timed(Path(name) / "zebra")
        printer.start()
        replica = signed_in(Replica.open(Path(name) / "estacion"))
        saved = Impresora("p", "Zebra", f"tcp://127.0.0.1:{printer.port}")
        with replica.writing() as writing:
            guardar_impresora(writing, saved, replica.ambient.instant())
        queue = PrintQueue(replica)
        queue.start()
        try:
            for i in range(PRESSES + WARM):
                started = time.perf_counter()
                job = queue.enqueue(Pedido(f"Etiqueta {i}", label, impresora_id="p"))
                if queue.wait(job, 30).estado != "impreso":
                    raise RuntimeError("a label didn't come out")
                if i >= WARM:
                    taken.append(printer.arrived[-1] - started)
        finally:
            queue.close()
            replica.close()
            printer.close()
    return taken


def window_blocked_ms() -> float:
    """The longest time the window's thread was away while labels printed and the screen Impresión was watched."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="servitec-bench-") as name:
        printer = VirtualZebra(Path(name) / "zebra")
        printer.faults.reply_delay_s = 0.2
        printer.start()
        company = Company(Path(name) / "empresa")
        company.start()
        app = None
        try:
            company.enroll("a")
            qt = qt_application()
            config = Config()
            config.impresion.impresora = f"tcp://127.0.0.1:{printer.port}"
            folder = company.root / "a"
            app = App(open_folder(Context(folder, config, folder / "credenciales.json")))
            app.window.show()
            app.window.go("impresion")
            clock, worst = QElapsedTimer(), [0.0]

            def beat() -> None:
                worst[0] = max(worst[0], float(clock.restart()) - BEAT_MS)

            deadline = time.monotonic() + 2.0
            while time.monotonic() < deadline:
                qt.processEvents()
                time.sleep(0.002)
            label = zpl(componer(shipped()[0], KINDS[shipped()[0].tipo].muestra(), 203))
            saved = app.station.config.impresion.impresora
            for i in range(30):
                app.station.printing.enqueue(Pedido(f"Etiqueta {i}", label, saved))
            timer = QTimer(interval=BEAT_MS)
            timer.timeout.connect(beat)
            clock.start()
            timer.start()
            QTimer.singleShot(int(BUSY_S * 1000), qt.quit)
            qt.exec()
            timer.stop()
            return worst[0]
        finally:
            if app is not None:
                app.close()
            company.stop()
            printer.close()
