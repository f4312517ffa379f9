"""The columns of the list of orders, and where its rows come from."""

from domain.ordenes.states import ORDEN
from local_db.ordenes import queries
from local_db.ordenes.queries import OrdenFila
from servitec_desktop.i18n import QT_TR_NOOP, tr
from servitec_desktop.theme import estado_color
from servitec_desktop.ui.parts import local
from servitec_desktop.ui.tabla import Columna, Fuente


def _falla(fila: OrdenFila) -> str | None:
    return fila.falla_reportada


def _pendiente(fila: OrdenFila) -> str | None:
    return tr("Cambios por enviar") if fila.pendiente else _falla(fila)


COLUMNAS: tuple[Columna[OrdenFila], ...] = (
    Columna("", lambda f: "●" if f.pendiente else "", _pendiente),
    Columna(QT_TR_NOOP("Folio"), lambda f: f.folio, _falla, clave=True),
    Columna(
        QT_TR_NOOP("Estado"), lambda f: ORDEN.nombre(f.estado, f.tipo), _falla, color=lambda f: estado_color(f.estado)
    ),
    Columna(QT_TR_NOOP("Cliente"), lambda f: f.cliente, _falla),
    Columna(QT_TR_NOOP("Equipo"), lambda f: " ".join(p for p in (f.tipo_equipo, f.marca) if p), _falla),
    Columna(QT_TR_NOOP("Falla"), lambda f: " ".join((f.falla_reportada or "").split()), _falla),
    Columna(QT_TR_NOOP("Recibida"), lambda f: local(f.recepcion_en), _falla),
)


def buscadas(buscar: str, estado: str | None) -> Fuente[OrdenFila]:
    """The orders of one search, newest first."""
    return Fuente(
        lambda connection: queries.contar_ordenes(connection, buscar, estado),
        lambda connection, limit, offset: queries.ordenes(connection, buscar, estado, limit, offset),
    )
