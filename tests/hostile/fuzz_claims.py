"""What has to hold after every push and every reading, whatever was sent."""

import json
import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from domain.model import TABLES
from domain.wire import Answer, ChangesReply, Grupo, PushReply
from servitec_server import rows
from tests.hostile.fuzz_company import CANARY, Company
from tests.hostile.fuzz_live import STATION
from tests.hostile.oracle import (
    BRANCH,
    COST,
    PERSONAL,
    SECRETS,
    Change,
    Db,
    Person,
    Row,
    may_hold,
    may_know,
    objection,
    person_of,
)

COSTS = re.compile(r"\b909\d{6}\b")
WAITS = frozenset({"firma", "no_existe"})
UNPROVED = {("espera", "firma"), ("rechazado", "generacion"), ("rechazado", "forma"), ("rechazado", "tamano")}
"""What is said to a Cambio whose author isn't proved. `generacion`: he was, once; a supervisor decides."""


class Broken(AssertionError):
    """A claim doesn't hold."""


@dataclass(slots=True)
class Sent:
    """A Cambio as it was sent, and the truth about it."""

    content: dict[str, Any]
    good: bool
    """Did its author really sign it, as he is now, on this station?"""
    receipt: bool = False
    honest: bool = False

    @property
    def id(self) -> str:
        return str(self.content.get("id"))


def claim(good: object, what: str) -> None:
    """Raise Broken unless it holds."""
    if not good:
        raise Broken(what)


def read(connection: Connection) -> Db:
    """Every row of the business."""
    found: Db = {}
    for tabla in TABLES:
        cursor = connection.exec_driver_sql(f"SELECT {', '.join(rows.COLUMNS[tabla])} FROM {tabla}")
        found[tabla] = {str(row["id"]): row for row in (rows.as_row(tabla, v) for v in rows.fetched(cursor))}
    return found


