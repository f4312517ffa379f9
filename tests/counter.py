"""A station of the served company, as a program on a folder has it, in this process."""

from pathlib import Path

from domain.ordenes.actions import Recepcion
from domain.wire import Cambio, Firma
from local_db import state
from local_db.ordenes import reception
from local_db.replica import Replica
from sync import session
from sync.credentials import CredentialStore, FileStore
from sync.done import CycleResult
from sync.engine import SyncEngine
from sync.transport import HttpTransport
from tests.fixtures_served import CLAVE, Served

PAPER = Recepcion(
    cliente={"nombre": "Íñigo", "telefono": "+56955550102"},
    equipo={"marca": "Epson"},
    orden={"falla_reportada": "No enciende"},
)


class Counter:
    """A station of the served company, as a program on a folder has it."""

    def __init__(self, served: Served, folder: Path) -> None:
        self.served = served
        self.replica = Replica.open(folder)
        self.store: CredentialStore = FileStore(folder / "credenciales.json")

    def enroll(self, name: str, password: str = CLAVE) -> None:
        session.enroll(self.replica, self.store, self.served.url, name, password, "Mostrador", 30)

    def sign_in(self, name: str, password: str = CLAVE) -> bool:
        return session.sign_in(self.replica, self.store, name, password, 30).online

    def reach(self, url: str) -> None:
        """Where the server is from here on."""
        with self.replica.writing() as writing:
            state.write(writing, server_url=url)

    def sync(self) -> CycleResult:
        transport = HttpTransport(self.served.url, self.store, 30)
        try:
            return SyncEngine(self.replica, transport).cycle()
        finally:
            transport.close()

    def restart(self) -> None:
        folder = self.replica.data_dir
        self.replica.close()
        self.replica = Replica.open(folder)
        session.resume(self.replica, self.store)

    def capture(self, name: str) -> tuple[Cambio, Firma | None]:
        """What this person's new reception left in the outbox."""
        reception.recibir(self.replica, self.served.office.people[name], PAPER)
        with self.replica.reading() as connection:
            sql = "SELECT cuerpo, firma FROM outbox ORDER BY n DESC LIMIT 1"
            cuerpo, firma = connection.exec_driver_sql(sql).one()
        return Cambio.model_validate_json(cuerpo), None if firma is None else Firma.model_validate_json(firma)

    def good(self, name: str) -> bool:
        """Does this person sign what he makes, so that the server knows it as his?"""
        cambio, firma = self.capture(name)
        prover = self.served.office.central.prover
        return firma is not None and prover.signed(firma, cambio.usuario_id, cambio.huella)
