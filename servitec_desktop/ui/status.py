"""The state of sync in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servitec_desktop.i18n import tr
from servitec_desktop.i18n.causas import said
from servitec_desktop.ui.parts import local

if TYPE_CHECKING:
    from sync.service import Status


def status_words(status: Status | None) -> tuple[str, str]:
    """What the status bar says, and its explanation."""
    if status is None:
        return tr("Estación sin inscribir"), ""
    parts = [
        {
            "al_dia": tr("✓ Al día"),
            "por_enviar": tr("Por enviar"),
            "sincronizando": tr("Sincronizando…"),
            "sin_conexion": tr("Sin conexión"),
            "con_rechazos": tr("Hay algo que resolver"),
            "sin_sesion": tr("Sin sesión con el servidor"),
            "en_pausa": tr("En pausa"),
            "detenida": tr("Detenida"),
            "servidor": tr("El servidor tiene un problema"),
            "disco": tr("El disco no deja guardar"),
            "error": tr("Error del programa"),
        }[status.kind]
    ]
    if status.download is not None:
        parts[0] = tr("Recibiendo la base: {0} %").format(int(100 * status.download))
    if status.pending:
        parts.append(tr("{0} por enviar").format(status.pending))
    if status.waiting:
        parts.append(tr("{0} en espera").format(status.waiting))
    if status.rejected:
        parts.append(tr("%n rechazados", "", status.rejected))
    if status.conflicts:
        parts.append(tr("{0} en conflicto").format(status.conflicts))
    if status.last_sync:
        parts.append(tr("última vez {0}").format(local(status.last_sync)))
    return "  ·  ".join(parts), said(status.message)
