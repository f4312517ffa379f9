"""Labels that nobody is sure of: one question each, on top of the screen."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from domain.base.errors import KnownError
from printing.trabajos import Trabajo
from servitec_desktop.i18n import tr
from servitec_desktop.ui.impresion import ASKED, impresora_de, reason
from servitec_desktop.ui.parts import button, heading, local, named, show_error

SHOWN = 3
FIELD_PX = 80


class Pregunta(QFrame):
    """One job: «¿Salió la etiqueta?», or how many of its copies. `answered` tells the job, and how many are out."""

    answered = Signal(str, int)

    def __init__(self, trabajo: Trabajo) -> None:
        super().__init__()
        self.trabajo = trabajo
        self.setObjectName("pregunta")
        several = trabajo.copias > 1
        question = tr("Por confirmar, {0} copias:").format(trabajo.copias) if several else tr(ASKED)
        title = heading(f"{question}  {trabajo.titulo}", "aviso")
        title.setWordWrap(True)
        todo = tr("Cuente las que salieron y escríbalo.") if several else tr("Mire la impresora y responda.")
        why = f"{reason(trabajo)} {todo}".strip()
        detail = QLabel("  ·  ".join(p for p in (impresora_de(trabajo), local(trabajo.creado_en), why) if p))
        detail.setObjectName("nota")
        detail.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(title)
        words.addWidget(detail)
        yes = tr("Salieron todas") if several else tr("Sí, salió")
        self.si = button(yes, tr("{0}: {1}").format(yes, trabajo.titulo))
        self.no = button("", "")
        self.salieron = QLineEdit()
        self.salieron.setMaxLength(len(str(trabajo.copias)))
        self.salieron.setPlaceholderText(tr("{0} a {1}").format(trabajo.salidas, trabajo.copias - 1))
        self.salieron.setFixedWidth(FIELD_PX)
        named(self.salieron, tr("¿Cuántas salieron? {0}").format(trabajo.titulo))
        asked = QLabel(tr("¿Cuántas salieron?"))
        asked.setBuddy(self.salieron)
        self.salieron.textChanged.connect(lambda _: self._say())
        self.si.clicked.connect(lambda _: self._answer(trabajo.copias))
        self.no.clicked.connect(lambda _: self._answer(self._typed() or 0))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addLayout(words, 1)
        for widget in (self.si, asked, self.salieron, self.no):
            row.addWidget(widget)
        asked.setHidden(not several)
        self.salieron.setHidden(not several)
        self._say()

    def _typed(self) -> int | None:
        """How many came out, once a possible number is there; of one label: none."""
        if self.trabajo.copias == 1:
            return 0
        text = self.salieron.text().strip()
        known = int(text) if text.isdecimal() else -1
        return known if self.trabajo.salidas <= known < self.trabajo.copias else None

    def _say(self) -> None:
        """The button of what is missing says what it will do, and does nothing before the number is known."""
        job, out = self.trabajo, self._typed()
        if job.copias == 1:
            words = tr("No salió") if job.cancelado else tr("No, reimprimir")
        elif job.cancelado:
            words = tr("Salieron menos") if out is None else tr("Salieron {0} de {1}").format(out, job.copias)
        elif out is None:
            words = tr("Imprimir las que faltan")
        else:
            left = job.copias - out
            words = tr("Imprimir las %n que faltan", "", left)
        self.no.setText(words)
        self.no.setAccessibleName(tr("{0}: {1}").format(words, job.titulo))
        self.no.setEnabled(out is not None)

    def _answer(self, salidas: int) -> None:
        """Once: a second press finds nothing to press, not the button of the next question either."""
        self.setFocus()
        self.si.setEnabled(False)
        self.no.setEnabled(False)
        self.answered.emit(self.trabajo.id, salidas)

    def ask_again(self) -> None:
        """The answer wasn't taken: another may be given."""
        self.si.setEnabled(True)
        self._say()


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

    def refused(self, key: str, error: KnownError) -> None:
        """The answer about this job wasn't taken."""
        show_error(self, error)
        for asked in self.preguntas:
            if asked.trabajo.id == key:
                asked.ask_again()

    def _ask(self, trabajo: Trabajo) -> Pregunta:
        asked = Pregunta(trabajo)
        asked.answered.connect(self.answered)
        return asked
