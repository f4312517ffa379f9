"""What goes from a replica in time."""

from datetime import timedelta

from domain.base.ambient import from_instant, to_instant
from local_db import rows, search, state
from local_db.replica import Replica

KEEP_DAYS = 30
"""How long an acknowledged Cambio is kept for a server that loses it, by the server's time."""


def purge(replica: Replica) -> None:
    """After rows left the scope: no trace of them in the search index, in free space or in the log."""
    with replica.writing() as writing:
        search.rebuild(rows.raw(writing.connection))
        state.write(writing, evicted=False)
    replica.checkpoint(wipe=True)


def prune(replica: Replica, now: state.State) -> None:
    """Forget what the server took more than KEEP_DAYS ago, by its own time; at most once a day."""
    if now.server_time is None or (now.pruned_en or "")[:10] == now.server_time[:10]:
        return
    before = to_instant(from_instant(now.server_time) - timedelta(days=KEEP_DAYS))
    with replica.writing() as writing:
        rows.raw(writing.connection).execute("DELETE FROM outbox WHERE acusado_en < ?", (before,))
        state.write(writing, pruned_en=now.server_time)
