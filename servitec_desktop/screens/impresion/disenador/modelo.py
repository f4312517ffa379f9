"""A template being edited: what is chosen, what changed, undo and redo. No widgets."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from printing.labels.layout import INTERLINE, Pagina
from printing.labels.plantilla import Campo, Code128, Ean13, Linea, Logo, Plantilla, Qr, Texto, escribir, leer

STEP_MM = 0.5
LEAST_MM = 0.3

Rect = tuple[float, float, float, float]
"""Left, top, width, height, in millimetres."""


class _Cambio(QUndoCommand):
    """The whole template before and after: templates are small and never change in place."""

    def __init__(self, edicion: "Edicion", after: Plantilla, chosen: int | None, text: str, key: int) -> None:
        super().__init__(text)
        self._edicion = edicion
        self._before, self._after = (edicion.plantilla, edicion.elegido), (after, chosen)
        self._key = key

    def id(self) -> int:
        """Changes of the same kind in a row are one."""
        return self._key

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Take the later state over."""
        if not isinstance(other, _Cambio):
            return False
        self._after = other._after
        return True

    def redo(self) -> None:
        """Show the state after."""
        self._edicion.show_state(*self._after)

    def undo(self) -> None:
        """Show the state before."""
        self._edicion.show_state(*self._before)


