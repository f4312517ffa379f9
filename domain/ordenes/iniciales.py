"""The states of orders as a new company names them, and the reasons that people choose from."""

from domain.base.row import Row
from domain.ordenes.states import ESTADOS


def iniciales() -> list[tuple[str, Row]]:
    """(table, columns) of the first rows."""
    found: list[tuple[str, Row]] = []
    for i, estado in enumerate(ESTADOS.values()):
        entry: Row = {"codigo": estado.codigo, "nombre": estado.nombre, "orden": i, "color": estado.color}
        found.append(("estado_orden", entry | {"clase": estado.clase, "nombre_ticket": estado.otros.get("ticket")}))
    motivos = (
        ("cliente_desiste", "El cliente desiste", "cancelacion"),
        ("duplicada", "Orden duplicada", "cancelacion"),
        ("presupuesto_alto", "Presupuesto muy alto", "rechazo"),
        ("espera_repuesto", "Repuesto pedido al proveedor", "espera"),
        ("espera_cliente", "Falta respuesta del cliente", "espera"),
        ("otro", "Otro motivo", None),
    )
    for i, (codigo, nombre, ambito) in enumerate(motivos):
        found.append(("motivo", {"codigo": codigo, "nombre": nombre, "orden": i, "ambito": ambito}))
    return found
