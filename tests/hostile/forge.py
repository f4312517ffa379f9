"""What a forger sends: operations in anybody's name, straight into the server's one write path."""

from typing import Any

from domain import actions
from domain.actions import Recepcion
from domain.errors import Rejection
from domain.permissions import SISTEMA, Actor
from domain.tables import Row
from domain.wire import Op
from servitec_server import rows
from tests.company import Office

FAR = "00000000-0000-7000-8000-0000000000ff"


def told(office: Office, actor: Actor, *ops: Op) -> str:
    """What the server makes of one Cambio: `aplicado`, or the motivo of its refusal."""
    try:
        office.central.write(actor, lambda _: list(ops))
    except Rejection as rejection:
        return rejection.motivo
    return "aplicado"


def row(office: Office, tabla: str, key: object) -> Row:
    """The server's row."""
    with office.central.store.reading() as connection:
        found = rows.get(connection, tabla, str(key))
    assert found is not None, (tabla, key)
    return found


def branch(office: Office, codigo: str = "SUR") -> str:
    """Another branch."""
    op = actions.alta(office.central.ambient, "sucursal", {"codigo": codigo, "nombre": codigo})
    office.central.write(SISTEMA, lambda _: [op], trusted=True)
    return op.id


def hire(office: Office, name: str, rol: str, **campos: Any) -> Actor:
    """Somebody new; `sucursal_id`, `cliente_id` and `empleado_id` as given."""
    values: Row = {"username": name, "rol": rol, "sucursal_id": office.branch, **campos}
    op = actions.alta(office.central.ambient, "usuario", values)
    office.central.write(SISTEMA, lambda _: [op], trusted=True)
    found = [values.get(n) for n in ("sucursal_id", "empleado_id", "cliente_id")]
    sucursal, empleado, cliente = (None if value is None else str(value) for value in found)
    return Actor(op.id, rol, sucursal, empleado, cliente, name)


def reception(office: Office, number: int, sucursal_id: str | None = None, **orden: Any) -> list[Op]:
    """A reception as the server's own station would write it; the order is the first op of its table."""
    sucursal: Row = {"id": sucursal_id or office.branch, "pais": "CL", "moneda": "CLP"}
    recepcion = Recepcion(cliente={"nombre": "Íñigo"}, equipo={"marca": "Epson"}, orden=orden)
    return actions.recibir(office.central.ambient, office.people["ana"], sucursal, f"00-{number:06d}", recepcion)


def an_order(office: Office, number: int, sucursal_id: str | None = None, **orden: Any) -> Row:
    """An order that the administrator took in."""
    ops = reception(office, number, sucursal_id, **orden)
    assert told(office, office.people["ana"], *ops) == "aplicado"
    return row(office, "orden", next(op.id for op in ops if op.tabla == "orden"))
