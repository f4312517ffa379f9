"""Cambios made by hand, as a station that lies would send them, straight into the server's push."""

import json
from typing import Any

from sqlalchemy import text

from domain.base.actor import Actor
from domain.incoming import read_push
from domain.proofs import sign
from domain.scope import Scope
from domain.upgrade import SCHEMA
from domain.wire import Answer, Op, PushReply, fingerprint
from servitec_server.origin import Station
from tests.company import Desk, Office

Body = dict[str, Any]


def body(office: Office, actor: Actor, n: int, *ops: Op, **more: Any) -> Body:
    """A Cambio without proof."""
    made: Body = {"id": office.central.ambient.new_id(), "n": n, "usuario_id": actor.usuario_id, "schema": SCHEMA}
    made |= {"visto": {"version": 0, "cambio_id": None}, "depende": [], "reemplaza": None}
    made |= {"ops": [op.model_dump() for op in ops], **more}
    return made | {"huella": fingerprint(made)}


def signed(office: Office, cambio: Body, by: Actor, station: Station, generation: int = 1) -> Body:
    """With the `firma` that this person would make on this station."""
    firmante = office.central.prover.signer(station.id, by.usuario_id, generation)
    return cambio | {"firma": sign(firmante, cambio["huella"]).model_dump()}


def receipt(office: Office, cambio: Body, epoca: str, version: int, *perdidos: tuple[str, str, str]) -> Body:
    """The receipt that the server would give for it."""
    made = office.central.prover.receipt(cambio["id"], cambio["huella"], epoca, "arranque", version, perdidos)
    return made.model_dump()


def send(office: Office, station: Station, *cambios: Body, scope: Scope | None = None) -> PushReply:
    """Push them."""
    request = read_push(json.dumps({"schema": SCHEMA, "cambios": cambios}).encode())
    return office.handler.push(request, station, scope)


def told(office: Office, desk: Desk, *cambios: Body) -> list[tuple[str, str | None]]:
    """What the server answers to each: resultado and motivo."""
    return [said(answer) for answer in send(office, desk.station, *cambios).answers]


def said(answer: Answer) -> tuple[str, str | None]:
    """An answer in short."""
    return answer.resultado, answer.motivo


def column(office: Office, sql: str, **values: Any) -> list[Any]:
    """One column of the server's database."""
    with office.central.store.reading() as connection:
        return list(connection.execute(text(sql), values).scalars())
