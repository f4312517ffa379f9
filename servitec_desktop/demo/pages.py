"""The pages of a window, each as what it is: for the demonstration and for tests."""

from typing import TypeVar

from servitec_desktop.screens.entrar.pantalla import Entrar
from servitec_desktop.screens.impresion.pantalla import PantallaImpresion
from servitec_desktop.screens.orden.pantalla import Orden
from servitec_desktop.screens.ordenes.pantalla import Ordenes
from servitec_desktop.screens.recepcion.pantalla import Recepcion
from servitec_desktop.screens.sincronizacion.pantalla import Sincronizacion
from servitec_desktop.ui.page import Screen
from servitec_desktop.window import MainWindow

Found = TypeVar("Found", bound=Screen)


def _of(window: MainWindow, name: str, kind: type[Found]) -> Found:
    found = window.page(name)
    if not isinstance(found, kind):
        raise TypeError(name)
    return found


def entrar(window: MainWindow) -> Entrar:
    """Its page `entrar`."""
    return _of(window, "entrar", Entrar)


def ordenes(window: MainWindow) -> Ordenes:
    """Its page `ordenes`."""
    return _of(window, "ordenes", Ordenes)


def recepcion(window: MainWindow) -> Recepcion:
    """Its page `recepcion`."""
    return _of(window, "recepcion", Recepcion)


def orden(window: MainWindow) -> Orden:
    """Its page `orden`."""
    return _of(window, "orden", Orden)


def impresion(window: MainWindow) -> PantallaImpresion:
    """Its page `impresion`."""
    return _of(window, "impresion", PantallaImpresion)


def sincronizacion(window: MainWindow) -> Sincronizacion:
    """Its page `sincronizacion`."""
    return _of(window, "sincronizacion", Sincronizacion)
