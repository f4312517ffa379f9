"""Labels of records, as jobs for a printer: what is printed, on which paper, with which template."""

from dataclasses import dataclass

from sqlalchemy import Connection

from domain.base.errors import KnownError
from printing.labels.catalogo import elegir
from printing.labels.layout import componer
from printing.labels.plantilla import Linea, Plantilla, Texto
from printing.labels.registry import KINDS, kind_of
from printing.labels.zpl import zpl
from printing.printers import Impresora, impresora, impresoras, por_tipo
from printing.trabajos import Pedido

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
    paper = eleccion.impresora
    plantilla = elegir(connection, tipo, paper.ancho_mm, paper.alto_mm, eleccion.plantilla)
    made = []
    kind = kind_of(tipo)
    for valores in kind.valores(connection, registro_id):
        try:
            data = _bytes(plantilla, valores, paper)
        except KnownError as error:
            raise KnownError(f"La etiqueta no se puede imprimir: {error.message}", error.hint) from error
        made.append(Etiqueta(kind.titulo.format_map(valores), data))
    return made


def _bytes(plantilla: Plantilla, valores: dict[str, str], paper: Impresora) -> bytes:
    page = componer(plantilla, valores, paper.dpi, (paper.offset_x_mm, paper.offset_y_mm))
    return zpl(page, modelo=paper.modelo)


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
            kind_of(tipo).tabla, registro_id, tipo, copias, prioridad,
        )
        for e in hacer(connection, tipo, registro_id, eleccion)
    ]  # fmt: skip


def de_recepcion(connection: Connection, orden_id: str) -> tuple[list[Pedido], str]:
    """What a reception prints by itself, and what couldn't be made, in words: an order is never refused for it."""
    made: list[Pedido] = []
    problems: list[str] = []
    for kind in (kind for kind in KINDS.values() if kind.al_recibir):
        eleccion = elegida(connection, kind.name)
        if eleccion is None or not kind.hay(connection, orden_id):
            continue
        try:
            made += pedidos(connection, kind.name, orden_id, eleccion, prioridad=1)
        except KnownError as error:
            problems.append(str(error))
    return made, " ".join(problems)


def prueba(paper: Impresora) -> Etiqueta:
    """A test label: a frame along the edge, name, size and resolution."""
    wide, high = paper.ancho_mm, paper.alto_mm
    letter = max(1.5, min(3.5, high / 8))
    words = (paper.nombre or "Servitec", f"{wide:g} x {high:g} mm  {paper.dpi} ppp", "áéíóú ñ Ñ ü ¿¡ $")
    frame = (
        Linea(0, 0, wide, 0.3),
        Linea(0, high - 0.3, wide, 0.3),
        Linea(0, 0.3, 0.3, high - 0.6),
        Linea(wide - 0.3, 0.3, 0.3, high - 0.6),
    )
    texts = tuple(Texto(2, 2 + 1.5 * letter * i, wide - 4, letter, word) for i, word in enumerate(words))
    fitting = tuple(t for t in texts if t.y_mm + t.alto_mm < high - 0.5)
    plantilla = Plantilla("Prueba", "orden", wide, high, frame + fitting)
    return Etiqueta(f"Etiqueta de prueba, {paper.nombre}".strip(", "), zpl(componer(plantilla, {}, paper.dpi)))
