"""What accounts go through: work offline, a conflict, refusals, rows out of scope, an eviction, a restore."""

from pathlib import Path
from typing import Any

import pytest

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.search import match_expression
from domain.wire import Op
from local_db import people, rows
from servitec_server import recovery
from servitec_server import rows as server_rows
from servitec_server.central import Central
from servitec_server.handler import SyncHandler
from tests.company import Desk, Office
from tests.fixtures_served import serving

SUMS = ("cargado_centavos", "abonado_centavos", "saldo_centavos")


class Play:
    """The office with its people: `ana` sees everything, `jefa` her branch, `gema` what is hers to collect."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.office = Office(folder, url)
        self.norte = self._branch("NORTE")
        self.office.people["gema"] = self.office.hire("gema", "gestor")
        self.ana, self.jefa = self.office.desk("ana", "ana"), self.office.desk("jefa", "jefa")
        self.gema = self.office.desk("gema", "gema")

    def _branch(self, codigo: str) -> str:
        op = actions.alta(self.office.central.ambient, "sucursal", {"codigo": codigo, "nombre": codigo})
        self.office.central.write(SISTEMA, lambda _: [op], trusted=True)
        return op.id

    def account(
        self, desk: Desk, nombre: str, montos: list[int], gestor: str | None = None
    ) -> tuple[str, str, list[str]]:
        """An account, its charge and that one's lines, in one Cambio; their ids."""
        ambient = desk.replica.ambient
        campos: Row = {"nombre": nombre, "estado": "abierta", "sucursal_id": self.office.branch, "gestor_id": gestor}
        cuenta = actions.alta(ambient, "prueba_cuenta", campos)
        cargo = actions.alta(ambient, "prueba_cargo", {"cuenta_id": cuenta.id})
        lines = [actions.alta(ambient, "prueba_renglon", {"cargo_id": cargo.id, "monto_centavos": m}) for m in montos]
        self.save(desk, [cuenta, cargo, *lines])
        return cuenta.id, cargo.id, [line.id for line in lines]

    def pay(self, desk: Desk, cuenta: str, monto: int, sucursal: str | None = None) -> Op:
        campos: Row = {"cuenta_id": cuenta, "monto_centavos": monto, "sucursal_id": sucursal or self.office.branch}
        return actions.alta(desk.replica.ambient, "prueba_pago", campos)

    def save(self, desk: Desk, ops: list[Op]) -> None:
        people.guardar(desk.replica, desk.person, ops)

    def move(self, desk: Desk, cuenta: str, estado: str) -> list[Op]:
        return actions.editar("prueba_cuenta", desk.row("prueba_cuenta", cuenta), {"estado": estado})

    def sync(self) -> None:
        for desk in (self.ana, self.jefa, self.gema, self.ana, self.jefa, self.gema):
            desk.sync()

    def sums(self, desk: Desk, cuenta: str) -> tuple[Any, ...]:
        row = desk.row("prueba_cuenta", cuenta)
        return tuple(row[name] for name in SUMS)

    def refusals(self, desk: Desk) -> list[Any]:
        with desk.replica.reading() as connection:
            return list(connection.exec_driver_sql("SELECT motivo, mensaje FROM rechazo"))

    def central(self, tabla: str, key: str) -> Row:
        with self.office.central.store.reading() as connection:
            found = server_rows.get(connection, tabla, key)
        assert found is not None, (tabla, key)
        return found

    def here(self, desk: Desk, tabla: str, key: str) -> bool:
        with desk.replica.reading() as connection:
            return rows.get(rows.raw(connection), tabla, key) is not None

    def whole(self) -> None:
        """Every station shows what the server has, and what the server has is the plain sum."""
        with self.office.central.store.reading() as connection:
            for sql in (
                "SELECT c.id, c.total_centavos, (SELECT coalesce(sum(r.monto_centavos * r.cantidad), 0) "
                "FROM prueba_renglon r WHERE r.cargo_id = c.id AND r.borrado_en IS NULL) FROM prueba_cargo c",
                "SELECT c.id, c.cargado_centavos, (SELECT coalesce(sum(g.total_centavos), 0) FROM prueba_cargo g "
                "WHERE g.cuenta_id = c.id AND g.borrado_en IS NULL) FROM prueba_cuenta c",
                "SELECT c.id, c.abonado_centavos, (SELECT coalesce(sum(p.monto_centavos), 0) FROM prueba_pago p "
                "WHERE p.cuenta_id = c.id AND p.vigente) FROM prueba_cuenta c",
            ):
                for key, shown, added in connection.exec_driver_sql(sql):
                    assert shown == added, (sql, key)
        for desk in (self.ana, self.jefa, self.gema):
            with desk.replica.reading() as connection:
                for tabla in ("prueba_cuenta", "prueba_cargo", "prueba_renglon", "prueba_pago"):
                    for (key,) in rows.raw(connection).execute(f"SELECT id FROM {tabla}").fetchall():  # noqa: S608
                        own = rows.get(rows.raw(connection), tabla, key)
                        central = self.central(tabla, key)
                        assert own == {name: central[name] for name in own or {}}, (tabla, key)


