"""Stations: their enrolment, how one proves which it is, and their end.

A credential is derived from the server's key, the station's id and its code (domain.proofs). So a station that a
restored database doesn't know proves what it is, and is written down again.
"""

import os
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.base.ambient import CODES, to_instant
from domain.base.errors import KnownError
from domain.base.row import Row
from domain.proofs import same
from domain.wire import Op
from servitec_server import marks, rows
from servitec_server.central import Central
from servitec_server.errors import AuthError
from servitec_server.origin import Station
from servitec_server.tables import metadata

MAX_ANCESTORS = 50
PER_DAY = "50"
CLOSED, REVOKED = "cerrada", "revocado"
_MARKED = {"revocada": REVOKED, "clausurada": CLOSED}
"""`estado` by mark, the heavier first."""


def per_day() -> int:
    """How many stations one person enrols in a day; SERVITEC_ENROLMENTS_PER_DAY says otherwise.

    Raises:
        KnownError: what it says is no number.
    """
    told = os.environ.get("SERVITEC_ENROLMENTS_PER_DAY") or PER_DAY
    if not told.isdecimal():
        raise KnownError(
            f"SERVITEC_ENROLMENTS_PER_DAY es «{told}», y no un número.", "Corríjalo donde arranca el servidor."
        )
    return int(told)


