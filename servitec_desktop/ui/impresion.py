"""What the screen says of a printer, a job and a kind of label."""

import re

from printing.lane import EstadoImpresora
from printing.trabajos import Trabajo
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.i18n.causas import said
from servitec_desktop.ui.lista import Celda

ASKED = QT_TR_NOOP("¿Salió la etiqueta?")
READY = QT_TR_NOOP("Lista")


ESTADOS_TRABAJO = {
    "en_cola": (QT_TR_NOOP("En espera"), ""),
    "enviando": (QT_TR_NOOP("Imprimiendo"), "aviso"),
    "impreso": (QT_TR_NOOP("Impresa"), "bien"),
    "incierto": (QT_TR_NOOP("¿Salió?"), "aviso"),
    "fallido": (QT_TR_NOOP("No se imprimió"), "mal"),
}


def estado_trabajo(trabajo: Trabajo) -> Celda:
    """A job's state in words and colour."""
    words, tone = ESTADOS_TRABAJO[trabajo.estado]
    return Celda(tr(words), tone)


def estado_impresora(estado: EstadoImpresora | None) -> Celda:
    """A printer's state in words and colour; None: not asked yet."""
    if estado is None or not (estado.lista or estado.problemas):
        return Celda(tr("Preguntando…"), "nota")
    if estado.lista:
        return Celda(tr("Imprimiendo") if estado.trabajo_id is not None else tr(READY), "bien")
    return Celda(short(said(estado.palabras)), "mal" if estado.problemas or estado.trabajo_id is not None else "nota")


def impresora_de(trabajo: Trabajo) -> str:
    """The name of a job's printer, or where it is."""
    return trabajo.impresora or donde(trabajo.destino)


def short(text: str) -> str:
    """A printer's words in its own row: without «La impresora», with a capital letter."""
    text = re.sub(r"^La impresora (informa: |\S+:\d+ )?", "", text)
    return text[:1].upper() + text[1:]


def reason(trabajo: Trabajo) -> str:
    """Why nobody is sure of a job, without the question itself."""
    return said((trabajo.error or "").partition("¿")[0].strip())


def donde(destino: str) -> str:
    """A destination as a person says it: `Red, 192.168.1.50`, `USB`, `Carpeta etiquetas`."""
    way, _, rest = destino.partition("://")
    if way == "tcp":
        host, _, port = rest.partition(":")
        return tr("Red, {0}").format(host if port in ("", "9100") else rest)
    if way == "usb":
        serial = rest.partition("/")[2]
        return tr("USB, serie {0}").format(serial) if serial else tr("USB")
    if way == "lp":
        return tr("USB del sistema, {0}").format(rest.rpartition("/")[2])
    if way == "windows":
        return tr("Windows, {0} (sin confirmación)").format(rest)
    return tr("Carpeta {0}").format(rest)
