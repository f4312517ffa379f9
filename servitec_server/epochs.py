"""The tree of epochs: which change came before which, over histories that were lost (DESIGN, Epoch).

An epoch begins when a database was restored or put back. It knows its parent and the version where it branched off,
so a place (epoch, version) lies before another when it is on the way to it, and of two branches neither is.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, update

from domain.base.ambient import Ambient
from domain.wire import Cursor
from servitec_server import marks, rows
from servitec_server.history import SERIES_AHEAD
from servitec_server.tables import cambio, permanente, respuesta, serie, servidor, sesion

log = logging.getLogger(__name__)

Place = tuple[str, int]
"""Epoch and version."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Where an epoch came from; the first has no parent."""

    padre: str | None
    version: int


class Tree:
    """The epochs that a database knows."""

    def __init__(self, branches: dict[str, Branch]) -> None:
        self._branches = branches

    def __contains__(self, epoca: str) -> bool:
        return epoca in self._branches

    def before(self, p: Place, q: Place) -> bool:
        """Does `p` lie on the way to `q`?"""
        return any(p[0] == epoca and p[1] <= end for epoca, end in self._way(q[0], q[1] - 1))

    def shared(self, here: Place) -> dict[str, int]:
        """Of each epoch, up to which version its history is also that of a place."""
        ours = dict(self._way(*here))

        def with_us(epoca: str) -> int:
            return next((min(end, ours[e]) for e, end in self._way(epoca, here[1]) if e in ours), 0)

        return {epoca: with_us(epoca) for epoca in self._branches}

    def _way(self, epoca: str, end: int) -> Iterator[Place]:
        """The epochs from one back to the first, each with the last version of it on the way."""
        seen: set[str] = set()
        while epoca not in seen:
            yield epoca, end
            seen.add(epoca)
            branch = self._branches.get(epoca)
            if branch is None or branch.padre is None:
                return
            epoca, end = branch.padre, branch.version

    def any_before(self, some: Iterable[Place], others: Iterable[Place]) -> bool:
        """Did the change that stands at `some` come before the one at `others`?

        Where two histories say otherwise, the older one is right: there people saw one of them and made the other. What
        is offered again keeps that order, though it may be taken in another, and leave nothing.
        """
        mine, theirs = tuple(some), tuple(others)
        before = min((q for p in mine for q in theirs if self.before(p, q)), default=None)
        after = min((p for p in mine for q in theirs if self.before(q, p)), default=None)
        return before is not None and (after is None or before < after)


def tree(connection: Connection) -> Tree:
    """The tree, from the marks."""
    known = marks.of_kind(connection, "epoca")
    return Tree({key: Branch(value["padre"], int(value["version"])) for key, value in known.items()})


def epoch_of(connection: Connection) -> str:
    """The present epoch, as this transaction sees it."""
    found = rows.first(connection, "SELECT valor FROM servidor WHERE clave = 'epoch'")
    if found is None:
        raise LookupError("the database has no epoch")
    return str(found[0])


def closed_to_reoffers(connection: Connection) -> bool:
    """Was the present epoch opened to put things back on purpose? What is offered again goes to the supervisor."""
    mark = marks.of_kind(connection, "epoca").get(epoch_of(connection), {})
    return bool(mark.get("sin_reofertas"))


def holds(connection: Connection, version: int, cambio_id: str | None) -> bool:
    """Is this place in the history that the database has?"""
    found = rows.first(connection, "SELECT cambio_id FROM cambio WHERE version = ?", version)
    return version == 0 or (found is not None and found[0] == cambio_id)


def common_with(connection: Connection, arranque: str | None) -> int:
    """The last version that the history surely shares with one in which this start of the server gave a proof.

    Where the start isn't known, or began in an earlier epoch, that is the beginning of the present epoch: what came
    later is ordered by what people saw, and nothing is overwritten unseen.
    """
    present = epoch_of(connection)
    began = int(marks.of_kind(connection, "epoca").get(present, {}).get("version", 0))
    start = marks.of_kind(connection, "arranque").get(arranque or "")
    known = start is not None and start["epoca"] == present
    return min(max(began, int(start["version"])), newest(connection)) if known and start else began


def newest(connection: Connection) -> int:
    """The version of the head."""
    found = rows.first(connection, "SELECT max(version) FROM cambio")
    return int(found[0] or 0) if found else 0


def open_epoch(
    connection: Connection, ambient: Ambient, version: int, why: str, *, sin_reofertas: bool = False, after: str = ""
) -> str:
    """Begin an epoch that branches off the present one after `version`; gives its id, which sorts after every known.

    What was applied since counts as of the new epoch. Sessions end; the server's series begin further on.
    """
    present = epoch_of(connection)
    epoch = ambient.new_id_after(max([present, after, *marks.of_kind(connection, "epoca")]))
    value = {"padre": present, "version": version, "en": ambient.instant(), "motivo": why}
    marks.put(connection, "epoca", epoch, value | {"sin_reofertas": sin_reofertas})
    connection.execute(update(servidor).where(servidor.c.clave == "epoch").values(valor=epoch))
    later = (cambio.c.version > version, cambio.c.epoca == present)
    connection.execute(update(cambio).where(*later).values(epoca=epoch))
    answered = (respuesta.c.version > version, respuesta.c.epoca == present)
    connection.execute(update(respuesta).where(*answered).values(epoca=epoch))
    _move_starts(connection, present, epoch, version)
    connection.execute(update(sesion).where(sesion.c.revocada_en.is_(None)).values(revocada_en=ambient.instant()))
    numbered = serie.c.nombre != "estacion"
    connection.execute(update(serie).where(numbered).values(ultimo=serie.c.ultimo + SERIES_AHEAD))
    log.info("new epoch %s after version %s of %s: %s", epoch, version, present, why)
    return epoch


def _move_starts(connection: Connection, present: str, epoch: str, version: int) -> None:
    """Starts after the branch belong to the new epoch; the one that both histories know stays where it began."""
    for key, start in marks.of_kind(connection, "arranque").items():
        if start["epoca"] == present and int(start["version"]) > version:
            place = (permanente.c.tipo == "arranque", permanente.c.clave == key)
            connection.execute(permanente.delete().where(*place))
            marks.put(connection, "arranque", key, start | {"epoca": epoch})


def last_common(connection: Connection, mirror: marks.Marks) -> int | None:
    """Where the history parts from the one that a folder remembers: the last start that both know; None: it doesn't."""
    present, known = epoch_of(connection), marks.of_kind(connection, "epoca")
    same = mirror["epoca"] in known and (mirror["epoca"] != present or holds(connection, *mirror["cabeza"]))
    if same:
        return None
    there = mirror["arranques"]
    starts = [s for key, s in marks.of_kind(connection, "arranque").items() if key in there and s["epoca"] == present]
    began = int(known.get(present, {}).get("version", 0))
    return min(max([began, *(int(start["version"]) for start in starts)]), newest(connection))


def put_back(connection: Connection, cursor: Cursor, present: str | None = None) -> bool:
    """Does a cursor that this server sealed show that its database was put back? `present`: the epoch, where known."""
    lost = cursor.version > 0 and cursor.epoca == (present or epoch_of(connection))
    return lost and not holds(connection, cursor.version, cursor.cambio_id)
