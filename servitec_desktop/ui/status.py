"""The state of sync in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from servitec_desktop.ui.parts import local

if TYPE_CHECKING:
    from sync.service import Status


def _tr(text: str) -> str:
    return QCoreApplication.translate("MainWindow", text)


def status_words(status: Status | None) -> tuple[str, str]:
    """What the status bar says, and its explanation."""
    if status is None:
        return _tr("Estación sin inscribir"), ""
    parts = [
        {
            "al_dia": _tr("✓ Al día"),
            "por_enviar": _tr("Por enviar"),
            "sincronizando": _tr("Sincronizando…"),
            "sin_conexion": _tr("Sin conexión"),
            "con_rechazos": _tr("Hay algo que resolver"),
            "sin_sesion": _tr("Sin sesión con el servidor"),
            "en_pausa": _tr("En pausa"),
            "detenida": _tr("Detenida"),
            "servidor": _tr("El servidor tiene un problema"),
            "disco": _tr("El disco no deja guardar"),
            "error": _tr("Error del programa"),
        }[status.kind]
    ]
    if status.download is not None:
        parts[0] = _tr("Recibiendo la base: {0} %").format(int(100 * status.download))
    if status.pending:
        parts.append(_tr("{0} por enviar").format(status.pending))
    if status.waiting:
        parts.append(_tr("{0} en espera").format(status.waiting))
    if status.rejected:
        refused = _tr("1 rechazado") if status.rejected == 1 else _tr("{0} rechazados")
        parts.append(refused.format(status.rejected))
    if status.conflicts:
        parts.append(_tr("{0} en conflicto").format(status.conflicts))
    if status.last_sync:
        parts.append(_tr("última vez {0}").format(local(status.last_sync)))
    return "  ·  ".join(parts), status.message
