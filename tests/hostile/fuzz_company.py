"""The company that the fuzzer attacks: two branches, every role, some of everything, and a history that was lost."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.base.ambient import Ambient
from domain.base.row import Row, Value
from domain.inventario import actions as de_inventario
from domain.ordenes import actions as de_ordenes
from domain.proofs import sign
from domain.wire import Op, fingerprint
from servitec_server import rows
from servitec_server.central import Central
from servitec_server.epochs import epoch_of, open_epoch
from servitec_server.handler import SyncHandler
from servitec_server.origin import Station
from servitec_server.stations import Stations
from tests.company import Office
from tests.hostile.forge import an_order, branch, hire

CANARY = "CANARIO-SECRETO"
"""In every secret: nothing that leaves the server holds it."""
COST_FROM = 909_000_000
"""Costs, and nothing else, are 909xxxxxx."""
PEOPLE = {
    "honrada": ("administrador", "CENTRAL"),
    "ana": ("administrador", "CENTRAL"),
    "jefa": ("supervisor", "CENTRAL"),
    "rec": ("recepcionista", "CENTRAL"),
    "tec": ("tecnico", "CENTRAL"),
    "tec2": ("tecnico", "CENTRAL"),
    "jefe_sur": ("supervisor", "SUR"),
    "rec_sur": ("recepcionista", "SUR"),
    "tec_sur": ("tecnico", "SUR"),
    "gestor": ("gestor", "CENTRAL"),
    "cliente": ("cliente", None),
    "consulta": ("consulta", "CENTRAL"),
    "sin_sucursal": ("supervisor", None),
    "despedido": ("supervisor", "CENTRAL"),
    "degradado": ("supervisor", "CENTRAL"),
    "trasladado": ("tecnico", "SUR"),
}
AT = {"central": "jefa", "sur": "jefe_sur", "gestor": "gestor", "campo": "tec"}
"""Stations, and who enrolled them."""


@dataclass(slots=True)
class Known:
    """What the fuzzer knows of a company that was made: it opens copies of it by this."""

    people: dict[str, str] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    lost_epoch: str = ""
    lost_from: int = 0


class Company:
    """An opened one. `clock` of its handler is the fuzzer's, so that a seed cuts transactions at the same places."""

    def __init__(self, folder: Path, known: Known, rng: random.Random, url: str | None = None) -> None:
        self.known = known
        self.central = Central(folder, url, Ambient(rng=rng))
        ticks = random.Random(rng.random())
        passed = [0.0]

        def clock() -> float:
            passed[0] += ticks.choice((0.0, 0.0, 0.05, 0.3))
            return passed[0]

        self.handler = SyncHandler(self.central, clock)
        stations = Stations(self.central)
        self.stations: dict[str, Station] = {name: stations.known(header) for name, header in known.headers.items()}

    def firma(self, station: Station, usuario_id: str, huella: str, generacion: int) -> dict[str, Any]:
        """What this person signs with there, in that generation."""
        if not usuario_id.isascii():
            usuario_id = "nadie"
        return sign(self.central.prover.signer(station.id, usuario_id, generacion), huella).model_dump()

    def receipt(self, content: dict[str, Any], epoca: str, version: int, *lost: tuple[str, str, str]) -> dict[str, Any]:
        """What the server gave for it when it took it there."""
        made = self.central.prover.receipt(content["id"], content["huella"], epoca, "arranque", version, lost)
        return made.model_dump()


def found(root: Path, rng: random.Random, url: str | None = None) -> Known:
    """Make the company in `root`/servidor."""
    office = Office(root, url, rng)
    try:
        return _fill(office)
    finally:
        office.close()


