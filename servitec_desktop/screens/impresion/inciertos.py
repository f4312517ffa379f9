"""Labels that nobody is sure of: one question each, on top of the screen."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from printing.trabajos import Trabajo
from servitec_desktop.screens.impresion.palabras import ASKED, impresora_de, reason, tr
from servitec_desktop.screens.parts import button, heading, local, named

SHOWN = 3


class Pregunta(QFrame):
    """One job: «¿Salió la etiqueta?»."""

    answered = Signal(str, bool)

    def __init__(self, trabajo: Trabajo) -> None:
        super().__init__()
        self.trabajo = trabajo
        self.setObjectName("pregunta")
        question = tr(ASKED) if trabajo.copias == 1 else tr("¿Salieron las etiquetas que faltaban?")
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
        self.si = button(tr("Sí, salió"), tr("Sí, salió: {0}").format(trabajo.titulo))
        self.no = button(tr("No, reimprimir"), tr("No salió, reimprimir: {0}").format(trabajo.titulo))
        self.si.clicked.connect(partial(self._answer, True))
        self.no.clicked.connect(partial(self._answer, False))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addLayout(words, 1)
        row.addWidget(self.si)
        row.addWidget(self.no)

    def _answer(self, salio: bool, _: bool = False) -> None:
        """Once: a second press finds nothing to press, not the button of the next question either."""
        self.setFocus()
        self.si.setEnabled(False)
        self.no.setEnabled(False)
        self.answered.emit(self.trabajo.id, salio)


class Inciertos(QWidget):
    """The oldest questions first; hidden when there is none."""

    answered = Signal(str, bool)

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
        """Ask about these; a question that stays keeps the keyboard's focus."""
        oldest = sorted(trabajos, key=lambda t: (t.creado_en, t.id))
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
