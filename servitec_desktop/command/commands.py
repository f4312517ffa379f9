"""What each command does. They share the code of the screens."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from console.terminal import read_password
from domain.base import actions
from domain.base.actor import Actor
from domain.base.errors import KnownError
from domain.base.row import Row, Value
from domain.model import TABLES
from domain.ordenes import actions as de_ordenes
from local_db import open_items, people, state
from local_db.catalogos import queries as leer_catalogos
from local_db.clientes import queries as leer_clientes
from local_db.ordenes import importing
from local_db.ordenes import queries as leer_ordenes
from local_db.organizacion import queries as leer_organizacion
from local_db.replica import Replica
from servitec_desktop import palabras, propio
from servitec_desktop.context import Context
from servitec_desktop.propio import local
from sync import llaves, session
from sync.engine import SyncEngine
from sync.transport import HttpTransport


@contextmanager
def open_replica(context: Context, *, write: bool) -> Iterator[Replica]:
    """The station's replica, for one command."""
    replica = Replica.open(context.data_dir, owner="la línea de comandos", write=write)
    try:
        if write:
            session.resume(replica, context.store())
        with replica.reading() as connection:
            propio.use(people.own_branch(connection))
        yield replica
    finally:
        replica.close()


def _show(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False))


def enroll(context: Context, options: argparse.Namespace) -> int:
    """Make this folder a station."""
    password = read_password("servitec enroll")
    with open_replica(context, write=True) as replica:
        store = context.store()
        timeout = context.config.api_server.timeout
        session.enroll(replica, store, options.server, options.username, password, options.estacion, timeout)
        with replica.reading() as connection:
            known = state.read(connection)
        print(f"Estación {known.codigo} «{known.estacion_nombre}» inscrita en {known.server_url}. {store.note}".strip())
    return 0


def sign_in(context: Context, options: argparse.Namespace) -> int:
    """Sign a person in."""
    password = read_password("servitec sign-in")
    with open_replica(context, write=True) as replica:
        store = context.store()
        config = context.config
        days = config.offline_mode.max_days_without_server
        signed = session.sign_in(replica, store, options.username, password, config.api_server.timeout, days)
        where = "" if signed.online else " sin servidor"
        print(f"Sesión de {signed.actor.username} ({signed.actor.rol}) iniciada{where}. {store.note}".strip())
    return 0


def sync(context: Context, options: argparse.Namespace) -> int:
    """One full cycle."""
    with open_replica(context, write=True) as replica:
        with replica.reading() as connection:
            url = state.read(connection).server_url
        if url is None:
            raise KnownError("Esta carpeta no es una estación todavía.", "Inscríbala con «servitec enroll».")
        api = context.config.api_server
        store = context.store()
        if store.load().credencial is None and llaves.people(context.data_dir):
            raise KnownError(
                "La credencial de esta estación está sellada, y sin llavero la abre cada programa al iniciar sesión.",
                "Sincronice desde el escritorio; en un equipo sin operador, inscríbalo con --credentials-file.",
            )
        transport = HttpTransport(url, store, api.timeout, api.retry_attempts)
        try:
            result = SyncEngine(replica, transport).cycle()
        finally:
            transport.close()
        with replica.reading() as connection:
            left = palabras.abierto(open_items.resumen(connection))
    if options.json:
        _show({**asdict(result), "cursor": result.cursor.version})
    else:
        print(
            f"Enviados {result.pushed}, recibidas {result.pulled} filas, rechazados {result.rejected}, "
            f"en conflicto {result.conflicts}. " + ("Al día." if result.up_to_date else f"Queda abierto: {left}.")
        )
    return 0


