"""How texts stand in the source of the desktop: said so that lupdate finds them, or not said at all."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.textos import DESKTOP, sources

ELSEWHERE = ("config.py", "context.py", "logs.py", "palabras.py", "theme.py")
"""Modules that the command line uses too, Spanish and without Qt; and the style sheet, which says nothing."""
SAID = ("tr", "QT_TR_NOOP")
UNSEEN = frozenset(
    [
        "warning",
        "error",
        "info",
        "exception",
        "print",
        "TypeVar",
        "RuntimeError",
        "later",
        "setStyleSheet",
        "setObjectName",
        "sub",
        "loads",
        "partition",
    ]
)
"""Who gets the strings that nobody reads in the window."""
SHOWN = frozenset(
    [
        "QLabel",
        "QPushButton",
        "QCheckBox",
        "QAction",
        "QGroupBox",
        "QListWidgetItem",
        "QTableWidgetItem",
        "setText",
        "setWindowTitle",
        "setToolTip",
        "setPlaceholderText",
        "setAccessibleName",
        "setTitle",
        "setInformativeText",
        "setSuffix",
        "setSpecialValueText",
        "addTab",
        "addAction",
        "addItem",
        "addRow",
        "heading",
        "button",
        "named",
        "tell",
        "retell",
        "ask",
        "KnownError",
        "DiskTrouble",
        "Rejection",
        "Celda",
        "Columna",
    ]
)
"""Who shows its strings to a person: there also a single word in small letters is a text."""
SAME_EVERYWHERE = frozenset(("Servitec", "Fusion", "PDF (*.pdf)", "mm", "el escritorio"))
"""Names and units; who holds a folder is told to the command line, too."""
KEYS = re.compile(r"(Ctrl\+|Alt\+|Shift\+)?(F\d+|Esc|Return|Enter|Intro|[A-Z+-])")
HUMAN = re.compile(r"[^\W\d_][.,:;!?»)]* +[«(¿]?[^\W\d_]|[áéíóúñ¿¡«»]|^[A-ZÁÉÍÓÚÑ][a-záéíóúñ]+")
WORD = re.compile(r"[^\W\d_]{2,}")
KINDS_OF_LABEL = frozenset(("titulo", "seccion", "nota", "aviso", "exito", "error", "bien", "mal"))


@dataclass(frozen=True, slots=True)
class Said:
    """A text as lupdate has to find it."""

    context: str
    text: str
    numbered: bool


def window_sources() -> list[Path]:
    """The modules whose texts stand in the window alone."""
    return [path for path in sources() if str(path.relative_to(DESKTOP)) not in ELSEWHERE]


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def said(tree: ast.AST, owner: str = "") -> Iterator[Said | str]:
    """What is said through `tr`, in which class; as words, what of it lupdate or the running window doesn't find."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _name(node) in SAID:
            yield from _said(node, owner)
        yield from said(node, node.name if isinstance(node, ast.ClassDef) else owner)


def _said(call: ast.Call, owner: str) -> Iterator[Said | str]:
    where, name = f"line {call.lineno}: {ast.unparse(call)[:60]}", _name(call)
    if call.keywords or not call.args:
        yield f"{where}: lupdate reads arguments by their place"
        return
    text, numbered = _text(call.args[0]), len(call.args) == 3
    if text is None and (name == "QT_TR_NOOP" or isinstance(call.func, ast.Attribute)):
        yield f"{where}: a text that isn't written there is shown by tr() of servitec_desktop.i18n"
    elif text is None and isinstance(call.args[0], (ast.IfExp, ast.BinOp, ast.JoinedStr)):
        yield f"{where}: lupdate reads one plain text"
    elif text is not None and isinstance(call.func, ast.Attribute) and ast.unparse(call.func) != "self.tr":
        yield f"{where}: only self.tr() has a context that lupdate knows"
    elif text is not None:
        yield Said(owner if isinstance(call.func, ast.Attribute) else "", text, numbered)


def unsaid(tree: ast.AST, *, shown: bool = False) -> Iterator[tuple[int, str]]:
    """Texts for people that no `tr` says: line and text. `shown`: it stands where a person reads it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and _text(node.value) is not None:
            continue  # a docstring
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            if isinstance(node, ast.AnnAssign) and node.value is not None:
                yield from unsaid(ast.Expression(node.value))
            continue
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            node.returns = None
        if isinstance(node, ast.Call):
            name = _name(node)
            if name in SAID or name in UNSEEN:
                continue
            yield from unsaid(node, shown=name in SHOWN)
            continue
        text = _text(node) if isinstance(node, ast.expr) else None
        if text is not None and _is_text(text, shown):
            yield getattr(node, "lineno", 0), text
        yield from unsaid(node, shown=shown and isinstance(node, ast.JoinedStr | ast.IfExp))


def _is_text(text: str, shown: bool) -> bool:
    if text.strip(" ·") in SAME_EVERYWHERE or KEYS.fullmatch(text) or text in KINDS_OF_LABEL:
        return False
    return bool(HUMAN.search(text) or (shown and WORD.search(text)))
