"""What a printer says when it is tried: who it is, how it is, its paper."""

from dataclasses import dataclass

from printing.zebra import Identity, ZebraPrinter

WIDTHS_MM, HEIGHTS_MM = (15.0, 200.0), (8.0, 300.0)
"""Sizes of paper that are believed when the printer says them."""


@dataclass(frozen=True, slots=True)
class Prueba:
    """What a printer said when it was tried; None where it didn't say."""

    nombre: str
    estado: str
    lista: bool
    modelo: str = ""
    firmware: str = ""
    serie: str = ""
    dpi: int | None = None
    ancho_mm: float | None = None
    alto_mm: float | None = None


def interrogate(printer: ZebraPrinter) -> Prueba:
    """Who a printer is and how it is.

    Raises:
        PrinterUncertain: the connection broke.
    """
    who = printer.identity()
    reading = printer.probe()
    if who is None and reading is None:
        words = "Se conecta, pero no responde como una Zebra: revise que esté en lenguaje ZPL."
        return Prueba("", words, False)
    problems: tuple[str, ...] = ()
    if reading is None or reading.status is None:
        problems = printer.errors() or ("no informa su estado",)
    else:
        problems = reading.status.problems
    said = who or Identity("", "", 203)
    if said.lenguaje and "zpl" not in said.lenguaje.lower():
        problems = (*problems, f"está en lenguaje {said.lenguaje}, no en ZPL")
    dots = round(said.dpi / 25.4)
    words = ", ".join(problems) or "lista"
    return Prueba(
        said.modelo or "Zebra",
        words[:1].upper() + words[1:],
        not problems,
        said.modelo,
        said.firmware,
        said.serie,
        said.dpi if who else None,
        _millimetres(printer.variable("ezpl.print_width"), dots, WIDTHS_MM),
        _millimetres(printer.variable("zpl.label_length"), dots, HEIGHTS_MM),
    )


def _millimetres(said: str | None, dots: int, believed: tuple[float, float]) -> float | None:
    if said is None or not said.isdigit():
        return None
    size = round(int(said) / dots, 1)
    return size if believed[0] <= size <= believed[1] else None