def status(context: Context, options: argparse.Namespace) -> int:
    """What the status bar says."""
    with open_replica(context, write=False) as replica, replica.reading() as connection:
        known, open_ = state.read(connection), open_items.resumen(connection)
        actor = people.current_actor(connection)
    value: dict[str, Any] = {
        "server": known.server_url,
        "estacion": known.codigo,
        "usuario": actor.username if actor else None,
        "pending": open_.pending,
        "rejected": open_.rejected,
        "conflicts": open_.conflicts,
        "damaged": open_.damaged,
        "waiting": open_.waiting,
        "cursor": known.cursor_version,
        "last_sync": known.last_sync,
        "up_to_date": known.last_sync is not None and open_.clear,
    }
    if options.json:
        _show(value)
    else:
        print(_status_words(known, actor.username if actor else None, open_))
    return 0


def _status_words(known: state.State, usuario: str | None, open_: open_items.Resumen) -> str:
    """The same as a person reads it."""
    last = local(known.last_sync)
    lines = [
        ("Estación", f"{known.codigo} «{known.estacion_nombre}»" if known.codigo else "sin inscribir"),
        ("Servidor", known.server_url or "ninguno"),
        ("Usuario", usuario or "nadie ha iniciado sesión"),
        ("Cambios", palabras.abierto(open_)),
        ("En espera", str(open_.waiting) if open_.waiting else ""),
        ("Dañados", str(open_.damaged) if open_.damaged else ""),
        ("Última sincronización", last or "ninguna"),
    ]
    return "\n".join(f"{name}: {words}" for name, words in lines if words)


_ORDEN_JSON = (
    "id",
    "folio",
    "referencia_externa",
    "tipo",
    "estado",
    "cliente",
    "tipo_equipo",
    "marca",
    "falla_reportada",
    "recepcion_en",
    "version",
)


def _ordenes(connection: Connection, buscar: str, limit: int) -> list[dict[str, Any]]:
    return [{k: getattr(f, k) for k in _ORDEN_JSON} for f in leer_ordenes.ordenes(connection, buscar, limit=limit)]


def _clientes(connection: Connection, buscar: str, limit: int) -> list[dict[str, Any]]:
    return [asdict(f) for f in leer_clientes.clientes(connection, buscar, limit)]


def _conflictos(connection: Connection, buscar: str, limit: int) -> list[dict[str, Any]]:
    found = [asdict(f) | {"texto": palabras.conflicto(connection, f)} for f in open_items.conflictos(connection)]
    return _matching(found, buscar, limit)


def _rechazos(connection: Connection, buscar: str, limit: int) -> list[dict[str, Any]]:
    return _matching([asdict(f) for f in open_items.rechazos(connection)], buscar, limit)


def _matching(found: list[dict[str, Any]], buscar: str, limit: int) -> list[dict[str, Any]]:
    wanted = buscar.casefold()
    return [f for f in found if wanted in " ".join(map(str, f.values())).casefold()][:limit]


LISTS: dict[str, Callable[[Connection, str, int], list[dict[str, Any]]]] = {
    "ordenes": _ordenes,
    "clientes": _clientes,
    "conflictos": _conflictos,
    "rechazos": _rechazos,
}


def list_(context: Context, options: argparse.Namespace) -> int:
    """Rows of one kind."""
    with open_replica(context, write=False) as replica, replica.reading() as connection:
        found = LISTS[options.que](connection, options.buscar, options.limit)
    if options.json:
        _show(found)
    else:
        for item in found:
            words = (str(v) for k, v in item.items() if k not in ("id", "version") and v is not None)
            print(item.get("texto") or "  ".join(words))
    return 0


def signed_in(connection: Connection) -> Actor:
    """Who is signed in.

    Raises:
        KnownError: nobody.
    """
    actor = people.current_actor(connection)
    if actor is None:
        raise KnownError("Nadie ha iniciado sesión en esta estación.", "Use «servitec sign-in».")
    return actor


def _orden(connection: Connection, folio: str) -> Row:
    row = leer_ordenes.orden_por_folio(connection, folio)
    if row is None:
        raise KnownError(f"No hay ninguna orden con el folio «{folio}».", "Revise el folio, o sincronice.")
    return row


