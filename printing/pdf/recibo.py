"""The reception receipt: what was taken in, the terms, a place to sign. A5."""

from dataclasses import dataclass, field
from typing import Any

from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Spacer

from printing.escritura import aparte
from printing.pdf.base import MUTED, Ficha, Marco, ancho_util, cabeza, datos, estilo, firmas, pagina, parrafo, seccion


@dataclass(frozen=True, slots=True)
class DatosRecibo:
    """What stands on the receipt; `condiciones` are the terms of service, a paragraph each; `qr` what its QR says."""

    marco: Marco
    folio: str
    fecha: str
    cliente: str
    telefono: str = ""
    equipo: str = ""
    serie: str = ""
    accesorios: str = ""
    falla: str = ""
    prioridad: str = ""
    prometida: str = ""
    recibido_por: str = ""
    condiciones: tuple[str, ...] = field(default=())
    qr: str | None = None


def recibo_pdf(recibo: DatosRecibo) -> bytes:
    """The receipt; long texts flow to further pages."""
    width = ancho_util(A5)
    rows = [
        ("Recibido", recibo.fecha),
        ("Cliente", recibo.cliente),
        ("Teléfono", recibo.telefono),
        ("Equipo", recibo.equipo),
        ("Serie", recibo.serie),
        ("Accesorios", recibo.accesorios or "ninguno"),
        ("Falla reportada", recibo.falla),
        ("Prioridad", recibo.prioridad),
        ("Fecha prometida", recibo.prometida),
    ]
    optional = {"Teléfono", "Serie", "Prioridad", "Fecha prometida"}
    shown = [(name, value) for name, value in rows if value or name not in optional]
    story: list[Any] = [
        cabeza(recibo.marco, "Recibo de recepción", recibo.folio, width, recibo.qr),
        Spacer(1, 4 * mm),
        datos(shown, width),
        Spacer(1, 4 * mm),
        seccion("Condiciones del servicio"),
    ]
    story += [parrafo(term, estilo(7, color=MUTED, after=1 * mm)) for term in recibo.condiciones]
    story.append(
        KeepTogether(
            [
                Spacer(1, 15 * mm),
                firmas("Firma del cliente", f"Recibido por {aparte(recibo.recibido_por)}".strip(), width),
            ]
        )
    )
    return pagina(story, Ficha(f"Recibo {recibo.folio}", "Recibo de recepción", recibo.folio), recibo.marco)
