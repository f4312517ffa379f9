"""A field that lost: both values and both authors are kept in `conflicto`."""

import uuid
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import Connection, select

from domain.base.errors import Rejection
from domain.base.row import ReadRow, Row, Value
from domain.base.table import COMMON
from domain.model import TABLES
from domain.wire import Op, canonical
from servitec_server import rows
from servitec_server.step import Step
from servitec_server.tables import bitacora
from servitec_server.working_set import Key, WorkingSet


class Conflicts:
    """What a transaction has to know to record conflicts: each row is looked up once, however much of it loses."""

    def __init__(self, working: WorkingSet) -> None:
        self._rows = working
        self._of: dict[str, set[str]] = {}
        self._noted: list[dict[str, Any]] = []
        self._unwritten: dict[Key, list[dict[str, Any]]] = {}
        self._trail: dict[Key, dict[str, tuple[Value, Value]]] = {}

    def note(self, entries: Iterable[dict[str, Any]]) -> None:
        """Entries of the audit trail that aren't in the database yet."""
        self._noted += entries

    def written(self) -> None:
        """They are now."""
        self._noted.clear()
        self._unwritten.clear()
        self._trail.clear()

    def record(self, step: Step, op: Op, current: ReadRow, campo: str) -> None:
        """Keep the late value of one field; an open conflict of the same station, row and field is updated.

        Raises:
            Rejection: the field is one that no replica holds: neither may its values.
        """
        if not TABLES[op.tabla].by_name[campo].replicated:
            raise Rejection(
                "modificado", f"Otra persona cambió {TABLES[op.tabla].campo(campo)} antes.", "Repita el cambio."
            )
        author, moment = self._author(op, campo)
        now = self._rows.get(op.tabla, op.id) or current
        row: Row = {
            "version": step.version,
            "actualizado_en": step.instant,
            "actualizado_por": step.cambio.usuario_id,
            "estacion_id": None,
            **{name: now.get(name) for name in TABLES["conflicto"].claves},
            "valor_servidor": canonical(current[campo]),
            "valor_tardio": canonical(op.campos[campo]),
            "autor_servidor_id": author,
            "autor_tardio_id": self._known(step.cambio.usuario_id),
            "servidor_en": moment,
            "tardio_en": step.instant,
            "cambio_id": step.cambio.id,
        }
        open_one = self._open(step.station.id, op, campo)
        if open_one is not None:
            row = {**open_one, **row}
        else:
            fresh: Row = {col.name: None for col in COMMON + TABLES["conflicto"].cols}
            fresh |= {"id": _key(step, op, campo), "creado_en": step.instant, "creado_por": step.cambio.usuario_id}
            fresh |= {"tabla": op.tabla, "registro_id": op.id, "campo": campo, "estacion_tardia_id": step.station.id}
            row = {**fresh, **row}
        step.add_row("conflicto", row, "conflicto_creado")
        self._of[op.id].add(str(row["id"]))
        step.perdidos.append((op.tabla, op.id, campo))

    def _open(self, estacion_id: str, op: Op, campo: str) -> Row | None:
        if op.id not in self._of:
            stored = rows.get_many(self._rows.connection, "conflicto", [op.id], by="registro_id")
            self._of[op.id] = {str(row["id"]) for row in stored}
            self._rows.load(("conflicto", key) for key in self._of[op.id])
        for key in sorted(self._of[op.id]):
            row = self._rows.get("conflicto", key)
            if row is None or row["resuelto_en"] is not None:
                continue
            if (row["tabla"], row["campo"], row["estacion_tardia_id"]) == (op.tabla, campo, estacion_id):
                return row
        return None

    def _author(self, op: Op, campo: str) -> tuple[Value, Value]:
        """Who gave the field the value that stands, and when, from the audit trail."""
        key = (op.tabla, op.id)
        for entry in self._noted:
            self._unwritten.setdefault((entry["entidad"], entry["entidad_id"]), []).append(entry)
        self._noted.clear()
        for entry in reversed(self._unwritten.get(key, [])):
            if entry["despues"] is not None and campo in orjson.loads(entry["despues"]):
                return self._known(entry["usuario_id"]), entry["ocurrio_en"]
        if key not in self._trail:
            self._trail[key] = _last_authors(self._rows.connection, key)
        usuario_id, moment = self._trail[key].get(campo, (None, None))
        return self._known(usuario_id), moment

    def _known(self, usuario_id: Value) -> Value:
        return usuario_id if usuario_id and self._rows.get("usuario", str(usuario_id)) is not None else None


def _key(step: Step, op: Op, campo: str) -> str:
    """The id of a conflict: the same again where a database was put back and its Cambio comes to the same place."""
    told = f"{step.cambio.id}{step.version}{op.tabla}{op.id}{campo}"
    return str(uuid.UUID(bytes=blake2b(told.encode(), digest_size=16).digest()))


def _last_authors(connection: Connection, key: Key) -> dict[str, tuple[Value, Value]]:
    """For each column of a row: its last author, and when."""
    stored = connection.execute(
        select(bitacora.c.usuario_id, bitacora.c.ocurrio_en, bitacora.c.despues)
        .where(bitacora.c.entidad_id == key[1], bitacora.c.entidad == key[0], bitacora.c.despues.is_not(None))
        .order_by(bitacora.c.version, bitacora.c.id)
    )
    return {name: (usuario_id, moment) for usuario_id, moment, despues in stored for name in orjson.loads(despues)}
