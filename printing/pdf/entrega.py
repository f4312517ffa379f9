"""The delivery receipt: what was done, what it cost, the warranty, a place to sign. A5."""

from dataclasses import dataclass
from typing import Any

from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Spacer

from printing.pdf.base import Ficha, Marco, ancho_util, cabeza, datos, estilo, firmas, pagina, parrafo, seccion


@dataclass(frozen=True, slots=True)
class DatosEntrega:
    """What stands on it; amounts are texts with their currency, empty when there is nothing to say."""

    marco: Marco
    folio: str
    recepcion: str
    entrega: str
    cliente: str
    equipo: str
    serie: str
    accesorios: str
    falla: str
    diagnostico: str
    trabajo: str
    garantia: str
    total: str
    abonado: str
    saldo: str


def entrega_pdf(entrega: DatosEntrega) -> bytes:
    """The receipt; long texts flow to further pages."""
    width = ancho_util(A5)
    who = [
        ("Recibido", entrega.recepcion),
        ("Entregado", entrega.entrega),
        ("Cliente", entrega.cliente),
        ("Equipo", entrega.equipo),
        ("Serie", entrega.serie),
        ("Accesorios", entrega.accesorios),
    ]
    work = [
        ("Falla reportada", entrega.falla),
        ("Diagnóstico", entrega.diagnostico),
        ("Trabajo realizado", entrega.trabajo or "—"),
        ("Garantía", entrega.garantia or "sin garantía"),
    ]
    money = [("Total", entrega.total), ("Abonado", entrega.abonado), ("Saldo", entrega.saldo)]
    story: list[Any] = [
        cabeza(entrega.marco, "Recibo de entrega", entrega.folio, width),
        Spacer(1, 3 * mm),
        datos([row for row in who if row[1]], width),
        Spacer(1, 3 * mm),
        seccion("Servicio"),
        datos([row for row in work if row[1]], width),
    ]
    if entrega.total:
        story += [Spacer(1, 3 * mm), seccion("Importe"), datos([row for row in money if row[1]], width)]
    declaration = "Recibí el equipo y los accesorios indicados, y lo probé en el mostrador."
    story.append(
        KeepTogether(
            [
                Spacer(1, 3 * mm),
                parrafo(declaration, estilo(8)),
                Spacer(1, 11 * mm),
                firmas("Firma y nombre de quien retira", "Entregado por", width),
            ]
        )
    )
    return pagina(story, Ficha(f"Entrega {entrega.folio}", "Recibo de entrega", entrega.folio), entrega.marco)
