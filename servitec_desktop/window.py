"""The main window: pages and the status bar, nothing else."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMessageBox, QPushButton, QStackedWidget, QToolBar, QWidget

from servitec_desktop.screens.entrar.pantalla import Entrar
from servitec_desktop.screens.impresion.pantalla import Impresion
from servitec_desktop.screens.orden.pantalla import Orden
from servitec_desktop.screens.ordenes.pantalla import Ordenes
from servitec_desktop.screens.parts import local
from servitec_desktop.screens.recepcion.pantalla import Recepcion
from servitec_desktop.screens.sincronizacion.pantalla import Sincronizacion
from servitec_desktop.station import Station
from sync.service import Status

TELL_MS = 50


class MainWindow(QMainWindow):
    """Sign-in first; the pages once somebody is signed in."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._status: Status | None = None
        self.resize(1240, 780)
        self.paginas = QStackedWidget()
        self.setCentralWidget(self.paginas)
        self.entrar = Entrar(station)
        self.ordenes = Ordenes(station)
        self.recepcion = Recepcion(station)
        self.orden = Orden(station)
        self.impresion = Impresion(station)
        self.sincronizacion = Sincronizacion(station)
        for page in (self.entrar, self.ordenes, self.recepcion, self.orden, self.impresion, self.sincronizacion):
            self.paginas.addWidget(page)
        self.estado = QPushButton()
        self.estado.setFlat(True)
        self.estado.clicked.connect(self.open_sync)
        self.statusBar().addWidget(self.estado)
        self.barra = self._tool_bar()
        self.impresion.counted.connect(self._count_questions)
        self.entrar.entered.connect(self.show_person)
        self.ordenes.opened.connect(self.open_order)
        self.orden.closed.connect(self.open_list)
        station.person_changed.connect(self.show_person)
        station.status_changed.connect(self._heard)
        station.tasks.bug.connect(self.show_bug)
        self._telling = QTimer(self, singleShot=True, interval=TELL_MS)
        self._telling.timeout.connect(self._tell)
        self.show_person()

    def _tool_bar(self) -> QToolBar:
        bar = QToolBar(self.tr("Principal"))
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for text, key, action in (
            (self.tr("Órdenes (F2)"), "F2", self.open_list),
            (self.tr("Nueva orden (F4)"), "F4", self.open_reception),
            (self.tr("Impresión (F6)"), "F6", self.open_printing),
            (self.tr("Sincronización"), "", self.open_sync),
            (self.tr("Ayuda (F1)"), "F1", self.show_help),
            (self.tr("Cerrar sesión"), "", self.sign_out),
        ):
            made = QAction(text, self)
            if key:
                made.setShortcut(QKeySequence(key))
            made.triggered.connect(action)
            bar.addAction(made)
            if key == "F6":
                self.imprimir = made
        for key, action in (
            ("F5", self._station.sync_now),
            ("F8", self._print),
            ("F9", self._choose_estado),
            ("Esc", self._escape),
        ):
            made = QAction(self)
            made.setShortcut(QKeySequence(key))
            made.triggered.connect(action)
            self.addAction(made)
        self.addToolBar(bar)
        return bar

    def _signed_in(self) -> bool:
        return self._station.actor is not None

    def _go(self, page: QWidget) -> bool:
        if not self._signed_in():
            return False
        self.paginas.setCurrentWidget(page)
        return True

    def open_list(self) -> None:
        """The list, ready to search."""
        if self._go(self.ordenes):
            self.ordenes.focus_search()

    def open_reception(self) -> None:
        """A new order."""
        if self._go(self.recepcion):
            self.recepcion.start()

    def open_order(self, orden_id: str) -> None:
        """One order."""
        if self._go(self.orden):
            self.orden.open(orden_id)

    def open_sync(self) -> None:
        """What is open between this station and the server."""
        if self._go(self.sincronizacion):
            self.sincronizacion.refresh()
            self.sincronizacion.open_first_problem()

    def open_printing(self) -> None:
        """Printers and what they print."""
        if self._go(self.impresion):
            self.impresion.refresh()
            self.impresion.open_first_problem()

    def _count_questions(self, count: int) -> None:
        text = self.tr("Impresión (F6)")
        self.imprimir.setText(self.tr("{0} · {1} por confirmar").format(text, count) if count else text)

    def _print(self) -> None:
        if self.paginas.currentWidget() is self.orden:
            self.orden.print_label()

    def _choose_estado(self) -> None:
        if self.paginas.currentWidget() is self.orden:
            self.orden.choose_estado()

    def _escape(self) -> None:
        if self.paginas.currentWidget() in (self.orden, self.impresion, self.sincronizacion):
            self.open_list()

    def show_person(self) -> None:
        """Title, pages and status for whoever is signed in now."""
        actor = self._station.actor
        self.barra.setVisible(actor is not None)
        if actor is None:
            self.setWindowTitle("Servitec")
            self.entrar.refresh()
            self.paginas.setCurrentWidget(self.entrar)
        else:
            branch = self._station.branch()
            known = self._station.known
            where = branch["nombre"] if branch else self.tr("todas las sucursales")
            self.setWindowTitle(f"Servitec · {where} · {actor.username} · {known.codigo} {known.estacion_nombre}")
            if self.paginas.currentWidget() is self.entrar:
                self.open_list()
        self._tell()

    def sign_out(self) -> None:
        """End the person's session."""
        self._station.sign_out()

    def _heard(self, status: Status) -> None:
        """Many statuses in a moment are one; the end of "up to date" is told at once."""
        if self._status is not None and self._status.kind == "al_dia" and status.kind != "al_dia":
            self._tell()
        elif not self._telling.isActive():
            self._telling.start()
        self._station.reload_person()

    def _tell(self) -> None:
        """Say what is so now: statuses of several threads may arrive in another order than they arose."""
        self._status = self._station.status()
        text, detail = self.words(self._status)
        self.sincronizacion.show_status(text, self._status)
        self.estado.setText(text)
        self.estado.setToolTip(detail)
        self.estado.setAccessibleName(self.tr("Estado de la sincronización: {0}").format(text))

    def words(self, status: Status | None) -> tuple[str, str]:
        """What the status bar says, and its explanation."""
        if status is None:
            return self.tr("Estación sin inscribir"), ""
        parts = [
            {
                "al_dia": self.tr("✓ Al día"),
                "por_enviar": self.tr("Por enviar"),
                "sincronizando": self.tr("Sincronizando…"),
                "sin_conexion": self.tr("Sin conexión"),
                "con_rechazos": self.tr("Hay algo que resolver"),
                "sin_sesion": self.tr("Sin sesión con el servidor"),
                "en_pausa": self.tr("En pausa"),
                "detenida": self.tr("Detenida"),
                "servidor": self.tr("El servidor tiene un problema"),
                "disco": self.tr("El disco no deja guardar"),
                "error": self.tr("Error del programa"),
            }[status.kind]
        ]
        if status.download is not None:
            parts[0] = self.tr("Recibiendo la base: {0} %").format(int(100 * status.download))
        if status.pending:
            parts.append(self.tr("{0} por enviar").format(status.pending))
        if status.waiting:
            parts.append(self.tr("{0} en espera").format(status.waiting))
        if status.rejected:
            refused = self.tr("1 rechazado") if status.rejected == 1 else self.tr("{0} rechazados")
            parts.append(refused.format(status.rejected))
        if status.conflicts:
            parts.append(self.tr("{0} en conflicto").format(status.conflicts))
        if status.last_sync:
            parts.append(self.tr("última vez {0}").format(local(status.last_sync)))
        return "  ·  ".join(parts), status.message

    def show_help(self) -> None:
        """The keys."""
        keys = (
            ("F2", self.tr("lista y búsqueda de órdenes")),
            ("F4", self.tr("nueva orden")),
            ("Ctrl+Intro", self.tr("guardar la orden nueva e imprimir su etiqueta")),
            ("F5", self.tr("sincronizar ahora")),
            ("F6", self.tr("impresoras, cola e historial de impresión")),
            ("F8", self.tr("imprimir la etiqueta de la orden abierta")),
            ("F9", self.tr("cambiar el estado de la orden abierta")),
            ("Ctrl+S", self.tr("guardar los cambios de la orden")),
            ("Intro", self.tr("abrir la orden elegida")),
            ("Esc", self.tr("volver a la lista")),
        )
        text = "\n".join(f"{key}:  {what}" for key, what in keys)
        box = QMessageBox(QMessageBox.Icon.Information, self.tr("Teclas"), text, parent=self)
        box.open()

    def show_bug(self, text: str, detail: str = "") -> None:
        """A failure that nobody expected, with its detail to be copied."""
        box = QMessageBox(QMessageBox.Icon.Critical, self.tr("Error"), text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if detail:
            copy = box.addButton(self.tr("&Copiar el detalle"), QMessageBox.ButtonRole.ActionRole)
            copy.clicked.disconnect()  # the box stays open
            copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(detail))
        box.addButton(QMessageBox.StandardButton.Ok)
        box.open()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Keep the draft of a reception."""
        self.recepcion.keep_draft()
        super().closeEvent(event)
