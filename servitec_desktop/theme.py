"""How the window looks: Fusion in the system's light or dark, and a few rules."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from domain.base.later import later

if TYPE_CHECKING:
    from domain.ordenes import states
else:
    states = later("domain.ordenes.states")

ACCENT = QColor("#1d4ed8")

TONES = {
    "bien": ("#15803d", "#4ade80"),
    "aviso": ("#b45309", "#fbbf24"),
    "mal": ("#b91c1c", "#f87171"),
    "nota": ("#4b5563", "#9ca3af"),
}
"""Name -> colour on a light and on a dark window; never alone: words say the same."""

STYLE = """
QToolBar { spacing: 6px; padding: 6px; border: 0; }
QToolButton { padding: 7px 12px; border-radius: 5px; }
QLineEdit, QComboBox { padding: 5px; }
QPushButton { padding: 7px 14px; }
QTableView { gridline-color: transparent; }
QTableView::item { padding: 0 6px; }
QHeaderView::section { padding: 6px; border: 0; border-bottom: 1px solid palette(mid); font-weight: 600; }
QLabel#titulo { font-size: 20px; font-weight: 700; }
QLabel#seccion { font-weight: 700; }
QLabel#error { color: @mal; font-weight: 600; }
QLabel#exito { color: @bien; font-weight: 600; }
QLabel#aviso { color: @aviso; font-weight: 600; }
QLabel#nota { color: @nota; }
QFrame#toast { background: palette(window-text); border-radius: 6px; }
QFrame#toast QLabel { color: palette(window); font-weight: 600; }
QFrame#pregunta { border: 1px solid @aviso; border-radius: 6px; }
QStatusBar QPushButton { border: 0; padding: 3px 10px; font-weight: 600; text-align: left; }
"""


def apply_theme(app: QApplication) -> None:
    """Fusion, with the accent colour."""
    app.setStyle("Fusion")
    palette = app.palette()
    palette.setColor(QPalette.ColorRole.Highlight, ACCENT)
    palette.setColor(QPalette.ColorRole.HighlightedText, Qt.GlobalColor.white)
    app.setPalette(palette)
    font = QFont(app.font())
    font.setPointSizeF(max(10.0, font.pointSizeF()))
    app.setFont(font)
    style = STYLE
    for tone in TONES:
        style = style.replace(f"@{tone}", tone_color(tone).name())
    app.setStyleSheet(style)


def is_dark() -> bool:
    """Does the system show dark windows?"""
    return QApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def tone_color(tone: str) -> QColor:
    """A tone's colour, legible on the window's background."""
    light, dark = TONES[tone]
    return QColor(dark if is_dark() else light)


def estado_color(estado: str) -> QColor:
    """The colour of a state's name, legible on the window's background."""
    color = QColor(states.ESTADOS[estado].color if estado in states.ESTADOS else "#374151")
    return color.lighter(170) if is_dark() else color
