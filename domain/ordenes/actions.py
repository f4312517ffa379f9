"""What people do with orders, as the operations of one Cambio: screens, command line and REST use these."""

import json
import string
from dataclasses import dataclass

from domain.base.actions import alta, editar
from domain.base.actor import Actor
from domain.base.ambient import Ambient
from domain.base.row import ReadRow, Row, Value
from domain.wire import Op, canonical

_CODE_LETTERS = string.ascii_letters + string.digits


def codigo_publico(ambient: Ambient) -> str:
    """22 random letters and digits (130 bits): the key of the public status page."""
    return "".join(ambient.rng.choice(_CODE_LETTERS) for _ in range(22))


@dataclass(frozen=True, slots=True)
class Recepcion:
    """What the counter takes down for a new order; existing rows by id, or the fields of new ones."""

    tipo: str = "taller"
    cliente_id: str | None = None
    cliente: Row | None = None
    equipo_id: str | None = None
    equipo: Row | None = None
    orden: Row | None = None


def recibir(ambient: Ambient, actor: Actor, sucursal: ReadRow, folio: str, recepcion: Recepcion) -> list[Op]:
    """A reception: client and device where new, the order, its first history line. The order's Op is the
    first with tabla == "orden".
    """
    ops: list[Op] = []
    cliente_id, equipo_id = recepcion.cliente_id, recepcion.equipo_id
    if cliente_id is None and recepcion.cliente is not None:
        ops.append(alta(ambient, "cliente", {"pais": sucursal["pais"], **recepcion.cliente}))
        cliente_id = ops[-1].id
    if equipo_id is None and recepcion.equipo is not None:
        ops.append(alta(ambient, "equipo", {"cliente_id": cliente_id, **recepcion.equipo}))
        equipo_id = ops[-1].id
    now = ambient.instant()
    orden: Row = {
        "folio": folio,
        "tipo": recepcion.tipo,
        "sucursal_id": sucursal["id"],
        "cliente_id": cliente_id,
        "equipo_id": equipo_id,
        "estado": "recibida",
        "recibido_por_id": actor.usuario_id,
        "recepcion_en": now,
        "moneda": sucursal["moneda"],
        "codigo_publico": codigo_publico(ambient),
        **(recepcion.orden or {}),
    }
    ops.append(alta(ambient, "orden", orden))
    ops.append(_historial(ambient, ops[-1].id, {"a_estado": orden["estado"], "ocurrio_en": now}))
    return ops


def _historial(ambient: Ambient, orden_id: str, campos: Row) -> Op:
    return alta(ambient, "historial_orden", {"orden_id": orden_id, **campos})


def cambiar_estado(
    ambient: Ambient,
    vista: ReadRow,
    a_estado: str,
    *,
    nota: str | None = None,
    motivo_id: str | None = None,
    tecnico_id: str | None = None,
) -> list[Op]:
    """Move an order to another state; `tecnico_id` also assigns it."""
    campos: Row = {"estado": a_estado}
    line: Row = {"a_estado": a_estado, "ocurrio_en": ambient.instant(), "nota": nota or None, "motivo_id": motivo_id}
    if tecnico_id is not None and tecnico_id != vista["tecnico_id"]:
        campos["tecnico_id"] = tecnico_id
        line["a_tecnico_id"] = tecnico_id
    if motivo_id is not None:
        campos["motivo_id"] = motivo_id
    op = Op(
        tabla="orden",
        id=str(vista["id"]),
        tipo="cambio",
        base=int(vista["version"] or 0),
        campos=campos,
        antes={k: vista[k] for k in campos},
    )
    return [op, _historial(ambient, op.id, line)]


def asignar(ambient: Ambient, vista: ReadRow, tecnico_id: str) -> list[Op]:
    """Give an order to a technician; one that was `recibida` becomes `asignada`."""
    if vista["estado"] == "recibida":
        return cambiar_estado(ambient, vista, "asignada", tecnico_id=tecnico_id)
    ops = editar("orden", vista, {"tecnico_id": tecnico_id})
    if ops:
        line: Row = {"a_tecnico_id": tecnico_id, "ocurrio_en": ambient.instant()}
        ops.append(_historial(ambient, ops[0].id, line))
    return ops


def comentar(ambient: Ambient, orden: ReadRow, texto: str, visibilidad: str = "interna") -> list[Op]:
    """Add a comment to an order."""
    campos: Row = {
        "entidad": "orden",
        "entidad_id": orden["id"],
        "texto": texto,
        "visibilidad": visibilidad,
    }
    return [alta(ambient, "comentario", campos)]


def accesorios(names: list[str]) -> str | None:
    """The stored form of a list of accessories."""
    return canonical(names) if names else None


def accesorios_de(guardado: Value) -> list[str]:
    """The accessories of an order, from their stored form; one that isn't a list is one accessory, as it was typed."""
    if guardado is None or guardado == "":
        return []
    try:
        found = json.loads(str(guardado))
        items = found if isinstance(found, list) else [found]
        there = [item for item in items if item is not None]
        names = [item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in there]
    except (ValueError, RecursionError):
        names = [str(guardado)]
    return [name for name in names if name.strip()]
