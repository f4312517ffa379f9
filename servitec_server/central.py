"""The central server without HTTP: its database, its identity, and its own changes as station `00`."""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, insert, select, update

from domain.base import actions
from domain.base.actor import SISTEMA, Actor
from domain.base.ambient import Ambient
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.model import TABLES, iniciales
from domain.proofs import Prover, fingerprint_of
from domain.upgrade import SCHEMA
from domain.wire import Answer, Cambio, Cursor, Op, fingerprint
from servitec_server import marks, rows
from servitec_server.announcement import Announcement
from servitec_server.batch import Batch
from servitec_server.epochs import common_with, epoch_of, last_common, open_epoch, put_back
from servitec_server.history import head, next_number
from servitec_server.key import NAME as KEY_NAME
from servitec_server.key import drawn_key, fitting_key, key_file, read_key
from servitec_server.origin import OWN_CODE, Station
from servitec_server.store import Store
from servitec_server.tables import metadata, serie, servidor
from servitec_server.working_set import Key

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identity:
    """Which database this is. Its epoch isn't here: it may change meanwhile."""

    server_id: str
    own: Station


class Central:
    """The server's core. `listeners` hear every announcement, after the commit."""

    def __init__(self, data_dir: Path, database_url: str | None = None, ambient: Ambient | None = None) -> None:
        """Open the database; a new one gets an identity and a company's first rows.

        Raises:
            KnownError: the database can't be opened.
        """
        self.ambient = ambient or Ambient()
        self.data_dir = data_dir
        self.store = Store(data_dir, database_url)
        self._mirroring = threading.Lock()
        self._unmirrored = False
        self.listeners: list[Callable[[list[Announcement]], None]] = []
        with self.store.reading() as connection:
            known: dict[str, str] = {row.clave: row.valor for row in connection.execute(select(servidor))}
        try:
            mirror = marks.read_mirror(data_dir)
            known = known or self._found(mirror)
            check_mirror(mirror, known["server_id"], data_dir)
            key = fitting_key(key_file(data_dir), known["clave"])
        except KnownError:
            self.store.close()
            raise
        self.identity = _identity(known)
        self.prover = Prover(key, known["server_id"], self._started(mirror))
        self._seed()
        self._decided(mirror)

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
        if any(item.tabla in ("usuario", "estacion") for item in announcements):
            self.mirror()

    def branch_off(self, cursor: Cursor) -> None:
        """A good cursor isn't in the history: the database was put back. An epoch opens, unless one just did."""
        with self.store.writing() as connection:
            if not put_back(connection, cursor):
                return
            common = common_with(connection, cursor.arranque)
            epoch = open_epoch(connection, self.ambient, common, "una estación conoce una historia que ya no está")
            marks.put(connection, "aviso", epoch, {"tipo": "base_atras", "en": self.ambient.instant()})
            log.warning("the database was put back behind version %s: epoch %s begins", cursor.version, epoch)
        self.mirror()

    def mirror(self) -> None:
        """Write the marks into the data folder, where a restore leaves them alone; the newest last.

        Where the folder refuses, what was decided stands all the same: `mirror_again` tries until it doesn't.
        """
        with self._mirroring:
            self._unmirrored = True
            with self.store.reading() as connection:
                found = marks.collect(connection)
            try:
                marks.write_mirror(self.data_dir, found)
            except OSError as error:
                log.error("the marks can't be written to %s: %s", self.data_dir, error.strerror)
            else:
                self._unmirrored = False

    def mirror_again(self) -> None:
        """The same, if it failed the last time."""
        if self._unmirrored:
            self.mirror()

    def write(
        self,
        actor: Actor,
        build: Callable[[Connection], list[Op]],
        *,
        trusted: bool = False,
        ip: str | None = None,
    ) -> Answer | None:
        """One action of the server's own station, through `apply`; None when `build` finds nothing to do.

        Raises:
            Rejection: a rule refuses it; nothing was written.
        """
        with self.store.writing() as connection:
            ops = build(connection)
            if not ops:
                return None
            batch = Batch(connection, self.ambient, self.prover, ip)
            item = self._own_cambio(connection, actor, ops)
            batch.prefetch([item], self.identity.own)
            answer = batch.take(item, self.identity.own, trusted=trusted)
            if answer.resultado != "aplicado":
                raise Rejection(answer.motivo or "rechazado", answer.mensaje or "El servidor no aceptó el cambio.")
            announcements = batch.finish()
        self.publish(announcements)
        return answer

    def approve(
        self, supervisor: Actor, take_up: Callable[[Connection], Cambio], station: Station, ip: str | None
    ) -> Answer:
        """A refused Cambio of a station, under its own id and in its author's name; `take_up` gives it.

        Raises:
            Rejection: it isn't the supervisor's right either, or a rule is against it; nothing was written.
        """
        with self.store.writing() as connection:
            item = take_up(connection)
            batch = Batch(connection, self.ambient, self.prover, ip)
            batch.prefetch([item], station)
            answer = batch.approve(item, station, supervisor)
            announcements = batch.finish()
        self.publish(announcements)
        return answer

    def mend(self, right: Callable[[Connection], dict[Key, Row]]) -> dict[Key, Row]:
        """Put rows that are added up right, in the name of the server; `right` gives what they should hold."""
        with self.store.writing() as connection:
            wrong = right(connection)
            if not wrong:
                return {}
            batch = Batch(connection, self.ambient, self.prover)
            batch.mend(self._own_cambio(connection, SISTEMA, []), self.identity.own, wrong)
            announcements = batch.finish()
        self.publish(announcements)
        return wrong

    def _own_cambio(self, connection: Connection, actor: Actor, ops: list[Op]) -> Cambio:
        n = next_number(connection, "n")
        item = Cambio(id=self.ambient.new_id(), n=n, usuario_id=actor.usuario_id, schema=SCHEMA, ops=ops)
        item.huella = fingerprint(item.model_dump(by_alias=True))
        return item

    def _found(self, mirror: marks.Marks | None) -> dict[str, str]:
        """Give a new database its identity, and its key: the one that is named, or a fresh one.

        Raises:
            KnownError: this folder had a database.
        """
        if mirror is not None or (self.store.is_sqlite and (self.data_dir / KEY_NAME).exists()):
            raise KnownError(
                f"La carpeta {self.data_dir} es de un servidor, y su base de datos no está.",
                "Restaure un respaldo con «servitec-server restore», o use una carpeta nueva.",
            )
        known = {name: self.ambient.new_id() for name in ("server_id", "epoch", "estacion_id")}
        path = key_file(self.data_dir)
        known["clave"] = fingerprint_of(read_key(path) or drawn_key(path))
        with self.store.writing() as connection:
            there: dict[str, str] = {row.clave: row.valor for row in connection.execute(select(servidor))}
            if there:
                return there
            connection.execute(insert(servidor), [{"clave": k, "valor": v} for k, v in known.items()])
            connection.execute(insert(serie), [{"nombre": n, "ultimo": 0} for n in ("n", "cliente", "folio")])
        return known

    def _started(self, mirror: marks.Marks | None) -> str:
        """Note this start of the server, and where in its history it began; gives its id.

        A database that lacks what the folder remembers was put back: a new epoch begins.
        """
        start = self.ambient.new_id()
        with self.store.writing() as connection:
            marks.put(connection, "epoca", epoch_of(connection), {"padre": None, "version": 0})
            if mirror is not None:
                common = last_common(connection, mirror)
                marks.adopt(connection, mirror)
                if common is not None:
                    open_epoch(connection, self.ambient, common, "la base se puso atrás")
            values = {"epoca": epoch_of(connection), "version": head(connection)[0], "en": self.ambient.instant()}
            marks.put(connection, "arranque", start, values)
            found = marks.collect(connection)
        marks.write_mirror(self.data_dir, marks.merged(found, mirror or {}))
        return start

    def _decided(self, mirror: marks.Marks | None) -> None:
        """Revocations, closed accounts and generations that the database doesn't know any more hold on."""
        if mirror is None:
            return
        decided: list[tuple[str, str, Row]] = [
            ("estacion", "revocadas", {"estado": "revocado"}),
            ("usuario", "cerradas", {"activo": False}),
        ]
        for tabla, name, campos in decided:
            with self.store.reading() as connection:
                found = list(rows.get_many(connection, tabla, mirror.get(name, ())))
            for row in found:
                ops = actions.editar(tabla, row, campos)
                self.write(SISTEMA, partial(_these, ops), trusted=True)
        with self.store.writing() as connection:
            for key, generation in mirror.get("generaciones", {}).items():
                usuario = rows.get(connection, "usuario", key)
                if usuario is not None and int(usuario["generacion"] or 0) < generation:
                    set_secret_columns(connection, key, generacion=generation)

    def _seed(self) -> None:
        """The server's own station and a company's first rows, as the first Cambio of its history."""

        def build(connection: Connection) -> list[Op]:
            if head(connection)[0] > 0:
                return []
            own = Op(
                tabla="estacion",
                id=self.identity.own.id,
                tipo="alta",
                campos={"nombre": "Servidor central", "codigo": OWN_CODE, "estado": "activo"},
            )
            return [own, *(actions.alta(self.ambient, tabla, campos) for tabla, campos in iniciales())]

        self.write(SISTEMA, build, trusted=True)


