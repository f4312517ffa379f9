"""A station that was revoked, and has handed over what it held, keeps nothing of the company."""

import shutil
import sqlite3

from sqlalchemy import Connection

from domain.search import INDEXED
from local_db import files, rows, search, state
from local_db.replica import EVERYTHING, Replica

SECRETS = ("llaves*", "borrador-*.json", "instantanea*")


def wipe(replica: Replica, told: str) -> None:
    """Remove old replicas, keys, drafts and attachments; then all that is in the replica, in one commit.

    `told`, what happened, is all that stays, until somebody enrols the folder.

    Ended anywhere before that commit, the station is still one, and begins again at its next contact.
    """
    files.forget_old(replica.data_dir, replica.path)
    for pattern in SECRETS:
        for path in replica.data_dir.glob(pattern):
            path.unlink(missing_ok=True)
    shutil.rmtree(replica.data_dir / "adjuntos", ignore_errors=True)
    replica.firmantes.clear()
    with replica.writing() as writing:
        db = rows.raw(writing.connection)
        for table in _tables(db):
            db.execute(f"DELETE FROM {table}")  # noqa: S608
        search.rebuild(db)
        state.write(writing, ended=told)
        writing.touched.update(EVERYTHING.rows)
    replica.checkpoint(wipe=True)


def handed_over(connection: Connection) -> tuple[int, int]:
    """How many changes the supervisor has from here, and how many he may still get."""
    sql = (
        "SELECT (SELECT count(*) FROM rechazo WHERE motivo = 'revocada'), "
        "(SELECT count(*) FROM outbox WHERE acusado_en IS NULL AND espera_motivo IS NOT 'firma')"
    )
    handed, left = connection.exec_driver_sql(sql).one()
    return int(handed), int(left)


def _tables(db: sqlite3.Connection) -> list[str]:
    """Those that hold rows: of the search index the two that are asked, not what FTS5 keeps them in."""
    found = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    names = {name for (name,) in found}
    index = {f"busqueda_{tabla}" for tabla in INDEXED}
    return sorted(name for name in names if name in index or not name.startswith("busqueda_"))
