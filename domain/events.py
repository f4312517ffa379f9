"""The names of the live events: what happened to a row, in the words of FEATURES (Merged event list)."""

from domain.tables import TABLES
from domain.wire import Op

_GENERO = {"cliente": "o", "equipo": "o", "conflicto": "o", "empresa": "a", "orden": "a", "producto": "o"}


def event_of(op: Op) -> str:
    """The event that announces this operation."""
    if op.tabla == "orden" and op.tipo == "cambio" and "estado" in op.campos:
        special = {"cancelada": "orden_cancelada", "entregada": "orden_entregada", "asignada": "orden_asignada"}
        return special.get(str(op.campos["estado"]), "orden_estado_cambiado")
    if op.tabla == "orden" and op.tipo == "cambio" and "tecnico_id" in op.campos:
        return "orden_asignada"
    if op.tabla in _GENERO:
        verb = {"alta": "cread", "cambio": "actualizad", "baja": "eliminad"}[op.tipo]
        return f"{op.tabla}_{verb}{_GENERO[op.tabla]}"
    if op.tabla == "movimiento_stock":
        return "stock_actualizado"
    if op.tabla == "comentario":
        return "comentario_creado"
    return "catalogo_actualizado" if TABLES[op.tabla].writers == "catalogo" else "sincronizar"