@contextmanager
def opened(data_dir: Path) -> Iterator[Central]:
    """The server of a folder, for one command; its database is the one that the environment names, or SQLite there.

    Raises:
        KnownError: the database can't be opened.
    """
    central = Central(data_dir, os.environ.get("SERVITEC_DATABASE_URL") or None)
    try:
        yield central
    finally:
        central.close()


def _identity(known: dict[str, str]) -> Identity:
    return Identity(known["server_id"], Station(known["estacion_id"], OWN_CODE))


def _these(ops: list[Op], _: Connection) -> list[Op]:
    return ops


def check_mirror(mirror: marks.Marks | None, server_id: str, data_dir: Path) -> None:
    """Refuse a folder that remembers another server.

    Raises:
        KnownError: it does.
    """
    if mirror is not None and mirror["server_id"] != server_id:
        raise KnownError(
            f"La carpeta {data_dir} es de otro servidor que esta base de datos.",
            "Use la carpeta de esta base, o una nueva.",
        )


def set_secret_columns(connection: Connection, usuario_id: str, **values: object) -> None:
    """Change columns of `usuario` that never leave the server; no version, no announcement."""
    table = metadata.tables["usuario"]
    if not all(TABLES["usuario"].by_name[name].server_only for name in values):
        raise ValueError("only columns that never leave the server")
    connection.execute(update(table).where(table.c.id == usuario_id).values(**values))
