"""The paper: the picture of what will be printed, rulers, and a frame around the chosen field."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from printing.labels.layout import Pagina
from servitec_desktop.screens.impresion.disenador.modelo import STEP_MM, Edicion, Rect, lugar
from servitec_desktop.theme import ACCENT, tone_color
from servitec_desktop.ui.parts import named

RULER = 24
HANDLE = 9
ZOOMS = (4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 24.0)


class Lienzo(QWidget):
    """Drag moves, the corner resizes (Shift: free of the grid); arrows move by half a millimetre, Ctrl: five."""

    def __init__(self, edicion: Edicion) -> None:
        super().__init__()
        self._edicion = edicion
        self.escala = 8.0
        self.pagina: Pagina | None = None
        self._picture: QImage | None = None
        self.marcado: int | None = None
        self._grip: tuple[str, QPointF, Rect] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(self, self.tr("Etiqueta: las flechas mueven el campo elegido"))
        edicion.changed.connect(self._resized)
        edicion.chosen.connect(self.update)
        self._resized()

    def show_page(self, pagina: Pagina, png: bytes) -> None:
        """The label as it will be printed."""
        self.pagina, self.marcado = pagina, None
        self._picture = QImage.fromData(png)
        self.update()

    def mark(self, campo: int | None) -> None:
        """The field that hinders; the picture of before stays."""
        self.marcado = campo
        self.update()

    def zoom(self, escala: float) -> None:
        """Pixels a millimetre."""
        self.escala = min(ZOOMS[-1], max(ZOOMS[0], escala))
        self._resized()

    def fit(self, width: int) -> None:
        """As large as fits this width."""
        self.zoom((width - RULER - 40) / self._edicion.plantilla.ancho_mm)

    def rect_mm(self, index: int) -> Rect:
        """Where a field is, in millimetres."""
        return lugar(self._edicion.plantilla.campos[index], index, self.pagina)

    def point(self, x_mm: float, y_mm: float) -> QPointF:
        """Where a place on the paper is in the widget."""
        return QPointF(RULER + x_mm * self.escala, RULER + y_mm * self.escala)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Paper and rulers."""
        p = self._edicion.plantilla
        return QSize(int(RULER + p.ancho_mm * self.escala + 30), int(RULER + p.alto_mm * self.escala + 30))

    def _resized(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()

    def _rect(self, index: int) -> QRectF:
        x, y, w, h = self.rect_mm(index)
        return QRectF(self.point(x, y), self.point(x + w, y + h))

    def _handle(self) -> QRectF:
        index = self._edicion.elegido
        if index is None:
            return QRectF()
        corner = self._rect(index).bottomRight()
        return QRectF(corner.x() - HANDLE / 2, corner.y() - HANDLE / 2, HANDLE, HANDLE)

    def paintEvent(self, _: QPaintEvent) -> None:  # noqa: N802
        """Rulers, paper, frames."""
        painter = QPainter(self)
        plantilla = self._edicion.plantilla
        paper = QRectF(self.point(0, 0), self.point(plantilla.ancho_mm, plantilla.alto_mm))
        painter.fillRect(paper, Qt.GlobalColor.white)
        if self._picture is not None and self.pagina is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = QPointF(self.pagina.ancho / self.pagina.dpmm, self.pagina.alto / self.pagina.dpmm)
            painter.drawImage(QRectF(self.point(0, 0), self.point(size.x(), size.y())), self._picture)
        self._grid(painter, paper)
        for index in range(len(plantilla.campos)):
            if index == self.marcado:
                painter.setPen(QPen(QColor("#dc2626"), 2))
            elif index == self._edicion.elegido:
                painter.setPen(QPen(ACCENT, 2))
            else:
                painter.setPen(QPen(QColor(29, 78, 216, 70), 1, Qt.PenStyle.DotLine))
            painter.drawRect(self._rect(index))
        if self._edicion.elegido is not None:
            painter.fillRect(self._handle(), ACCENT)
        painter.end()

    def _grid(self, painter: QPainter, paper: QRectF) -> None:
        plantilla = self._edicion.plantilla
        text = self.palette().color(QPalette.ColorRole.WindowText)
        small = painter.font()
        small.setPointSizeF(7.5)
        painter.setFont(small)
        for mm in range(int(max(plantilla.ancho_mm, plantilla.alto_mm)) + 1):
            at = RULER + mm * self.escala
            length = 9 if mm % 10 == 0 else 6 if mm % 5 == 0 else 3
            painter.setPen(QPen(tone_color("nota"), 1))
            if mm <= plantilla.ancho_mm:
                painter.drawLine(QPointF(at, RULER - length), QPointF(at, RULER - 1))
            if mm <= plantilla.alto_mm:
                painter.drawLine(QPointF(RULER - length, at), QPointF(RULER - 1, at))
            if mm % 10 == 0:
                painter.setPen(text)
                if mm <= plantilla.ancho_mm:
                    painter.drawText(QPointF(at + 2, 11), str(mm))
                if 0 < mm <= plantilla.alto_mm:
                    painter.drawText(QPointF(1, at - 2), str(mm))
        painter.setPen(QPen(QColor(0, 0, 0, 18), 1))
        for mm in range(5, int(plantilla.ancho_mm) + 1, 5):
            painter.drawLine(
                QPointF(RULER + mm * self.escala, paper.top()), QPointF(RULER + mm * self.escala, paper.bottom())
            )
        for mm in range(5, int(plantilla.alto_mm) + 1, 5):
            painter.drawLine(
                QPointF(paper.left(), RULER + mm * self.escala), QPointF(paper.right(), RULER + mm * self.escala)
            )

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take the corner, or choose the topmost field here."""
        at = event.position()
        self.setFocus()
        self._edicion.stop_run()
        if self._edicion.elegido is not None and self._handle().adjusted(-3, -3, 3, 3).contains(at):
            self._grip = ("estirar", at, self.rect_mm(self._edicion.elegido))
            return
        found = [
            i for i in range(len(self._edicion.plantilla.campos)) if self._rect(i).adjusted(-2, -2, 2, 2).contains(at)
        ]
        self._edicion.elegir(min(found, key=lambda i: self.rect_mm(i)[2] * self.rect_mm(i)[3]) if found else None)
        if self._edicion.elegido is not None:
            self._grip = ("mover", at, self.rect_mm(self._edicion.elegido))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move or resize."""
        campo = self._edicion.campo
        if self._grip is None or campo is None:
            return
        what, start, (x, y, w, h) = self._grip
        moved = (event.position() - start) / self.escala
        free = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if what == "mover":
            self._edicion.mover(_snap(x + moved.x(), free) - campo.x_mm, _snap(y + moved.y(), free) - campo.y_mm)
        else:
            self._edicion.estirar(_snap(w + moved.x(), free), _snap(h + moved.y(), free))

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._grip = None
        self._edicion.stop_run()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows, Delete, Tab through the fields."""
        step = 5.0 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else STEP_MM
        moves = {
            Qt.Key.Key_Left: (-step, 0.0),
            Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, -step),
            Qt.Key.Key_Down: (0.0, step),
        }
        key = Qt.Key(event.key())
        if key in moves:
            self._edicion.mover(*moves[key])
        elif key == Qt.Key.Key_Delete:
            self._edicion.borrar()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Ctrl and the wheel: nearer, farther."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(self.escala * (1.15 if event.angleDelta().y() > 0 else 1 / 1.15))
        else:
            super().wheelEvent(event)


def _snap(mm: float, free: bool) -> float:
    return round(mm, 2) if free else round(mm / STEP_MM) * STEP_MM
