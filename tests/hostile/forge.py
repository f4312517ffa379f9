"""What a forger sends: operations in anybody's name, straight into the server's one write path."""

import json
from typing import Any

from sqlalchemy import func, select

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.incoming import read_push
from domain.ordenes import actions as de_ordenes
from domain.ordenes.actions import Recepcion
from domain.proofs import sign
from domain.scope import scope_of
from domain.upgrade import SCHEMA
from domain.wire import Op, PushReply, canonical, fingerprint
from servitec_server import rows
from servitec_server.tables import respuesta
from tests.company import Desk, Office

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
    return de_ordenes.recibir(office.central.ambient, office.people["ana"], sucursal, f"00-{number:06d}", recepcion)


def an_order(office: Office, number: int, sucursal_id: str | None = None, **orden: Any) -> Row:
    """An order that the administrator took in."""
    ops = reception(office, number, sucursal_id, **orden)
    assert told(office, office.people["ana"], *ops) == "aplicado"
    return row(office, "orden", next(op.id for op in ops if op.tabla == "orden"))


def content(office: Office, desk: Desk, *ops: Op, author: Actor | None = None, **more: Any) -> dict[str, Any]:
    """A Cambio in wire form, as a station would capture it, signed; `more` replaces or adds what it says."""
    with office.central.store.reading() as connection:
        last = connection.execute(select(func.max(respuesta.c.n)).where(respuesta.c.estacion_id == desk.station.id))
        n = 1000 + int(last.scalar() or 0)
    person = author or desk.person
    made: dict[str, Any] = {
        "id": office.central.ambient.new_id(),
        "n": n + office.central.ambient.rng.randrange(10**6),
        "usuario_id": person.usuario_id,
        "schema": SCHEMA,
        "visto": {"version": 0, "cambio_id": None},
        "depende": [],
        "ops": [op.model_dump(warnings=False) for op in ops],
        **more,
    }
    return signed(office, desk, made)


def signed(office: Office, desk: Desk, made: dict[str, Any]) -> dict[str, Any]:
    """The same with its fingerprint and its author's proof, where it can have them."""
    try:
        huella = fingerprint(made)
    except TypeError:
        huella = "0" * 64
    signer = office.central.prover.signer(desk.station.id, str(made.get("usuario_id")), 1)
    return {**made, "huella": huella, "firma": sign(signer, huella).model_dump()}


def push(office: Office, desk: Desk, *contents: object, person: Actor | None = None) -> PushReply:
    """Send these as the station would, with `person` signed in there."""
    head, parts = canonical({"schema": SCHEMA})[:-1], [json.dumps(item) for item in contents]
    request = read_push(f'{head},"cambios":[{",".join(parts)}]}}'.encode())
    return office.handler.push(request, desk.station, scope_of(person or desk.person))
