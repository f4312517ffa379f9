"""The station's own printers, and where labels of a kind go by themselves."""

from dataclasses import asdict, dataclass

from sqlalchemy import Connection, text

from domain.base.errors import KnownError
from local_db.replica import Writing
from printing.labels.registry import KINDS, kind_of
from printing.transports import check_destination

DPIS = (152, 203, 300, 600)


@dataclass(frozen=True, slots=True)
class Impresora:
    """A printer and its paper. exclusiva: only this station prints there."""

    id: str
    nombre: str
    destino: str
    dpi: int = 203
    ancho_mm: float = 60.0
    alto_mm: float = 40.0
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    exclusiva: bool = False
    modelo: str | None = None
    firmware: str | None = None
    serie: str | None = None


@dataclass(frozen=True, slots=True)
class PorTipo:
    """Labels of a kind: their printer (None: they aren't printed by themselves) and template (None: by the paper)."""

    tipo: str
    impresora_id: str | None
    plantilla: str | None


_COLUMNS = "id, nombre, destino, dpi, ancho_mm, alto_mm, offset_x_mm, offset_y_mm, exclusiva, modelo, firmware, serie"


def impresoras(connection: Connection) -> list[Impresora]:
    """By name."""
    found = connection.execute(text(f"SELECT {_COLUMNS} FROM impresora ORDER BY nombre"))  # noqa: S608
    return [_made(row) for row in found]


def impresora(connection: Connection, key: str) -> Impresora | None:
    """By id or by name; None when there is none."""
    sql = text(f"SELECT {_COLUMNS} FROM impresora WHERE id = :key OR nombre = :key ORDER BY id = :key DESC")  # noqa: S608
    found = connection.execute(sql, {"key": key}).first()
    return _made(found) if found else None


def guardar_impresora(writing: Writing, impresora: Impresora, now: str) -> None:
    """Add a printer, or change the one with this id.

    Raises:
        KnownError: a value that makes no sense, or a name that another one has; nothing was changed.
    """
    _check(impresora)
    taken = writing.connection.execute(
        text("SELECT 1 FROM impresora WHERE nombre = :nombre AND id <> :id"),
        {"nombre": impresora.nombre, "id": impresora.id},
    ).first()
    if taken is not None:
        raise KnownError(f"Ya hay una impresora «{impresora.nombre}».", "Elija otro nombre.")
    values = asdict(impresora)
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    changed = ", ".join(f"{name} = excluded.{name}" for name in values if name != "id")
    writing.connection.execute(
        text(
            f"INSERT INTO impresora ({names}, creado_en) VALUES ({marks}, :now) "  # noqa: S608
            f"ON CONFLICT (id) DO UPDATE SET {changed}"
        ),
        {**values, "now": now},
    )
    writing.touch("impresora", impresora.id)


def borrar_impresora(writing: Writing, key: str) -> None:
    """Remove a printer; its waiting jobs stay, with the destination that it had."""
    known = impresora(writing.connection, key)
    if known is None:
        return
    keep = text("UPDATE trabajo_impresion SET destino = :destino, impresora_id = NULL WHERE impresora_id = :id")
    writing.connection.execute(keep, {"destino": known.destino, "id": known.id})
    forget = text("UPDATE impresion_por_tipo SET impresora_id = NULL WHERE impresora_id = :id")
    writing.connection.execute(forget, {"id": known.id})
    writing.connection.execute(text("DELETE FROM impresora WHERE id = :id"), {"id": known.id})
    writing.touch("impresora", known.id)


def por_tipo(connection: Connection) -> dict[str, PorTipo]:
    """Every kind of label, with what was chosen for it."""
    found = connection.execute(text("SELECT tipo, impresora_id, plantilla FROM impresion_por_tipo"))
    chosen = {row[0]: PorTipo(*row) for row in found}
    return {tipo: chosen.get(tipo, PorTipo(tipo, None, None)) for tipo in KINDS}


def guardar_por_tipo(writing: Writing, eleccion: PorTipo) -> None:
    """Choose printer and template for a kind of label.

    Raises:
        KnownError: there is no such kind.
    """
    kind_of(eleccion.tipo)
    writing.connection.execute(
        text("INSERT OR REPLACE INTO impresion_por_tipo (tipo, impresora_id, plantilla) VALUES (:t, :i, :p)"),
        {"t": eleccion.tipo, "i": eleccion.impresora_id, "p": eleccion.plantilla},
    )
    writing.touch("impresora", eleccion.tipo)


def _check(impresora: Impresora) -> None:
    check_destination(impresora.destino)
    if not impresora.nombre.strip():
        raise KnownError("Falta el nombre de la impresora.")
    if impresora.dpi not in DPIS:
        raise KnownError(f"Una Zebra imprime a 203, 300 o 600 puntos por pulgada, no a {impresora.dpi}.")
    if not (10 <= impresora.ancho_mm <= 220 and 5 <= impresora.alto_mm <= 1000):
        raise KnownError(f"El papel de {impresora.ancho_mm:g} x {impresora.alto_mm:g} mm no es posible.")
    if max(abs(impresora.offset_x_mm), abs(impresora.offset_y_mm)) > 20:
        raise KnownError("El corrimiento va de -20 a 20 mm.")


def _made(row: object) -> Impresora:
    values = list(row)  # type: ignore[call-overload]
    values[8] = bool(values[8])
    return Impresora(*values)
