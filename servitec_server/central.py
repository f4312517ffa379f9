"""The central server without HTTP: its database, its identity, and its own changes as station `00`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from domain import actions
from domain.ambient import Ambient, station_code
from domain.catalogos import catalogos
from domain.errors import KnownError, Rejection
from domain.permissions import SISTEMA, Actor
from domain.proofs import Prover, fingerprint_of
from domain.schema import SCHEMA
from domain.tables import TABLES, Row
from domain.wire import Answer, Cambio, Op, canonical, fingerprint
from servitec_server import rows
from servitec_server.apply import Batch, epoch_of, head, next_number
from servitec_server.key import draw_key, fitting_key, key_file
from servitec_server.store import Store
from servitec_server.tables import metadata, permanente, serie, servidor
from servitec_server.work import OWN_CODE, Announcement, Station

CENTRAL = "CENTRAL"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which database this is. Its epoch isn't here: it may change meanwhile."""

    server_id: str
    own: Station


class Central:
    """The server's core. `listeners` hear every announcement, after the commit."""

    def __init__(self, data_dir: Path, database_url: str | None = None, ambient: Ambient | None = None) -> None:
        """Open the database; a new one gets an identity, the branch CENTRAL and the catalogues.

        Raises:
            KnownError: the database can't be opened.
        """
        self.ambient = ambient or Ambient()
        self.data_dir = data_dir
        self.store = Store(data_dir, database_url)
        self.listeners: list[Callable[[list[Announcement]], None]] = []
        with self.store.reading() as connection:
            known: dict[str, str] = {row.clave: row.valor for row in connection.execute(select(servidor))}
        if not known:
            known = self._found()
        key = fitting_key(key_file(data_dir), known["clave"])
        self.identity = _identity(known)
        self.prover = Prover(key, known["server_id"], self._started())
        self._seed()

    def close(self) -> None:
        """Close the database."""
        self.store.close()

    def epoch(self) -> str:
        """The epoch of now; `new-epoch` changes it while processes run."""
        with self.store.reading() as connection:
            return epoch_of(connection)

    def publish(self, announcements: list[Announcement]) -> None:
        """Tell the listeners, after the commit."""
        if announcements:
            for listener in self.listeners:
                listener(announcements)

    def write(
        self,
        actor: Actor,
        build: Callable[[Connection], list[Op]],
        *,
        trusted: bool = False,
        ip: str | None = None,
        reemplaza: str | None = None,
    ) -> Answer | None:
        """One action of the server's own station, through `apply`; None when `build` finds nothing to do.

        `reemplaza`: the id of a refused Cambio that this one is instead of.

        Raises:
            Rejection: a rule refuses it; nothing was written.
        """
        with self.store.writing() as connection:
            ops = build(connection)
            if not ops:
                return None
            batch = Batch(connection, self.ambient, self.prover, ip)
            item = self._own_cambio(connection, actor, ops, reemplaza)
            batch.prefetch([item], self.identity.own)
            answer = batch.take(item, self.identity.own, trusted=trusted)
            if answer.resultado != "aplicado":
                raise Rejection(answer.motivo or "rechazado", answer.mensaje or "El servidor no aceptó el cambio.")
            announcements = batch.finish()
        self.publish(announcements)
        return answer

    def _own_cambio(self, connection: Connection, actor: Actor, ops: list[Op], reemplaza: str | None) -> Cambio:
        n = next_number(connection, "n")
        item = Cambio(id=self.ambient.new_id(), n=n, usuario_id=actor.usuario_id, schema=SCHEMA, ops=ops)
        item.reemplaza = reemplaza
        item.huella = fingerprint(item.model_dump(by_alias=True))
        return item

    def create_station(self, actor: Actor, nombre: str, credencial_hash: str, anterior_id: str | None = None) -> Row:
        """Enrol a station; its row. Its code is never given again; `anterior_id` is the station that it was."""
        created: list[str] = []

        def build(connection: Connection) -> list[Op]:
            campos: Row = {
                "nombre": nombre,
                "usuario_id": actor.usuario_id,
                "sucursal_id": actor.sucursal_id,
                "codigo": station_code(next_number(connection, "estacion")),
                "credencial_hash": credencial_hash,
                "estado": "activo",
                "anterior_id": anterior_id,
            }
            op = actions.alta(self.ambient, "estacion", campos)
            created.append(op.id)
            return [op]

        self.write(actor, build, trusted=True)
        with self.store.reading() as connection:
            row = rows.get(connection, "estacion", created[0])
        if row is None:
            raise KnownError("La estación no quedó inscrita.", "Repita la inscripción.")
        return row

    def _found(self) -> dict[str, str]:
        """Give a new database its identity."""
        known = {name: self.ambient.new_id() for name in ("server_id", "epoch", "estacion_id")}
        known["clave"] = fingerprint_of(draw_key(key_file(self.data_dir)))
        with self.store.writing() as connection:
            there: dict[str, str] = {row.clave: row.valor for row in connection.execute(select(servidor))}
            if there:
                return there
            connection.execute(insert(servidor), [{"clave": k, "valor": v} for k, v in known.items()])
            connection.execute(
                insert(serie), [{"nombre": n, "ultimo": 0} for n in ("n", "estacion", "cliente", "folio")]
            )
        return known

    def _started(self) -> str:
        """Note this start of the server, and where in its history it began; gives its id."""
        start = self.ambient.new_id()
        with self.store.writing() as connection:
            values = {"epoca": epoch_of(connection), "version": head(connection)[0], "en": self.ambient.instant()}
            connection.execute(insert(permanente), {"tipo": "arranque", "clave": start, "valor": canonical(values)})
        return start

    def _seed(self) -> None:
        """The server's own station, the branch CENTRAL and the catalogues, as the first Cambios."""

        def build(connection: Connection) -> list[Op]:
            sucursal = metadata.tables["sucursal"]
            if connection.execute(select(sucursal.c.id).limit(1)).first() is not None:
                return []
            own = Op(
                tabla="estacion",
                id=self.identity.own.id,
                tipo="alta",
                campos={"nombre": "Servidor central", "codigo": OWN_CODE, "estado": "activo"},
            )
            ops = [own, actions.alta(self.ambient, "sucursal", {"codigo": CENTRAL, "nombre": "Central"})]
            return ops + [actions.alta(self.ambient, tabla, campos) for tabla, campos in catalogos()]

        self.write(SISTEMA, build, trusted=True)


def _identity(known: dict[str, str]) -> Identity:
    return Identity(known["server_id"], Station(known["estacion_id"], OWN_CODE))


def set_secret_columns(connection: Connection, usuario_id: str, **values: object) -> None:
    """Change columns of `usuario` that never leave the server; no version, no announcement."""
    table = metadata.tables["usuario"]
    if not all(TABLES["usuario"].by_name[name].server_only for name in values):
        raise ValueError("only columns that never leave the server")
    connection.execute(update(table).where(table.c.id == usuario_id).values(**values))