class Claims:
    """Compares the database before and after, and everything that was handed out, with the oracle."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._pasts: dict[str, set[Person]] = {}
        self._where: dict[tuple[str, str], list[tuple[int, Any]]] = {}
        self.recorded: dict[str, str] = {}
        """Final answers: id -> huella."""
        self.last = 0
        with company.central.store.reading() as connection:
            self.db = read(connection)
            self._new_versions(connection)
            self._past_roles(connection)
        self._note(self.db, self.last)

    def pushed(self, sent: list[Sent], reply: PushReply | None, reader: Person | None, station: str) -> None:
        """After a push; without `reply` it was refused as a whole, perhaps after its first transactions."""
        before = self.db
        with self._company.central.store.reading() as connection:
            after = read(connection)
            old = self.last
            versions = self._new_versions(connection)
            feed = self._feed(connection, old)
            self._trail(connection, old, versions)
            recorded = dict(rows.fetched(connection.exec_driver_sql("SELECT cambio_id, huella FROM respuesta")))
        known, self.recorded, self.db = self.recorded, recorded, after
        answers = reply.answers if reply is not None else []
        if reply is not None:
            self._answers(sent, answers, known, versions)
        by_id = {s.id: s for s in sent}
        for key in versions.values():
            claim(key in by_id, f"{key} was applied, and nobody sent it")
            claim(by_id[key].good or by_id[key].receipt, "a Cambio without its author's proof was applied")
        self._rows_and_feed(before, after, feed)
        self._rights(before, after, feed, {v: by_id[key] for v, key in versions.items()})
        self._sums(after)
        self._note(after, self.last)
        if reply is not None:
            claim(reader is not None or not (reply.grupos or reply.ausentes), "rows for nobody who is signed in")
            claim(len(answers) <= len(sent), "more answers than Cambios")
            self.handed(reply.grupos, reader, station)
            self.text(reply.model_dump_json(), reader)

    def handed(self, grupos: Iterable[Grupo], reader: Person | None, station: str) -> set[tuple[str, str]]:
        """Rows in a reply; gives their keys."""
        found: set[tuple[str, str]] = set()
        for grupo in grupos:
            if reader is None:
                raise Broken("rows for nobody who is signed in")
            for name in grupo.columnas:
                claim(may_know(reader, grupo.tabla, name), f"{reader.rol} is given {grupo.tabla}.{name}")
            for fila in grupo.filas:
                row = dict(zip(grupo.columnas, fila, strict=True))
                key = (grupo.tabla, str(row["id"]))
                found.add(key)
                now = self.db[key[0]].get(key[1])
                there = {**(now or {}), **row, "sucursal_id": self._branch_at(key, int(row["version"]))}
                why = may_hold(reader, grupo.tabla, there, station)
                claim(why is None, f"{reader.rol} is given a row of {key}: {why}")
                if grupo.entera and now is not None and now["version"] == row["version"]:
                    claim(all(now[n] == v for n, v in row.items()), f"{key} isn't as it is")
        return found

    def told(self, message: str, reader: Person | None) -> None:
        """An event: its row, or the changes in it, are what he may hold, without what he may not know."""
        if reader is None:
            raise Broken("an event for nobody who is signed in")
        self.text(message, reader)
        event = json.loads(message) if message.startswith("{") else {"data": {}}
        if "cambios" in event:
            self.handed(ChangesReply.model_validate(event["cambios"]).grupos, reader, STATION)
        data = event["data"]
        for tabla in TABLES:
            row = self.db[tabla].get(str(data.get("id")))
            if row is not None:
                key, version = (tabla, str(row["id"])), int(data["version"])
                since = [at for at, _ in self._where.get(key, []) if at <= version]
                there = {**row, "sucursal_id": self._branch_at(key, version) if since else data.get("sucursal_id")}
                why = may_hold(reader, tabla, there, "")
                claim(why is None, f"{reader.rol} hears of a row of {tabla}: {why}")
                hidden = [name for name in data if not may_know(reader, tabla, name)]
                claim(not hidden, f"{reader.rol} hears {hidden} of {tabla}")

    def file(self, path: Path, reader: Person, station: str) -> None:
        """A snapshot: whole rows, and none that a pull wouldn't give; deleted pages hold nothing else."""
        self.text(path.read_bytes().decode("latin-1"), reader)
        with closing(sqlite3.connect(path)) as db:
            for tabla in TABLES:
                cursor = db.execute(f"SELECT * FROM {tabla}")
                names = [column[0] for column in cursor.description]
                for values in cursor:
                    row = {**dict(zip(names, values, strict=True))}
                    why = may_hold(reader, tabla, row, station)
                    claim(why is None, f"{reader.rol} is given a row of {tabla} in a snapshot: {why}")
                    hidden = [n for n, v in row.items() if v is not None and not may_know(reader, tabla, n)]
                    claim(not hidden, f"{reader.rol} is given {hidden} of {tabla} in a snapshot")

    def complete(self, found: set[tuple[str, str]], reader: Person, station: str) -> None:
        """A reading from the beginning holds what it has to, and no more."""
        wanted = {
            (tabla, key)
            for tabla, held in self.db.items()
            for key, row in held.items()
            if may_hold(reader, tabla, row, station) is None
        }
        claim(found == wanted, f"{reader.rol} holds {_few(found - wanted)} too many and lacks {_few(wanted - found)}")

    def text(self, text: str, reader: Person | None) -> None:
        claim(CANARY not in text, "a secret left the server")
        if reader is None or reader.rol not in ("administrador", "supervisor"):
            found = COSTS.search(text)
            claim(found is None, f"a cost left the server: {text[found.start() - 200 : found.end()] if found else ''}")

    def _new_versions(self, connection: Connection) -> dict[int, str]:
        sql = f"SELECT version, cambio_id FROM cambio WHERE version > {self.last:d} ORDER BY version"
        found = dict(rows.fetched(connection.exec_driver_sql(sql)))
        claim(list(found) == list(range(self.last + 1, self.last + 1 + len(found))), "versions have gaps")
        self.last += len(found)
        return found

    def _feed(self, connection: Connection, old: int) -> dict[tuple[str, str], list[tuple[Any, ...]]]:
        sql = "SELECT tabla, registro_id, version, tipo, clave, campos FROM cambio_fila WHERE version > "
        found: dict[tuple[str, str], list[tuple[Any, ...]]] = {}
        for tabla, key, *entry in rows.fetched(connection.exec_driver_sql(f"{sql}{old:d} ORDER BY version")):
            claim(not SECRETS.intersection(json.loads(entry[3] or "{}")), f"a secret of {tabla} in the feed")
            claim(CANARY not in (entry[3] or ""), f"a secret of {tabla} in the feed")
            found.setdefault((tabla, key), []).append(tuple(entry))
        return found

    def _trail(self, connection: Connection, old: int, versions: dict[int, str]) -> None:
        sql = f"SELECT version, cambio_id, antes, despues FROM bitacora WHERE version > {old:d}"
        for version, key, antes, despues in rows.fetched(connection.exec_driver_sql(sql)):
            claim(versions.get(version) == key, "the trail names another Cambio")
            for text in (antes, despues):
                claim(not SECRETS.intersection(json.loads(text or "{}")), "a secret in the trail")

    def _answers(
        self, sent: list[Sent], answers: list[Answer], known: dict[str, str], versions: dict[int, str]
    ) -> None:
        for item, answer in zip(sent, answers, strict=False):
            claim(answer.motivo != "error", f"a bug: {answer.mensaje}")
            again = item.id in known or any(s is not item and s.id == item.id for s in sent)
            if not (item.good or item.receipt or again):
                claim((answer.resultado, answer.motivo) in UNPROVED, f"no proof: {answer.resultado} {answer.motivo}")
            if answer.resultado == "espera":
                claim(answer.motivo in WAITS, f"waits for {answer.motivo}")
                claim(item.id not in self.recorded or again, "what waits was recorded")
            elif answer.resultado == "aplicado":
                claim(versions.get(answer.version or 0) == item.id, "an answer with another's version")
                claim(item.id not in known, "applied twice")
            elif answer.resultado == "repetido":
                claim(
                    again and known.get(item.id, self.recorded[item.id]) == item.content["huella"], "not a repetition"
                )
            if item.honest and not again:
                claim(
                    answer.resultado == "aplicado",
                    f"an honest Cambio: {answer.resultado} {answer.motivo} {answer.mensaje}",
                )

    def _rows_and_feed(self, before: Db, after: Db, feed: dict[tuple[str, str], list[tuple[Any, ...]]]) -> None:
        for tabla in TABLES:
            for key in before[tabla].keys() | after[tabla].keys():
                was, now = before[tabla].get(key), after[tabla].get(key)
                if was == now:
                    claim((tabla, key) not in feed or (now is None), f"the feed tells of {tabla}, which didn't change")
                    continue
                names = {n for n in rows.COLUMNS[tabla] if (was or {}).get(n) != (now or {}).get(n)}
                if was and now and names <= {"generacion"}:
                    continue
                claim((tabla, key) in feed, f"{tabla} changed {sorted(names)}, and the feed doesn't say so")
                entries = feed[tabla, key]
                version, tipo, clave, campos = entries[-1]
                claim((tipo == "baja") == (now is None), f"the feed says {tipo} of {tabla}")
                if now is None:
                    continue
                branch = now["sucursal_id"] if tabla in BRANCH else None
                claim(version == now["version"] and clave == branch, f"the feed is wrong about {tabla}")
                told = json.loads(campos or "{}")
                claim(all(now[n] == v for n, v in told.items()), f"the feed has other values of {tabla}")
                hidden = SECRETS | PERSONAL.get(tabla, frozenset()) | {"version"}
                if was is not None and tipo == "parcial" and len(entries) == 1:
                    claim(names - hidden <= told.keys(), f"the feed lacks {names - hidden - told.keys()} of {tabla}")

    def _rights(
        self, before: Db, after: Db, feed: dict[tuple[str, str], list[tuple[Any, ...]]], authors: dict[int, Sent]
    ) -> None:
        for (tabla, key), entries in feed.items():
            was, now = before[tabla].get(key), after[tabla].get(key)
            if was is None and now is None:
                continue
            blame: list[str] = []
            for item in (authors[e[0]] for e in entries if e[0] in authors):
                why = self._why_not(item, tabla, was, now, before, after)
                if why is None:
                    break
                blame.append(f"{why} ({item.content['usuario_id']})")
            else:
                raise Broken(f"{tabla} {key} was changed: {'; '.join(blame)}")

    def _why_not(self, item: Sent, tabla: str, was: Row | None, now: Row | None, old: Db, new: Db) -> str | None:
        who = str(item.content["usuario_id"])
        people = [p for p in (person_of(old, who), person_of(new, who)) if p is not None]
        if not people and item.receipt:  # it was accepted: what became of its author since is no matter
            people = [Person(who, "administrador")]
        if not people:
            return "its author doesn't work here"
        if now is not None and now.get("observado"):
            people += sorted(self._pasts.get(who, set()), key=str)
        found: str | None = ""
        for person in people:
            change = Change(person, tabla, was, now, old, new, item.receipt)
            if _follows(change, item):
                return None
            found = objection(change)
            if found is None:
                return None
        return found

    def _sums(self, db: Db) -> None:
        sums: dict[tuple[str, str], list[int]] = {}
        for move in db["movimiento_stock"].values():
            total = sums.setdefault((move["producto_id"], move["sucursal_id"]), [0, 0])
            total[move["tipo"] in ("reserva", "liberacion")] += move["cantidad"]
        there = {(r["producto_id"], r["sucursal_id"]): [r["stock"], r["reservado"]] for r in db["existencia"].values()}
        claim(len(there) == len(db["existencia"]) and sums == there, "stock isn't the sum of its movements")
        folios = [row["folio"] for row in db["orden"].values()]
        claim(len(set(folios)) == len(folios), "two orders with one folio")

    def _note(self, db: Db, version: int) -> None:
        for tabla in BRANCH:
            for key, row in db[tabla].items():
                known = self._where.setdefault((tabla, key), [])
                if not known or known[-1][1] != row["sucursal_id"]:
                    known.append((int(row["version"]), row["sucursal_id"]))
        for key in db["usuario"]:
            person = person_of(db, key)
            if person is not None:
                self._pasts.setdefault(key, set()).add(person)

    def _past_roles(self, connection: Connection) -> None:
        """What the people of the company were before the fuzzer came."""
        sql = "SELECT entidad_id, antes FROM bitacora WHERE entidad = 'usuario' AND antes IS NOT NULL"
        for key, antes in rows.fetched(connection.exec_driver_sql(sql)):
            row = {**self.db["usuario"][key], **json.loads(antes), "activo": True}
            person = person_of({"usuario": {key: row}}, key)
            if person is not None:
                self._pasts.setdefault(key, set()).add(person)

    def _branch_at(self, key: tuple[str, str], version: int) -> Any:
        known = [branch for since, branch in self._where.get(key, []) if since <= version]
        return known[-1] if known else self.db[key[0]].get(key[1], {}).get("sucursal_id")