def offline(world: Play) -> None:
    """What is saved without a network is added up at once, two levels up; the server says the same, and numbers it."""
    desk = world.jefa
    cuenta, cargo, lines = world.account(desk, "Íñigo Ñandú", [1000, 500])
    assert desk.row("prueba_cargo", cargo)["total_centavos"] == 1500
    assert world.sums(desk, cuenta) == (1500, 0, 1500)
    world.save(desk, [world.pay(desk, cuenta, 400)])
    world.save(desk, actions.editar("prueba_renglon", desk.row("prueba_renglon", lines[0]), {"monto_centavos": 900}))
    assert world.sums(desk, cuenta) == (1400, 400, 1000)
    assert desk.row("prueba_cuenta", cuenta)["nro"] is None
    assert desk.sync().up_to_date, world.refusals(desk)
    assert world.sums(desk, cuenta) == (1400, 400, 1000)
    assert desk.row("prueba_cuenta", cuenta)["nro"] == "1"
    world.sync()
    world.whole()
    with world.ana.replica.reading() as connection:
        sql = "SELECT count(*) FROM busqueda_prueba_cuenta WHERE busqueda_prueba_cuenta MATCH ?"
        assert rows.raw(connection).execute(sql, (match_expression("nandu inig"),)).fetchone()[0] == 1


def paid_elsewhere(world: Play) -> None:
    """A payment in another branch isn't this one's to hold, and counts here all the same; what waits comes on top."""
    cuenta, _, _ = world.account(world.jefa, "Dos sucursales", [1000])
    world.sync()
    far = world.pay(world.ana, cuenta, 300, world.norte)
    world.save(world.ana, [far])
    world.save(world.jefa, [world.pay(world.jefa, cuenta, 200)])
    world.ana.sync()
    _lose(world.jefa, "reply_lost")
    assert world.sums(world.jefa, cuenta) == (1000, 200, 800)
    world.jefa.sync()
    assert not world.here(world.jefa, "prueba_pago", far.id)
    assert world.sums(world.jefa, cuenta) == (1000, 500, 500)
    world.sync()
    world.whole()


def edited_by_two(world: Play) -> None:
    """Another's change of a row that waits here is added up with what waits, children first; what the server took
    already, though nobody heard, isn't added twice.
    """
    cuenta, _, lines = world.account(world.jefa, "Dos personas", [100, 200])
    world.sync()
    row = world.jefa.row("prueba_renglon", lines[1])
    world.save(world.jefa, actions.editar("prueba_renglon", row, {"monto_centavos": 250}))
    world.save(world.ana, [world.pay(world.ana, cuenta, 50)])
    world.save(world.ana, actions.borrar("prueba_renglon", world.ana.row("prueba_renglon", lines[0])))
    world.save(world.ana, actions.editar("prueba_renglon", world.ana.row("prueba_renglon", lines[1]), {"cantidad": 3}))
    world.ana.sync()
    _lose(world.jefa, "request_lost")
    world.jefa.engine._pull(world.jefa.engine._state())
    assert world.sums(world.jefa, cuenta) == (750, 50, 700)
    _lose(world.jefa, "reply_lost")
    world.jefa.engine._pull(world.jefa.engine._state())
    assert world.sums(world.jefa, cuenta) == (750, 50, 700)
    world.sync()
    assert world.sums(world.ana, cuenta) == (750, 50, 700)
    world.whole()


def _lose(desk: Desk, what: str) -> None:
    """A cycle whose request, or its reply, is lost."""
    desk.line.fault = lambda: what
    with pytest.raises(Exception, match="lost"):
        desk.sync()
    desk.line.fault = lambda: "ok"


