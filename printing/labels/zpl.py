"""A composed label as ZPL II: self-contained, every field escaped, one format.

Commands are those of Zebra's ZPL II Programming Guide: ^BC, ^BE, ^BQ, ^A0, ^GB, ^GF, ^FH, ^CI28, ^PQ, ^JZ.
"""

from domain.base.errors import KnownError
from printing.labels.codigos import de_a_pares, guardas
from printing.labels.graphics import takes_z64
from printing.labels.layout import Caja, Pagina
from printing.labels.texto import escapar

BY_HEIGHT = 10
"""Height given to ^BY: printers draw a ^BQ this many dots below its ^FO."""
MOST_COPIES = 999


def zpl(pagina: Pagina, copias: int = 1, modelo: str | None = None) -> bytes:
    """The bytes of a label, UTF-8, ending with ^PQ and ^XZ; `modelo` is the printer's, where it is known.

    Raises:
        KnownError: no printer makes so many copies of a job.
    """
    if not 1 <= copias <= MOST_COPIES:
        raise KnownError(f"No se pueden imprimir {copias} copias.", f"Elija de 1 a {MOST_COPIES}.")
    z64 = takes_z64(modelo)
    head = (
        f"^XA^CI28^PW{pagina.ancho}^LL{pagina.alto}^LH0,0^LS0^LT0^PON^PMN^LRN^FWN^JZY^BY2,3,{BY_HEIGHT}"
        if pagina.cajas
        else "^XA"
    )
    return (head + "".join(_field(box, z64) for box in pagina.cajas) + f"^PQ{copias}^XZ").encode("utf-8")


def _field(box: Caja, z64: bool) -> str:
    if box.clase == "texto":
        return f"^FO{box.x},{box.celda_y}^A0N,{box.letra},{box.letra}^FH_^FD{escapar(box.texto)}^FS"
    if box.clase == "code128":
        data = (">;" if de_a_pares(box.texto) else "") + escapar(box.texto.replace(">", ">0"))
        return f"^FO{box.x},{box.y}^BY{box.letra},3,{box.alto}^BCN,{box.alto},N,N,N^FH_^FD{data}^FS"
    if box.clase == "ean13":
        tall = box.alto - guardas(box.letra)
        return f"^FO{box.x},{box.y}^BY{box.letra},3,{tall}^BEN,{tall},N,N^FD{box.texto[:12]}^FS"
    if box.clase == "qr":
        return f"^BY2,3,{BY_HEIGHT}^FO{box.x},{box.y - BY_HEIGHT}^BQN,2,{box.letra}^FH_^FDMA,{escapar(box.texto)}^FS"
    if box.clase == "linea":
        thick = min(box.ancho, box.alto)
        return f"^FO{box.x},{box.y}^GB{box.ancho},{box.alto},{thick}^FS"
    return f"^FO{box.x},{box.y}{box.z64 if z64 and len(box.z64) < len(box.zpl) else box.zpl}^FS"