class Stations:
    """The stations of one server."""

    def __init__(self, central: Central) -> None:
        self._central = central

    def known(self, header: str | None, *, revoked: bool = False) -> Station:
        """The station of an `X-Servitec-Estacion` header; with `revoked` also one that was revoked.

        Raises:
            AuthError: 403 credencial or revocada.
        """
        row = self._proved(header)
        if row is None or row["estado"] == CLOSED:
            raise AuthError(
                "El servidor no reconoce esta estación.", "Inscríbala de nuevo.", status=403, error="credencial"
            )
        if row["estado"] == REVOKED and not revoked:
            raise AuthError("Esta estación fue revocada.", "Hable con el administrador.", status=403, error="revocada")
        return self._station(row)

    def gone(self, keys: set[str]) -> set[str]:
        """Those of these stations that were revoked or closed, or that the database doesn't know."""
        with self._central.store.reading() as connection:
            found = {key: _row(connection, key) for key in sorted(keys)}
        return {key for key, row in found.items() if row is None or row["estado"] != "activo"}

    def by_id(self, key: str) -> Station:
        """The same for a station that the server itself names.

        Raises:
            KnownError: there is none such.
        """
        with self._central.store.reading() as connection:
            row = _row(connection, key)
        if row is None:
            raise KnownError(f"No existe la estación {key}.")
        return self._station(row)

    def enrol(self, actor: Actor, nombre: str, anterior: str | None = None, *, per_day: int | None = None) -> Row:
        """A new station; its row. `anterior` is the header of the one that it was, which is closed: no copy lives on.

        `per_day`: how many a person may enrol in a day.

        Raises:
            AuthError (429), Rejection, KnownError: nothing was written.
        """
        former = self._proved(anterior) if anterior else None
        if former is not None and former["estado"] == REVOKED:
            former = None
        key = self._central.ambient.new_id()

        def build(connection: Connection) -> list[Op]:
            if per_day is not None:
                self._count(connection, actor, per_day)
            campos: Row = {
                "nombre": nombre,
                "usuario_id": actor.usuario_id,
                "sucursal_id": actor.sucursal_id,
                "codigo": self._free_code(connection),
                "estado": "activo",
                "anterior_id": former["id"] if former else None,
            }
            ops = [Op(tabla="estacion", id=key, tipo="alta", campos=campos)]
            now = rows.get(connection, "estacion", str(former["id"])) if former else None
            if former is not None and now is not None:
                marks.put(connection, "sucesora", key, {"anterior": former["id"], "codigo": former["codigo"]})
                marks.put(connection, "clausurada", str(former["id"]), True)
                if now["estado"] != CLOSED:
                    ops += actions.editar("estacion", now, {"estado": CLOSED})
            return ops

        self._central.write(actor, build, trusted=True)
        with self._central.store.reading() as connection:
            row = rows.get(connection, "estacion", key)
        if row is None:
            raise KnownError("La estación no quedó inscrita.", "Repita la inscripción.")
        return row

    def revoke(self, actor: Actor, key: str, ip: str | None) -> None:
        """The station may do nothing any more but hand over what it holds; a restore doesn't undo it."""

        def build(connection: Connection) -> list[Op]:
            row = rows.get(connection, "estacion", key)
            if row is None:
                raise KnownError(f"No existe la estación {key}.")
            marks.put(connection, "revocada", key, True)
            return actions.editar("estacion", row, {"estado": REVOKED})

        self._central.write(actor, build, trusted=True, ip=ip)

    def credential(self, row: Row) -> str:
        """What a station shows beside its id and code."""
        return self._central.prover.credential(str(row["id"]), str(row["codigo"]))

    def header(self, row: Row) -> str:
        """The `X-Servitec-Estacion` header of a station."""
        return f"{row['id']}:{row['codigo']}:{self.credential(row)}"

    def _proved(self, header: str | None) -> Row | None:
        """The station that a header proves; None: it proves nothing."""
        parts = (header or "").split(":")
        if len(parts) != 3 or not same(parts[2], self._central.prover.credential(parts[0], parts[1])):
            return None
        key, codigo, _ = parts
        with self._central.store.reading() as connection:
            row = _row(connection, key)
        if row is None:
            self._write_again(key, codigo)
            with self._central.store.reading() as connection:
                row = _row(connection, key)
        return row

    def _write_again(self, key: str, codigo: str) -> None:
        """A station that the database lost, and with it those that it was."""

        def build(connection: Connection) -> list[Op]:
            ops: list[Op] = []
            older: dict[str, Any] | None = {"anterior": key, "codigo": codigo}
            while older is not None and len(ops) < MAX_ANCESTORS:
                here, code = str(older["anterior"]), str(older["codigo"])
                if rows.get(connection, "estacion", here) is not None:
                    break
                older = marks.of_kind(connection, "sucesora").get(here)
                campos: Row = {"nombre": f"Estación {code}", "codigo": code}
                campos["estado"] = _marked(connection, here) or "activo"
                campos["anterior_id"] = older["anterior"] if older else None
                ops.append(Op(tabla="estacion", id=here, tipo="alta", campos=campos))
            return ops

        self._central.write(SISTEMA, build, trusted=True)

    def _station(self, row: Row) -> Station:
        """With the codes and ids of the stations that it was."""
        codes, ids, older = {str(row["codigo"])}, set[str](), row["anterior_id"]
        if older is not None:
            with self._central.store.reading() as connection:
                while older is not None and len(ids) < MAX_ANCESTORS:
                    ids.add(str(older))
                    before = rows.get(connection, "estacion", str(older))
                    codes |= {str(before["codigo"])} if before else set()
                    older = before["anterior_id"] if before else None
        branch = None if row["sucursal_id"] is None else str(row["sucursal_id"])
        key, code = str(row["id"]), str(row["codigo"])
        return Station(key, code, branch, frozenset(codes), frozenset(ids), row["estado"] == REVOKED)

    def _count(self, connection: Connection, actor: Actor, per_day: int) -> None:
        """Who may enrol can't use up what codes there are."""
        estacion = metadata.tables["estacion"]
        since = to_instant(self._central.ambient.now() - timedelta(days=1))
        mine = (estacion.c.usuario_id == actor.usuario_id) & (estacion.c.creado_en > since)
        if (connection.execute(select(func.count()).where(mine)).scalar() or 0) >= per_day:
            raise AuthError(
                f"Ya inscribió {per_day} estaciones en un día.",
                "Siga mañana, o pida a otra persona que inscriba.",
                status=429,
                error="limite",
            )

    def _free_code(self, connection: Connection) -> str:
        """A code that was never given: drawn, so that what a restored database gives again is seldom another's."""
        estacion = metadata.tables["estacion"]
        given = set(connection.execute(select(estacion.c.codigo)).scalars())
        given |= marks.of_kind(connection, "codigo").keys()
        free = [code for code in CODES if code not in given]
        if not free:
            raise KnownError("No quedan códigos de estación.", "Hable con quien administra el servidor.")
        return self._central.ambient.rng.choice(free)


def revoked(connection: Connection, key: str) -> bool:
    """Was this station revoked by now?"""
    row = _row(connection, key)
    return row is not None and row["estado"] == REVOKED


def _row(connection: Connection, key: str) -> Row | None:
    """A station's row; what the marks say of it counts, whatever a restore brought back."""
    row = rows.get(connection, "estacion", key)
    marked = _marked(connection, key) if row is not None and row["estado"] != REVOKED else None
    return row if row is None or marked is None else {**row, "estado": marked}


def _marked(connection: Connection, key: str) -> str | None:
    """The `estado` that the marks give a station."""
    sql = "SELECT tipo FROM permanente WHERE clave = ? AND tipo IN"
    found = {str(row[0]) for row in rows.select(connection, sql, tuple(_MARKED), key)}
    return next((estado for tipo, estado in _MARKED.items() if tipo in found), None)
