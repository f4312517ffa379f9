"""Labels that nobody is sure of: one question each, on top of the screen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from printing.trabajos import Trabajo
from servitec_desktop.screens.impresion.palabras import ASKED, impresora_de, reason, tr
from servitec_desktop.screens.parts import button, heading, local, named

SHOWN = 3


class Pregunta(QFrame):
    """One job: «¿Salió la etiqueta?», or how many of its copies. `answered` tells the job, and how many are out."""

    answered = Signal(str, int)

    def __init__(self, trabajo: Trabajo) -> None:
        super().__init__()
        self.trabajo = trabajo
        self.setObjectName("pregunta")
        question = tr(ASKED) if trabajo.copias == 1 else tr("¿Cuántas de las {0} salieron?").format(trabajo.copias)
        title = heading(f"{question}  {trabajo.titulo}", "aviso")
        detail = QLabel(
            "  ·  ".join(p for p in (impresora_de(trabajo), local(trabajo.creado_en), reason(trabajo)) if p)
        )
        detail.setObjectName("nota")
        detail.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(detail)
        several = trabajo.copias > 1
        self.si = button(tr("Todas") if several else tr("Sí, salió"), tr("Sí, salió: {0}").format(trabajo.titulo))
        again = tr("Imprimir las que faltan") if several else tr("No, reimprimir")
        if trabajo.cancelado:
            again = tr("Sólo esas") if several else tr("No salió")
        self.no = button(again, tr("{0}: {1}").format(again, trabajo.titulo))
        self.salieron = QSpinBox()
        self.salieron.setRange(trabajo.salidas, trabajo.copias - 1)
        named(self.salieron, tr("Cuántas salieron: {0}").format(trabajo.titulo))
        self.si.clicked.connect(lambda _: self._answer(trabajo.copias))
        self.no.clicked.connect(lambda _: self._answer(self.salieron.value()))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addLayout(words, 1)
        for widget in (self.si, self.salieron, self.no):
            row.addWidget(widget)
        self.salieron.setHidden(not several)

    def _answer(self, salidas: int) -> None:
        """Once: a second press finds nothing to press, not the button of the next question either."""
        self.setFocus()
        self.si.setEnabled(False)
        self.no.setEnabled(False)
        self.answered.emit(self.trabajo.id, salidas)


class Inciertos(QWidget):
    """The oldest questions first; hidden when there is none."""

    answered = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        named(self, tr("Etiquetas por confirmar"))
        self.preguntas: list[Pregunta] = []
        self.mas = QLabel()
        self.mas.setObjectName("nota")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.mas)
        self.show_jobs([])

    def show_jobs(self, trabajos: list[Trabajo]) -> None:
        """Ask about these, newest first as they are read; a question that stays keeps the keyboard's focus."""
        oldest = trabajos[::-1]
        wanted = oldest[:SHOWN]
        for old in [p for p in self.preguntas if p.trabajo not in wanted]:
            self.preguntas.remove(old)
            self._layout.removeWidget(old)
            if old.hasFocus():
                self.setFocus()
            old.hide()
            old.deleteLater()
        known = {p.trabajo.id: p for p in self.preguntas}
        self.preguntas = []
        for i, trabajo in enumerate(wanted):
            asked = known.get(trabajo.id) or self._ask(trabajo)
            self._layout.insertWidget(i, asked)
            self.preguntas.append(asked)
        left = len(oldest) - len(wanted)
        self.mas.setText(tr("y {0} más, después de estas").format(left))
        self.mas.setVisible(left > 0)
        self.setVisible(bool(wanted))

    def _ask(self, trabajo: Trabajo) -> Pregunta:
        asked = Pregunta(trabajo)
        asked.answered.connect(self.answered)
        return asked