def _fill(office: Office) -> Known:
    known = Known(branches={"CENTRAL": office.branch, "SUR": branch(office)})
    client = _write(office, SISTEMA, actions.alta(office.central.ambient, "cliente", {"nombre": "Don Íñigo"}))
    for name, (rol, place) in PEOPLE.items():
        if name in office.people:
            known.people[name] = office.people[name].usuario_id
            continue
        key = known.branches.get(place or "")
        campos: Row = {"sucursal_id": key, "clave_hash": f"{CANARY} {name}", "email": f"{name}@ejemplo.invalid"}
        if rol == "tecnico":
            employee: Row = {"nombre": name, "sucursal_id": key, "dni": f"{CANARY} {name}"}
            campos["empleado_id"] = _write(office, SISTEMA, actions.alta(office.central.ambient, "empleado", employee))
        if rol == "cliente":
            campos["cliente_id"] = client
        office.people[name] = hire(office, name, rol, **campos)
        known.people[name] = office.people[name].usuario_id
    for name, person in AT.items():
        known.headers[name] = office.stations.header(office.stations.enrol(office.people[person], name))
    _rows(office, known, client)
    _write(office, SISTEMA, _edit("usuario", known.people["despedido"], activo=False))
    _write(office, SISTEMA, _edit("usuario", known.people["degradado"], rol="consulta"))
    _write(office, SISTEMA, _edit("usuario", known.people["trasladado"], sucursal_id=office.branch))
    with office.central.store.writing() as connection:
        known.lost_epoch = epoch_of(connection)
        known.lost_from = 10
        open_epoch(connection, office.central.ambient, known.lost_from, "una copia de antes")
    return known


def _rows(office: Office, known: Known, client: str) -> None:
    ambient, ana = office.central.ambient, office.people["ana"]
    number = 0
    for key in known.branches.values():
        for estado in ("recibida", "asignada", "en_diagnostico", "presupuestada", "en_reparacion", "reparada"):
            number += 1
            an_order(office, number, key, estado=estado, referencia_externa=f"ref {number}")
        number += 1
        made = an_order(office, number, key, titulo="de cliente")
        _write(office, ana, _edit("orden", str(made["id"]), cliente_id=client))
        _write(office, ana, *de_ordenes.comentar(ambient, made, "una nota"))
        for name in ("tec", "tec2", "tec_sur"):
            number += 1
            mine = an_order(office, number, key, estado="asignada", referencia_externa=f"ref {number}")
            _write(office, ana, *de_ordenes.asignar(ambient, mine, str(_employee(office, known.people[name]))))
    for i in range(3):
        campos: Row = {"sku": f"P{i}", "nombre": f"Repuesto {i}", "costo_centavos": COST_FROM + i}
        product = _write(office, ana, actions.alta(ambient, "producto", campos))
        for key in known.branches.values():
            _write(
                office,
                ana,
                de_inventario.mover_stock(ambient, {"id": product}, key, "entrada", 10, costo_centavos=COST_FROM),
            )
        late = _edit(
            "producto", product, {"costo_centavos": 1, "nombre": "x"}, costo_centavos=COST_FROM + 9, nombre="Tarde"
        )
        _write(office, ana, late)
    body: Row = {"nombre": "Etiqueta", "tipo": "orden", "cuerpo": "{}"}
    _write(office, ana, actions.alta(ambient, "plantilla_etiqueta", body))
    _write(office, office.people["tec"], actions.alta(ambient, "cliente", {"nombre": "Del técnico"}))
    _write(office, office.people["rec"], actions.alta(ambient, "empresa", {"razon_social": "Empresa"}))


def _edit(tabla: str, key: str, antes: Row | None = None, **campos: Value) -> Op:
    return Op(tabla=tabla, id=key, tipo="cambio", campos=campos, antes=antes or {})


def _employee(office: Office, usuario_id: str) -> Value:
    with office.central.store.reading() as connection:
        return (rows.get(connection, "usuario", usuario_id) or {})["empleado_id"]


def _write(office: Office, actor: Actor, *ops: Op) -> str:
    """Written by the server itself; what a row of SISTEMA had is believed."""

    def build(connection: Any) -> list[Op]:
        made: list[Op] = []
        for op in ops:
            now = rows.get(connection, op.tabla, op.id) or {}
            antes = op.antes or {name: now.get(name) for name in op.campos}
            made.append(op.model_copy(update={"antes": antes}) if op.tipo == "cambio" else op)
        return made

    office.central.write(actor, build, trusted=actor is SISTEMA)
    return ops[0].id


def hashed(content: dict[str, Any]) -> str:
    """The `huella` of a Cambio, or something like one where it can't have any."""
    try:
        return fingerprint(content)
    except TypeError:
        return "0" * 64
