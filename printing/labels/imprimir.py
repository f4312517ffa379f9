"""From a row of the replica to the bytes of its labels, on a printer's paper."""

from dataclasses import dataclass

from sqlalchemy import Connection

from domain.errors import KnownError
from printing.labels.catalogo import elegir
from printing.labels.layout import componer
from printing.labels.valores import TABLA, valores_de
from printing.labels.zpl import zpl
from printing.printers import Impresora
from printing.trabajos import Pedido

_TITULOS = {
    "orden": "Etiqueta {folio}",
    "accesorio": "{accesorio} {numero} de {folio}",
    "equipo": "Equipo {codigo}",
    "producto": "Producto {sku}",
    "ubicacion": "Ubicación {codigo}",
    "cliente": "Cliente {nombre}",
}


@dataclass(frozen=True, slots=True)
class Papel:
    """Where labels go: a saved printer or a destination, its resolution and paper."""

    destino: str | None = None
    impresora_id: str | None = None
    dpi: int = 203
    ancho_mm: float = 60.0
    alto_mm: float = 40.0
    offset_mm: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def de(cls, impresora: Impresora) -> "Papel":
        """The paper of a saved printer."""
        offset = (impresora.offset_x_mm, impresora.offset_y_mm)
        return cls(None, impresora.id, impresora.dpi, impresora.ancho_mm, impresora.alto_mm, offset)


def pedidos(
    connection: Connection,
    tipo: str,
    registro_id: str,
    papel: Papel,
    *,
    plantilla: str | None = None,
    copias: int = 1,
    publica: str | None = None,
) -> list[Pedido]:
    """The print jobs for a row's labels of one kind; `plantilla` by key or name, else what was chosen for the kind.

    Raises:
        KnownError: the row isn't here, or a label can't be printed right; then there is none.
    """
    chosen = elegir(connection, tipo, papel.ancho_mm, papel.alto_mm, plantilla)
    made = []
    for valores in valores_de(connection, tipo, registro_id, publica):
        try:
            data = zpl(componer(chosen, valores, papel.dpi, papel.offset_mm))
        except KnownError as error:
            raise KnownError(f"La etiqueta no se puede imprimir: {error.message}", error.hint) from error
        made.append(
            Pedido(
                _TITULOS[tipo].format_map(valores),
                data,
                papel.destino,
                papel.impresora_id,
                TABLA[tipo],
                registro_id,
                tipo,
                copias,
            )
        )
    return made
