"""What was done, said once and quietly: over the foot of a page, without moving or covering what takes the mouse."""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

SHOWN_MS = 10_000
MARGIN, WIDEST = 24, 640
INSET = (16, 12, 16, 12)


class Toast(QFrame):
    """Goes by itself; what is said next takes its place. What lasts, or went wrong, isn't said here."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = QLabel()
        self._words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*INSET)
        layout.addWidget(self._words)
        self._going = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._going.timeout.connect(self.hide)
        self._over = over
        over.installEventFilter(self)
        self.hide()

    def say(self, text: str) -> None:
        """Show it, and let a screen reader say it; an empty text takes away what is shown."""
        if text == self._words.text() and not self.isHidden():
            self._going.start()
            return
        self._words.setText(text)
        self.setVisible(bool(text))
        if text:
            self._place()
            self.raise_()
            self._going.start()
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def text(self) -> str:
        """What was said last."""
        return self._words.text()

    def _place(self) -> None:
        """In the middle of the foot, as wide as its words, within reason."""
        room = min(WIDEST, self._over.width() - 2 * MARGIN)
        self._words.ensurePolished()
        words = self._words.fontMetrics().horizontalAdvance(self._words.text())
        width = max(1, min(room, words + INSET[0] + INSET[2] + 2 * self.frameWidth() + 4))
        self.resize(width, self.heightForWidth(width))
        self.move((self._over.width() - width) // 2, self._over.height() - self.height() - MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Stay in place when the page changes its size."""
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)
