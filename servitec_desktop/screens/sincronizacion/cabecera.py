"""The head of the screen: what the badge says and why, and what is known of the server."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from domain.upgrade import SCHEMA
from servitec_desktop.i18n.causas import said
from servitec_desktop.station import Station
from servitec_desktop.ui.parts import button, heading, local, named
from sync.service import Status

NOTHING = "—"
AGREES_S = 30
GOOD = frozenset({"al_dia"})
BAD = frozenset({"con_rechazos", "sin_sesion", "detenida", "servidor", "disco", "error"})


class Cabecera(QWidget):
    """Heading, buttons, badge and facts."""

    def __init__(self, station: Station) -> None:
        super().__init__()
        self._station = station
        self._paused = False
        self.pausar = button("", "")
        self.ahora = button(self.tr("Sincronizar &ahora (F5)"), self.tr("Sincronizar ahora"))
        self.pausar.clicked.connect(self._toggle)
        self.ahora.clicked.connect(station.sync.now)
        self.insignia, self.motivo = heading("", "seccion"), QLabel()
        self.ultima, self.reloj, self.version, self.servidor = QLabel(), QLabel(), QLabel(), QLabel()
        self.servidor.setText(NOTHING)
        top = QHBoxLayout()
        top.addWidget(heading(self.tr("Sincronización")))
        top.addStretch(1)
        top.addWidget(self.pausar)
        top.addWidget(self.ahora)
        self.insignia.setWordWrap(True)
        self.motivo.setWordWrap(True)
        self.avance = QProgressBar()
        self.avance.setRange(0, 1000)
        named(self.avance, self.tr("Base recibida del servidor"))
        self.cancelar = button(self.tr("&Cancelar la descarga"), self.tr("Cancelar la descarga de la base"))
        self.cancelar.clicked.connect(station.sync.cancel_download)
        self.entrar = button("", "")
        self.entrar.clicked.connect(self._sign_out)
        self.copiar = button(self.tr("Copiar el de&talle"), self.tr("Copiar el detalle del error"))
        self.copiar.clicked.connect(self._copy)
        self._detail = ""
        why = QHBoxLayout()
        why.addWidget(self.motivo, 1)
        why.addWidget(self.entrar)
        why.addWidget(self.copiar)
        download = QHBoxLayout()
        download.addWidget(self.avance, 1)
        download.addWidget(self.cancelar)
        facts = QGridLayout()
        facts.setHorizontalSpacing(12)
        facts.setVerticalSpacing(2)
        self._facts = (
            (self.tr("Última sincronización completa"), self.ultima),
            (self.tr("Reloj"), self.reloj),
            (self.tr("Servidor"), self.servidor),
            (self.tr("Versión"), self.version),
        )
        for i, (title, value) in enumerate(self._facts):
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setWordWrap(True)
            facts.addWidget(heading(title, "seccion"), i // 2, i % 2 * 2)
            facts.addWidget(value, i // 2, i % 2 * 2 + 1)
        facts.setColumnStretch(1, 1)
        facts.setColumnStretch(3, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.insignia)
        layout.addLayout(why)
        layout.addLayout(download)
        layout.addLayout(facts)
        self.show_status("", None)

    def show_status(self, badge: str, status: Status | None) -> None:
        """What the badge says, and its reasons."""
        kind = status.kind if status is not None else ""
        self._paused = kind == "en_pausa"
        self.pausar.setText(self.tr("&Reanudar") if self._paused else self.tr("&Pausar"))
        named(
            self.pausar, self.tr("Reanudar la sincronización") if self._paused else self.tr("Pausar la sincronización")
        )
        for made in (self.pausar, self.ahora):
            made.setEnabled(status is not None)
        self.insignia.setObjectName("exito" if kind in GOOD else "error" if kind in BAD else "seccion")
        self.insignia.style().unpolish(self.insignia)
        self.insignia.style().polish(self.insignia)
        self.insignia.setText(badge)
        part = status.download if status is not None else None
        for widget in (self.avance, self.cancelar):
            widget.setVisible(part is not None)
        self.avance.setValue(int(1000 * (part or 0)))
        self.motivo.setText(self.why(status))
        self._show_way(kind)
        self._detail = status.detail if status is not None else ""
        self.copiar.setVisible(bool(self._detail))
        self.ultima.setText((local(status.last_sync) if status else "") or NOTHING)
        self.reloj.setText(self.clock(status.clock_diff_s if status else None))
        version = (status.server_version if status else None) or NOTHING
        self.version.setText(self.tr("{0} (esta estación: esquema {1})").format(version, SCHEMA))
        self._name()

    def _show_way(self, kind: str) -> None:
        """The way to the form that helps: of a sign-in, or of a new enrolment. What isn't sent stays."""
        enrol = kind == "detenida" and not self._station.person.enrolled
        text = self.tr("&Inscribir de nuevo") if enrol else self.tr("&Volver a entrar")
        self.entrar.setText(text)
        named(self.entrar, text.replace("&", ""))
        self.entrar.setVisible(enrol or kind == "sin_sesion")

    def show_server(self, url: str | None) -> None:
        """Where the server is."""
        self.servidor.setText(url or NOTHING)
        self._name()

    def _name(self) -> None:
        for title, value in self._facts:
            named(value, f"{title}: {value.text()}")

    def why(self, status: Status | None) -> str:
        """Why the badge says what it says."""
        if status is None:
            return self.tr("Esta carpeta todavía no es una estación de un servidor.")
        usual = {
            "al_dia": self.tr("Lo guardado aquí está en el servidor, y lo del servidor está aquí."),
            "por_enviar": self.tr("Hay cambios guardados aquí que el servidor todavía no tiene.")
            if status.pending
            else self.tr("Se sincroniza en un momento."),
            "sincronizando": self.tr("Se intercambian cambios con el servidor."),
            "sin_conexion": self.tr("Los cambios quedan guardados y se envían al volver."),
            "con_rechazos": self.tr(
                "Hay cambios rechazados o en espera, o valores en conflicto: decida en las pestañas de abajo."
            ),
            "en_pausa": self.tr("Nada se envía ni se recibe hasta «Reanudar». F5 sincroniza una vez."),
        }.get(status.kind, "")
        message = said(status.message)
        if status.kind in ("en_pausa", "sin_conexion"):
            return f"{message}  {usual}".strip()
        return message or usual

    def clock(self, difference: float | None) -> str:
        """The difference between this computer's clock and the server's, in words."""
        if difference is None:
            return NOTHING
        size = abs(difference)
        if size < AGREES_S:
            return self.tr("El reloj de este equipo coincide")
        for limit, unit, word in (
            (120, 1, "s"),
            (7200, 60, "min"),
            (172_800, 3600, "h"),
            (float("inf"), 86_400, self.tr("días")),
        ):
            if size < limit:
                amount = f"{round(size / unit)} {word}"
                break
        ahead = self.tr("El reloj de este equipo va {0} adelantado")
        behind = self.tr("El reloj de este equipo va {0} atrasado")
        return (ahead if difference > 0 else behind).format(amount)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._detail)

    def _toggle(self) -> None:
        sync = self._station.sync
        self._station.tasks.write(self, sync.resume if self._paused else sync.pause, lambda _: None)

    def _sign_out(self) -> None:
        self._station.tasks.write(self, self._station.person.sign_out, lambda _: None)