def conflict(world: Play) -> None:
    """Of two names the first that came stays, and the other is kept under the same keys."""
    cuenta, _, _ = world.account(world.jefa, "Antes", [10], world.office.people["gema"].usuario_id)
    world.sync()
    for desk, nombre in ((world.ana, "Primera"), (world.jefa, "Segunda")):
        world.save(desk, actions.editar("prueba_cuenta", desk.row("prueba_cuenta", cuenta), {"nombre": nombre}))
    world.sync()
    assert world.central("prueba_cuenta", cuenta)["nombre"] == "Primera"
    with world.jefa.replica.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT valor_tardio FROM conflicto WHERE registro_id = ?", (cuenta,)
        ).scalars()
        assert list(found) == ['"Segunda"']
    world.whole()


def refused(world: Play) -> None:
    """What is owed keeps an account open: here at once, and on the server where only it knows of more."""
    cuenta, cargo, _ = world.account(world.jefa, "Con deuda", [700])
    world.sync()
    with pytest.raises(Rejection) as caught:
        world.save(world.jefa, world.move(world.jefa, cuenta, "cerrada"))
    assert caught.value.motivo == "transicion"
    more = actions.alta(world.ana.replica.ambient, "prueba_renglon", {"cargo_id": cargo, "monto_centavos": 50})
    world.save(world.ana, [more])
    world.save(world.jefa, [world.pay(world.jefa, cuenta, 700), *world.move(world.jefa, cuenta, "cerrada")])
    assert world.sums(world.jefa, cuenta) == (700, 700, 0)
    world.ana.sync()
    assert world.jefa.sync().rejected == 1
    world.sync()
    assert world.sums(world.jefa, cuenta) == (750, 0, 750)
    assert world.jefa.row("prueba_cuenta", cuenta)["estado"] == "abierta"
    renamed = actions.editar("prueba_cuenta", world.jefa.row("prueba_cuenta", cuenta), {"nombre": "x"})
    with pytest.raises(Rejection) as caught:
        people.guardar(world.jefa.replica, world.office.people["rec"], renamed)
    assert caught.value.motivo == "permiso"
    world.whole()


def paid_and_closed(world: Play) -> None:
    """The last payment and the end in one Cambio; and what was only paid becomes so by itself, on the server."""
    closed, _, _ = world.account(world.jefa, "Al contado", [300])
    paid, _, _ = world.account(world.jefa, "Por transferencia", [300])
    world.sync()
    world.save(world.jefa, [world.pay(world.jefa, closed, 300), *world.move(world.jefa, closed, "cerrada")])
    world.save(world.jefa, [world.pay(world.jefa, paid, 300)])
    assert world.jefa.row("prueba_cuenta", paid)["estado"] == "abierta"
    assert world.jefa.sync().rejected == 0
    assert world.jefa.row("prueba_cuenta", closed)["estado"] == "cerrada"
    assert world.jefa.row("prueba_cuenta", paid)["estado"] == "pagada"
    world.sync()
    assert world.ana.row("prueba_cuenta", paid)["estado"] == "pagada"
    world.whole()


def mine_alone(world: Play) -> None:
    """Who goes by another key holds what has it, with all that hangs on it, and nothing that has none."""
    gema = world.office.people["gema"]
    mine, cargo, lines = world.account(world.jefa, "De Gema", [80], gema.usuario_id)
    nobodys, _, _ = world.account(world.jefa, "De nadie", [80])
    world.save(world.jefa, [world.pay(world.jefa, mine, 30)])
    world.sync()
    assert world.sums(world.gema, mine) == (80, 30, 50)
    assert world.here(world.gema, "prueba_cargo", cargo)
    assert world.here(world.gema, "prueba_renglon", lines[0])
    assert not world.here(world.gema, "prueba_cuenta", nobodys)
    world.whole()


def asked_by_others(world: Play) -> None:
    """Integrators see and write what their person may, as everybody else does."""
    gema = world.office.people["gema"]
    with serving(world.office) as server:
        server.give_password("jefa")
        server.give_password("gema")
        with server.client("jefa") as jefa, server.client("gema") as collector:
            every = jefa.get("/pruebas", params={"limite": 500}).json()["filas"]
            hers = collector.get("/pruebas", params={"limite": 500}).json()["filas"]
            assert {row["gestor_id"] for row in hers} == {gema.usuario_id}
            assert {row["id"] for row in hers} < {row["id"] for row in every}
            fields = {"nombre": "Por la API", "estado": "abierta", "sucursal_id": world.office.branch}
            made = jefa.post("/pruebas", json=fields)
            assert made.status_code == 201, made.text
            path, etag = f"/pruebas/{made.json()['id']}", made.headers["etag"]
            assert jefa.post("/pruebas", json=fields | {"saldo_centavos": 5}).status_code == 422
            assert jefa.patch(path, json={"nombre": "Otro"}, headers={"If-Match": etag}).status_code == 200
            assert jefa.patch(path, json={"nombre": "Tarde"}, headers={"If-Match": etag}).status_code == 412
            assert jefa.delete(path).status_code == 403
            assert collector.get(path).status_code == 404
            found = jefa.get("/pruebas", params={"buscar": "otro"}).json()["filas"]
            assert [row["nombre"] for row in found] == ["Otro"]
    world.sync()
    assert world.jefa.row("prueba_cuenta", path.rpartition("/")[2])["nombre"] == "Otro"
    world.whole()


