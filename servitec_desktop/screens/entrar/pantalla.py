"""Enrolment of a new station, or sign-in on one."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from domain.base.errors import KnownError
from servitec_desktop.i18n.causas import said
from servitec_desktop.station import Station
from servitec_desktop.ui.page import Screen
from servitec_desktop.ui.parts import button, heading, message_label, named, tell


class Entrar(Screen):
    """One form; the server and the station's name are asked for only before the enrolment."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._title = heading("")
        self._note = QLabel()
        self._note.setWordWrap(True)
        self.revocada = message_label("error")
        self.servidor = QLineEdit(station.config.api_server.url)
        self.estacion = QLineEdit()
        self.usuario = QLineEdit()
        self.clave = QLineEdit()
        self.clave.setEchoMode(QLineEdit.EchoMode.Password)
        self.estacion.setPlaceholderText(self.tr("Mostrador 1"))
        self.error = message_label("error")
        self.avance = QProgressBar()
        self.avance.setRange(0, 1000)
        self.avance.hide()
        named(self.avance, self.tr("Base recibida"))
        station.person.download.connect(self._received)
        station.person.changed.connect(self._changed)
        self.boton = button("", self.tr("Entrar"))
        form = QFormLayout()
        rows = (
            (self.tr("&Servidor"), self.servidor),
            (self.tr("Nombre de la &estación"), self.estacion),
            (self.tr("&Usuario"), self.usuario),
            (self.tr("&Clave"), self.clave),
        )
        for text, field in rows:
            form.addRow(text, field)
            named(field, text.replace("&", ""))
            field.returnPressed.connect(self._next)
        self._form = form
        box = QWidget()
        box.setFixedWidth(460)
        inner = QVBoxLayout(box)
        for part in (self._title, self.revocada, self._note):
            inner.addWidget(part)
        inner.addLayout(form)
        inner.addWidget(self.error)
        inner.addWidget(self.avance)
        inner.addWidget(self.boton)
        outer = QVBoxLayout(self)
        outer.addWidget(box, alignment=Qt.AlignmentFlag.AlignCenter)
        self.boton.clicked.connect(self.submit)
        self.refresh()

    def enter(self) -> None:
        """Show the form that this folder needs now."""
        self.refresh()
        self.ready.emit()

    def refresh(self) -> None:
        """Show the form that this folder needs now."""
        known = self._station.person.known
        new = not self._station.person.enrolled
        again = new and known.estacion_id is not None
        if again:
            self.servidor.setText(known.server_url or "")
            self.estacion.setText(known.estacion_nombre or "")
        for field in (self.servidor, self.estacion):
            self._form.setRowVisible(field, new)
        self._title.setText(self.tr("Inscribir esta estación") if new else self.tr("Iniciar sesión"))
        self.boton.setText(self.tr("Inscribir y entrar") if new else self.tr("Entrar"))
        where = self.tr("Estación {0} «{1}», servidor {2}").format(
            known.codigo, known.estacion_nombre, known.server_url
        )
        first = self.tr("La primera vez hace falta el servidor. Después se trabaja también sin red.")
        if again:
            first = self.tr("Esta estación tiene que inscribirse de nuevo. Lo que aún no se envió sigue guardado.")
        if new and known.reenrol == "danada":
            first = self.tr(
                "La base de este computador se dañó y la estación empieza de nuevo: inscríbala otra vez. Lo que se "
                "pudo rescatar sigue guardado; lo que no, se dice después en Sincronización, «Rechazados»."
            )
        self._note.setText(first if new else where)
        tell(self.revocada, said(known.ended or ""))
        (self.servidor if new else self.usuario).setFocus()

    def _changed(self) -> None:
        """What the station became while nobody was signed in."""
        if self._must_enrol():
            self.refresh()

    def _must_enrol(self) -> bool:
        """Does only an enrolment help, and the form doesn't say so yet?"""
        return not self._station.person.enrolled and not self._form.isRowVisible(self.servidor)

    def _next(self) -> None:
        """Enter goes to the next empty field, and submits only from a complete form."""
        fields = [f for f in (self.servidor, self.estacion, self.usuario, self.clave) if f.isVisibleTo(self)]
        empty = next((f for f in fields if not f.text().strip()), None)
        if empty is not None:
            empty.setFocus()
        else:
            self.submit()

    def submit(self) -> None:
        """Enrol or sign in, away from the window's thread."""
        username, password = self.usuario.text().strip(), self.clave.text()
        server, name = self.servidor.text().strip(), self.estacion.text().strip()
        person = self._station.person
        enrolling = not person.enrolled
        if not username or not password or (enrolling and not (server and name)):
            tell(self.error, self.tr("Complete todos los campos."))
            return
        work: Callable[[], object]
        if enrolling:
            work = lambda: person.enroll(server, username, password, name)  # noqa: E731
        else:
            work = lambda: person.sign_in(username, password)  # noqa: E731
        self.boton.setEnabled(False)
        tell(self.error, "")
        self._station.tasks.write(self, work, self._done, self._failed)

    def _received(self, done: int, total: int) -> None:
        self.avance.setVisible(True)
        self.avance.setValue(1000 * done // total if total else 0)

    def _done(self, _: object) -> None:
        """Ready for the next; the pages come as soon as the station knows who is at it."""
        self.avance.hide()
        self.boton.setEnabled(True)
        self.clave.clear()

    def _failed(self, error: KnownError) -> None:
        self.avance.hide()
        self.boton.setEnabled(True)
        if self._must_enrol():
            self.refresh()  # the attempt has shown that only a new enrolment helps
        tell(self.error, str(error))
        self.clave.selectAll()
        self.clave.setFocus()
