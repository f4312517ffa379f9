"""The pages there are, in the order of their bar; the first is where a person begins."""

from servitec_desktop.screens.entrar.page import PAGE as ENTRAR
from servitec_desktop.screens.impresion.page import PAGE as IMPRESION
from servitec_desktop.screens.orden.page import PAGE as ORDEN
from servitec_desktop.screens.ordenes.page import PAGE as ORDENES
from servitec_desktop.screens.recepcion.page import PAGE as RECEPCION
from servitec_desktop.screens.sincronizacion.page import PAGE as SINCRONIZACION
from servitec_desktop.ui.page import Page

SIGN_IN = ENTRAR
"""The page of whoever isn't signed in."""
STATUS = SINCRONIZACION
"""The page that the status bar opens."""
PAGES: tuple[Page, ...] = (ORDENES, RECEPCION, IMPRESION, SINCRONIZACION, ORDEN)
