"""What becomes of the labels of the order that was taken in last."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from local_db.replica import Changes
from printing.encolar import Encoladas
from printing.trabajos import Trabajo
from servitec_desktop.i18n.causas import said
from servitec_desktop.station import Station
from servitec_desktop.ui.inciertos import Inciertos
from servitec_desktop.ui.parts import message_label, tell
from servitec_desktop.ui.toast import Toast

WORST = ("incierto", "fallido", "en_cola", "enviando", "impreso")


class Etiquetas(QWidget):
    """What goes well is said in `exito`; what doesn't stands here until it does, with a question for each label that
    nobody is sure of.
    """

    def __init__(self, station: Station, exito: Toast) -> None:
        super().__init__()
        self._station, self._exito = station, exito
        self._jobs: tuple[str, ...] = ()
        self._saved = ""
        self.aviso = message_label("aviso")
        self.inciertos = Inciertos()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.aviso)
        layout.addWidget(self.inciertos)
        self.inciertos.answered.connect(self._answer)
        station.changed.connect(self._changed)

    def follow(self, folio: str, queued: Encoladas) -> None:
        """This order was saved just now."""
        self._jobs = queued.ids
        self._saved = self.tr("Orden {0} guardada.").format(folio)
        if queued.aviso:
            self._saved = f"{self._saved} {queued.aviso}"
        none = self.tr("Ninguna impresora tiene asignadas estas etiquetas: no se imprimieron (F6, Etiquetas).")
        self._say("" if queued.ids or queued.aviso else none, well=bool(queued.ids) and not queued.aviso)
        self._read()

    def _say(self, words: str, *, well: bool) -> None:
        text = f"{self._saved} {words}".strip()
        self._exito.say(text if well else "")
        tell(self.aviso, "" if well else text)

    def _changed(self, changes: Changes) -> None:
        if any(("trabajo_impresion", key) in changes.rows for key in self._jobs):
            self._read()

    def _read(self) -> None:
        jobs = self._jobs

        def show(found: list[Trabajo]) -> None:
            if jobs == self._jobs:
                self._show(found)

        self._station.tasks.read(self, partial(self._station.encolador.trabajos_de, ids=jobs), show)

    def _show(self, found: list[Trabajo]) -> None:
        self.inciertos.show_jobs([t for t in found if t.estado == "incierto"])
        if found:
            well = all(t.estado == "impreso" or (t.estado in ("en_cola", "enviando") and not t.error) for t in found)
            self._say(self._words(found), well=well)

    def _words(self, found: list[Trabajo]) -> str:
        """What happens to the labels, the worst first."""
        done = sum(t.estado == "impreso" for t in found)
        if done == len(found):
            return self.tr("%n etiquetas impresas.", "", done)
        worst = min(found, key=lambda t: WORST.index(t.estado))
        words = {
            "en_cola": self.tr("Etiqueta en cola."),
            "enviando": self.tr("Imprimiendo la etiqueta…"),
            "incierto": self.tr("¿Salió la etiqueta?"),
            "fallido": self.tr("La etiqueta no se imprimió."),
        }[worst.estado]
        count = self.tr("{0} de {1} impresas.").format(done, len(found)) if len(found) > 1 else ""
        why = said(worst.error or "") if worst.estado != "incierto" else ""
        return " ".join(part for part in (words, count, why) if part)

    def _answer(self, key: str, salidas: int) -> None:
        work = partial(self._station.printing.responder_incierto, key, salio=False, salidas=salidas)
        self._station.tasks.write(self, work, lambda _: self._read(), partial(self.inciertos.refused, key))