def _parse(name: str, text: str) -> Value:
    """What was typed for a column of `orden`, as its value; nothing typed is null."""
    col = TABLES["orden"].by_name.get(name)
    if col is None:
        raise KnownError(f"«{name}» no es un campo de una orden.")
    if text == "":
        return None
    if col.kind == "int":
        try:
            return int(text)
        except ValueError:
            raise KnownError(f"«{name}» lleva un número, no «{text}».") from None
    if col.kind == "bool":
        words = {"si": True, "sí": True, "true": True, "1": True, "no": False, "false": False, "0": False}
        if text.lower() not in words:
            raise KnownError(f"«{name}» lleva sí o no, no «{text}».")
        return words[text.lower()]
    return text


def edit(context: Context, options: argparse.Namespace) -> int:
    """Change columns of an order."""
    campos: Row = {}
    for item in options.campos:
        name, equals, text = item.partition("=")
        if not equals:
            raise KnownError(f"«{item}» no tiene la forma campo=valor.")
        if name == "estado":
            raise KnownError("El estado se cambia con «servitec estado».")
        campos[name] = _parse(name, text)
    with open_replica(context, write=True) as replica:
        with replica.reading() as connection:
            actor, row = signed_in(connection), _orden(connection, options.folio)
        people.guardar(replica, actor, actions.editar("orden", row, campos))
    return 0


def estado(context: Context, options: argparse.Namespace) -> int:
    """Move an order to another state."""
    with open_replica(context, write=True) as replica:
        with replica.reading() as connection:
            actor, row = signed_in(connection), _orden(connection, options.folio)
            motivo = _catalogued(connection, options.motivo)
            tecnico_id = _tecnico(connection, options.tecnico) if options.tecnico else None
        if tecnico_id is None and options.estado == "asignada" and actor.rol == "tecnico":
            tecnico_id = actor.empleado_id
        ops = de_ordenes.cambiar_estado(
            replica.ambient,
            row,
            options.estado,
            nota=None if motivo else options.motivo,
            motivo_id=motivo,
            tecnico_id=tecnico_id,
        )
        people.guardar(replica, actor, ops)
    return 0


def _catalogued(connection: Connection, typed: str) -> str | None:
    wanted = typed.strip().casefold()
    for entry in leer_catalogos.catalogo(connection, "motivo"):
        if wanted in (entry.codigo.casefold(), entry.nombre.casefold()):
            return entry.id
    return None


def _tecnico(connection: Connection, username: str) -> str:
    for entry in leer_organizacion.tecnicos(connection):
        if entry.username == username:
            return entry.id
    raise KnownError(f"No hay ningún técnico «{username}».")


class _Progress:
    """A bar on a terminal, a line every few seconds elsewhere; on standard error."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        terminal = sys.stderr.isatty()
        if time.monotonic() - self._last < (0.1 if terminal else 3.0) and done < total:
            return
        self._last = time.monotonic()
        part = done / total if total else 1.0
        if terminal:
            bar = "#" * int(part * 30)
            print(f"\r[{bar:<30}] {part:4.0%}", end="\n" if done >= total else "", file=sys.stderr, flush=True)
        elif done < total:
            print(f"importando: {part:.0%}", file=sys.stderr, flush=True)


def import_(context: Context, options: argparse.Namespace) -> int:
    """Import orders; 3 when some rows are in error."""
    mapa = importing.load_map(options.mapa)
    with open_replica(context, write=True) as replica:
        with replica.reading() as connection:
            actor = signed_in(connection)
        result = importing.importar_ordenes(
            replica, actor, options.archivo, mapa, dry_run=options.dry_run, progress=_Progress()
        )
    if options.json:
        _show(asdict(result))
    else:
        print(f"Leídas {result.read}, creadas {result.created}, iguales {result.unchanged}, con error {result.failed}.")
    if result.errors_file:
        print(f"servitec: {result.failed} filas con error: {result.errors_file}", file=sys.stderr)
    return 3 if result.failed else 0