def moved_away(world: Play) -> None:
    """Another key takes every level along, and the conflicts; who held it has nothing of it left."""
    gema = world.office.people["gema"]
    cuenta, cargo, lines = world.account(world.jefa, "Se va", [10, 20], gema.usuario_id)
    world.sync()
    for desk, texto in ((world.ana, "Una"), (world.jefa, "Otra")):
        world.save(desk, actions.editar("prueba_cuenta", desk.row("prueba_cuenta", cuenta), {"nombre": texto}))
        world.save(desk, actions.editar("prueba_cargo", desk.row("prueba_cargo", cargo), {"texto": texto}))
    world.sync()
    assert world.here(world.gema, "prueba_renglon", lines[0])
    with world.jefa.replica.reading() as connection:
        sql = "SELECT count(*) FROM conflicto WHERE registro_id IN (?, ?)"
        assert connection.exec_driver_sql(sql, (cuenta, cargo)).scalar() == 2
    row = world.ana.row("prueba_cuenta", cuenta)
    world.save(world.ana, actions.editar("prueba_cuenta", row, {"sucursal_id": world.norte, "gestor_id": None}))
    world.sync()
    for desk in (world.jefa, world.gema):
        for tabla, key in (("prueba_cuenta", cuenta), ("prueba_cargo", cargo), ("prueba_renglon", lines[1])):
            assert not world.here(desk, tabla, key), (desk.folder.name, tabla)
        with desk.replica.reading() as connection:
            sql = "SELECT count(*) FROM conflicto WHERE registro_id IN (?, ?)"
            assert connection.exec_driver_sql(sql, (cuenta, cargo)).scalar() == 0
    assert world.sums(world.ana, cuenta) == (30, 0, 30)
    world.whole()


def put_back(world: Play) -> None:
    """A restore of yesterday loses nothing that a station still holds: rows, sums, and what came of them."""
    if not world.office.central.store.is_sqlite:
        return
    cuenta, _, _ = world.account(world.jefa, "Antes del respaldo", [600])
    world.sync()
    copy = world.office.root / "respaldo.db"
    recovery.backup(world.office.central.data_dir, copy)
    world.save(world.jefa, [world.pay(world.jefa, cuenta, 250)])
    later, _, _ = world.account(world.ana, "Después", [40])
    world.sync()
    world.save(world.ana, [world.pay(world.ana, cuenta, 350)])
    world.sync()
    folder = world.office.central.data_dir
    world.office.central.close()
    recovery.restore(folder, copy, world.office.central.ambient)
    world.office.central = Central(folder, None, world.office.central.ambient)
    world.office.handler = SyncHandler(world.office.central)
    world.sync()
    world.sync()
    assert world.sums(world.jefa, cuenta) == (600, 600, 0)
    assert world.jefa.row("prueba_cuenta", cuenta)["estado"] == "pagada"
    assert world.sums(world.ana, later) == (40, 0, 40)
    world.whole()


def begun_anew(world: Play) -> None:
    """A new station has all of it from a snapshot."""
    fresh = world.office.desk("nueva", "ana")
    with fresh.replica.reading() as new, world.ana.replica.reading() as old:
        for tabla in ("prueba_cuenta", "prueba_cargo", "prueba_renglon", "prueba_pago"):
            query = f"SELECT * FROM {tabla} ORDER BY id"  # noqa: S608
            drop = rows.raw(old).execute(query).description[0][0] == "rid"
            ours, theirs = (
                [row[1:] if drop else row for row in rows.raw(connection).execute(query)] for connection in (new, old)
            )
            assert ours == theirs, tabla


PARTS = (
    offline,
    paid_elsewhere,
    edited_by_two,
    conflict,
    refused,
    paid_and_closed,
    mine_alone,
    asked_by_others,
    moved_away,
    put_back,
    begun_anew,
)
"""All of it, in order; each raises AssertionError, and stands for itself."""