class Edicion(QObject):
    """`changed`: the template is another; `chosen`: another field, or none, is chosen."""

    changed = Signal()
    chosen = Signal()

    def __init__(self, plantilla: Plantilla) -> None:
        super().__init__()
        self.plantilla = plantilla
        self.elegido: int | None = None
        self.pila = QUndoStack(self)
        self._run = 1

    @property
    def campo(self) -> Campo | None:
        """The chosen field."""
        return None if self.elegido is None else self.plantilla.campos[self.elegido]

    def show_state(self, plantilla: Plantilla, elegido: int | None) -> None:
        """For undo and redo."""
        self.plantilla, self.elegido = plantilla, elegido
        self.changed.emit()
        self.chosen.emit()

    def elegir(self, index: int | None) -> None:
        """Choose a field."""
        if index != self.elegido:
            self.elegido = index
            self._run += 1
            self.chosen.emit()

    def cambiar(self, text: str, *, run: bool = False, **values: Any) -> None:
        """Change columns of the chosen field; `run`: one step of a movement that is undone as one."""
        campo = self.campo
        if campo is None or all(getattr(campo, name) == value for name, value in values.items()):
            return
        self._set(self.elegido, replace(campo, **values), text, run=run)

    def cambiar_plantilla(self, text: str, **values: Any) -> None:
        """Change the template itself: name, kind, size."""
        if all(getattr(self.plantilla, name) == value for name, value in values.items()):
            return
        self._push(replace(self.plantilla, **values), self.elegido, text)

    def agregar(self, campo: Campo) -> None:
        """Add a field on top, and choose it."""
        campos = (*self.plantilla.campos, campo)
        self._push(replace(self.plantilla, campos=campos), len(campos) - 1, self.tr("agregar"))

    def borrar(self) -> None:
        """Remove the chosen field."""
        if self.elegido is not None:
            kept = tuple(c for i, c in enumerate(self.plantilla.campos) if i != self.elegido)
            self._push(replace(self.plantilla, campos=kept), None, self.tr("borrar"))

    def duplicar(self) -> None:
        """Another one like the chosen field, beside it."""
        if self.campo is not None:
            self.agregar(replace(self.campo, x_mm=self.campo.x_mm + 2, y_mm=self.campo.y_mm + 2))

    def copiar(self) -> str:
        """The chosen field as text, a template of it alone; without one all of them."""
        chosen = self.plantilla.campos if self.campo is None else (self.campo,)
        return escribir(replace(self.plantilla, campos=chosen))

    def pegar(self, texto: str) -> None:
        """Add the fields of a template in text, of this one or another, and choose the last.

        Raises:
            KnownError: it is no template; nothing was added.
        """
        campos = (*self.plantilla.campos, *leer(texto).campos)
        self._push(replace(self.plantilla, campos=campos), len(campos) - 1, self.tr("pegar"))

    def mover(self, dx: float, dy: float, *, run: bool = True) -> None:
        """Move the chosen field, not over the paper's left and top edge."""
        if self.campo is not None:
            x, y = (max(0.0, round(v, 2)) for v in (self.campo.x_mm + dx, self.campo.y_mm + dy))
            self.cambiar(self.tr("mover"), run=run, x_mm=x, y_mm=y)

    def estirar(self, ancho: float, alto: float) -> None:
        """Give the chosen field another size: a text's width and letters, a code's height, a picture's box."""
        campo = self.campo
        wide, high = max(LEAST_MM, round(ancho, 2)), max(LEAST_MM, round(alto, 2))
        if isinstance(campo, Texto):
            letter = max(1.5, round(high / (1 + INTERLINE * (campo.lineas - 1)), 2))
            self.cambiar(self.tr("tamaño"), run=True, ancho_mm=wide, alto_mm=letter)
        elif isinstance(campo, Linea | Logo):
            self.cambiar(self.tr("tamaño"), run=True, ancho_mm=wide, alto_mm=high)
        elif isinstance(campo, Code128 | Ean13):
            self.cambiar(self.tr("tamaño"), run=True, alto_mm=high)

    def ordenar(self, by: int) -> None:
        """Move the chosen field up or down in the list."""
        if self.elegido is None or not 0 <= self.elegido + by < len(self.plantilla.campos):
            return
        campos = list(self.plantilla.campos)
        moved = campos.pop(self.elegido)
        campos.insert(self.elegido + by, moved)
        self._push(replace(self.plantilla, campos=tuple(campos)), self.elegido + by, self.tr("ordenar"))

    def alinear(self, where: str, rect: Rect) -> None:
        """Put the chosen field at the left, centre, right or top; `rect` is where it is now."""
        _, _, width, _ = rect
        paper, edge = self.plantilla.ancho_mm, 2.0
        places: dict[str, Callable[[], dict[str, Any]]] = {
            "izquierda": lambda: {"x_mm": edge},
            "centro": lambda: {"x_mm": max(0.0, round((paper - width) / 2, 2))},
            "derecha": lambda: {"x_mm": max(0.0, round(paper - edge - width, 2))},
            "arriba": lambda: {"y_mm": edge},
        }
        self.cambiar(self.tr("alinear"), **places[where]())

    def stop_run(self) -> None:
        """What follows is undone apart."""
        self._run += 1

    def _set(self, index: int | None, campo: Campo, text: str, *, run: bool) -> None:
        campos = tuple(campo if i == index else c for i, c in enumerate(self.plantilla.campos))
        self._push(replace(self.plantilla, campos=campos), index, text, run=run)

    def _push(self, after: Plantilla, chosen: int | None, text: str, *, run: bool = False) -> None:
        if not run:
            self._run += 1
        self.pila.push(_Cambio(self, after, chosen, text, self._run))
        if not run:
            self._run += 1


def lugar(campo: Campo, index: int, pagina: Pagina | None) -> Rect:
    """Where a field is: a text's whole room, a code's drawn size; a guess while it can't be drawn."""
    if isinstance(campo, Texto):
        return campo.x_mm, campo.y_mm, campo.ancho_mm, campo.alto_mm * (1 + INTERLINE * (campo.lineas - 1))
    if isinstance(campo, Linea | Logo):
        return campo.x_mm, campo.y_mm, campo.ancho_mm, campo.alto_mm
    drawn = [c for c in pagina.cajas if c.campo == index] if pagina is not None else []
    if drawn and pagina is not None:
        return campo.x_mm, campo.y_mm, drawn[0].ancho / pagina.dpmm, drawn[0].alto / pagina.dpmm
    if isinstance(campo, Qr):
        return campo.x_mm, campo.y_mm, 21 * campo.modulo_mm, 21 * campo.modulo_mm
    return campo.x_mm, campo.y_mm, 95 * campo.modulo_mm, campo.alto_mm