def _follows(change: Change, item: Sent) -> bool:
    """Is it what the server writes because of something else that this Cambio may do?"""
    tabla, now = change.tabla, change.now
    if now is None:
        return False
    if tabla == "existencia":
        made = [m for m in change.new["movimiento_stock"].values() if m["version"] == now["version"]]
        same = any(m["producto_id"] == now["producto_id"] and m["sucursal_id"] == now["sucursal_id"] for m in made)
        return same and (change.was is None or change.names <= {"stock", "reservado"})
    if tabla in ("historial_orden", "comentario", "conflicto") and change.names == {"sucursal_id"}:
        root = change.new["orden"].get(now.get("orden_id") or now.get("entidad_id") or now.get("registro_id") or "")
        return root is not None and root["version"] >= now["version"] and root["sucursal_id"] == now["sucursal_id"]
    if tabla == "conflicto" and now["cambio_id"] == item.id:
        return _lost(change, now)
    return False


def _lost(change: Change, conflicto: Row) -> bool:
    """May he have changed what he lost?"""
    tabla, key, campo = conflicto["tabla"], conflicto["registro_id"], conflicto["campo"]
    if campo in SECRETS or campo in PERSONAL.get(tabla, ()):
        return False
    rows_there = [r for r in (change.old[tabla].get(key), change.new[tabla].get(key)) if r is not None]
    late = json.loads(conflicto["valor_tardio"])
    for row in rows_there:
        tried = Change(change.person, tabla, row, {**row, campo: late}, change.old, change.new, change.receipt)
        if objection(tried) is None:
            return campo != COST or change.person.rol in ("administrador", "supervisor") or change.receipt
    return not rows_there


def _few(keys: set[tuple[str, str]]) -> str:
    return f"{len(keys)} {sorted(keys)[:3]}"
