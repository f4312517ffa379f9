"""Labels of records, as jobs for a printer: what is printed, on which paper, with which template."""

from dataclasses import dataclass

from sqlalchemy import Connection

from domain.errors import KnownError
from printing.documents import etiqueta_de
from printing.label import LabelSize, orden_label
from printing.printers import Impresora, impresora, impresoras, por_tipo
from printing.trabajos import Pedido

TABLA = {
    "orden": "orden",
    "accesorio": "orden",
    "equipo": "equipo",
    "producto": "producto",
    "ubicacion": "ubicacion",
    "cliente": "cliente",
}
"""The table whose record a kind of label speaks of."""
NO_PRINTER = KnownError(
    "No hay una impresora para esta etiqueta.", "Agréguela o elíjala en la pantalla Impresión (F6)."
)


@dataclass(frozen=True, slots=True)
class Eleccion:
    """Printer and template for one kind of label."""

    impresora: Impresora
    plantilla: str | None


def elegida(connection: Connection, tipo: str) -> Eleccion | None:
    """What prints this kind of label by itself; None: nothing does."""
    chosen = por_tipo(connection)[tipo]
    found = impresora(connection, chosen.impresora_id) if chosen.impresora_id else None
    return Eleccion(found, chosen.plantilla) if found is not None else None


def a_pedido(connection: Connection, tipo: str, nombre: str | None = None) -> Eleccion:
    """What prints this kind of label when a person asks for it.

    The printer that was named; else the kind's own, that of the orders, or the only one there is.

    Raises:
        KnownError: there is no such printer, or none at all.
    """
    own = por_tipo(connection)[tipo].plantilla
    if nombre is not None:
        named = impresora(connection, nombre)
        if named is None:
            known = ", ".join(f"«{i.nombre}»" for i in impresoras(connection))
            raise KnownError(f"No hay ninguna impresora «{nombre}».", f"Están: {known}." if known else "Agréguela.")
        return Eleccion(named, own)
    found = elegida(connection, tipo)
    if found is not None:
        return found
    of_orders, there = elegida(connection, "orden"), impresoras(connection)
    if of_orders is not None:
        return Eleccion(of_orders.impresora, own)
    if len(there) == 1:
        return Eleccion(there[0], own)
    raise NO_PRINTER


@dataclass(frozen=True, slots=True)
class Etiqueta:
    """One label, made: what it is called in the queue, its bytes."""

    titulo: str
    datos: bytes


def hacer(connection: Connection, tipo: str, registro_id: str, eleccion: Eleccion) -> list[Etiqueta]:
    """The labels of this kind of a record: one, or one for each accessory of an order.

    Raises:
        KnownError: the record isn't here, or something doesn't fit the paper.
    """
    maker = HECHAS.get(tipo)
    if maker is None:
        raise KnownError(f"No hay etiquetas de «{tipo}».", f"Hay de: {', '.join(HECHAS)}.")
    if eleccion.plantilla is not None:
        raise KnownError(f"No hay ninguna plantilla «{eleccion.plantilla}» para «{tipo}».")
    return maker(connection, registro_id, eleccion)


def pedidos(
    connection: Connection, tipo: str, registro_id: str, eleccion: Eleccion, *, copias: int = 1, prioridad: int = 0
) -> list[Pedido]:
    """The same as jobs for its printer.

    Raises:
        KnownError: as `hacer`.
    """
    return [
        Pedido(
            e.titulo, e.datos, eleccion.impresora.destino, eleccion.impresora.id or None,
            TABLA[tipo], registro_id, tipo, copias, prioridad,
        )
        for e in hacer(connection, tipo, registro_id, eleccion)
    ]  # fmt: skip


def de_recepcion(connection: Connection, orden_id: str) -> tuple[list[Pedido], str]:
    """What a reception prints by itself, and what couldn't be made, in words: an order is never refused for it."""
    made: list[Pedido] = []
    problems: list[str] = []
    for tipo in ("orden", "accesorio"):
        eleccion = elegida(connection, tipo)
        if eleccion is None or tipo not in HECHAS:
            continue
        try:
            made += pedidos(connection, tipo, orden_id, eleccion, prioridad=1)
        except KnownError as error:
            problems.append(str(error))
    return made, " ".join(problems)


def _orden(connection: Connection, registro_id: str, eleccion: Eleccion) -> list[Etiqueta]:
    etiqueta, paper = etiqueta_de(connection, registro_id), eleccion.impresora
    data = orden_label(etiqueta, LabelSize(paper.ancho_mm, paper.alto_mm, paper.dpi))
    return [Etiqueta(f"Etiqueta {etiqueta.folio}", data)]


HECHAS = {"orden": _orden}
"""Kind -> what makes its labels."""


def prueba(paper: Impresora) -> Etiqueta:
    """A test label: the whole edge, name, size and resolution."""
    dots = round(paper.dpi / 25.4)
    width, height, line = round(paper.ancho_mm * dots), round(paper.alto_mm * dots), max(2, dots // 4)
    letter = round(min(3.5, paper.alto_mm / 8) * dots)
    words = (
        paper.nombre or "Servitec",
        f"{paper.ancho_mm:g} x {paper.alto_mm:g} mm  {paper.dpi} ppp",
        "áéíóú ñ Ñ ü ¿¡ $",
    )
    texts = "".join(
        f"^FO{2 * dots},{round((2 + 4.2 * i) * dots)}^A0N,{letter},{letter}"
        f"^FB{width - 4 * dots},1,0,L^FH_^FD{_escape(w)}^FS"
        for i, w in enumerate(words)
    )
    zpl = f"^XA^CI28^PW{width}^LL{height}^LH0,0^LS0^LT0^PON^PMN^JZY^FO0,0^GB{width},{height},{line}^FS{texts}^PQ1^XZ"
    return Etiqueta(f"Etiqueta de prueba, {paper.nombre}".strip(", "), zpl.encode("utf-8"))


def _escape(text: str) -> str:
    """Field data under ^FH_: nothing in it can be taken as a command."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return "".join(f"_{ord(c):02X}" if c in "_^~\\" else c for c in plain)
