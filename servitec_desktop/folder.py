"""A data folder, opened: everything that may take long, and needs no window."""

from dataclasses import dataclass

from domain.base.actor import Actor
from domain.base.row import Row
from local_db import people, state
from local_db.reading import Reading
from local_db.replica import Replica
from local_db.state import State
from servitec_desktop.context import Context
from sync import session
from sync.credentials import CredentialStore


@dataclass(frozen=True, slots=True)
class Situation:
    """What a station knows of itself, who is signed in on it, and the branch that it works for."""

    known: State
    actor: Actor | None
    branch: Row | None


def situation(connection: Reading) -> Situation:
    """As of this view."""
    return Situation(state.read(connection), people.current_actor(connection), people.own_branch(connection))


@dataclass(frozen=True, slots=True)
class Folder:
    """What a station is made of."""

    context: Context
    replica: Replica
    store: CredentialStore
    situation: Situation


def open_folder(context: Context) -> Folder:
    """Open a data folder for the desktop; in any thread.

    Raises:
        KnownError: another program owns it, or it can't be opened.
    """
    replica = Replica.open(context.data_dir, owner="el escritorio")
    try:
        store = context.store()
        if not session.resume(replica, store):
            session.sign_out(replica, store)
        with replica.reading() as connection:
            return Folder(context, replica, store, situation(connection))
    except BaseException:
        replica.close()
        raise
