"""A station of the program of now meets a server of a later schema: a copy of the program, in processes of its own."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from domain.ordenes.actions import Recepcion
from domain.upgrade import SERVED
from local_db import open_items
from local_db.ordenes import reception
from sync import session
from sync.errors import SchemaRefused
from testing.company import PERSON, Company
from testing.yard import Station, Yard
from tests.domain.later import TRAVELS, copied, edit, run


@contextmanager
def serving(copy: Path, company: Company) -> Iterator[None]:
    """The later program's server on the company's folder."""
    command = [sys.executable, "-m", "servitec_server", "serve"]
    command += ["--data-dir", str(company.root / "servidor"), "--port", str(company.port)]
    environment = dict(os.environ, PYTHONPATH=str(copy))
    with subprocess.Popen(command, cwd=copy, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            assert "Servidor" in server.stdout.readline()
            yield
        finally:
            server.terminate()


def receive(station: Station, words: str) -> str:
    orden = Recepcion(cliente={"nombre": "Íñigo"}, equipo={"marca": "Epson"}, orden={"falla_reportada": words})
    return reception.recibir(station.replica, station.actor(), orden).orden_id


def waiting(station: Station) -> int:
    with station.replica.reading() as connection:
        return open_items.resumen(connection).pending


@pytest.mark.parametrize("served", [pytest.param(True, marks=pytest.mark.soak), False])
@pytest.mark.parametrize("restored", [False, pytest.param(True, marks=pytest.mark.soak)])
def test_what_an_older_program_made_is_taken(tmp_path: Path, served: bool, restored: bool) -> None:
    """Also by a server that no longer serves its schema. After a restore that waits for the program to be updated:
    what was acknowledged has to be offered first, beside a snapshot of the new history. Nothing is lost.
    """
    yard = Yard(tmp_path / "empresa", 0)
    company, station = yard.company, yard.station("a")
    sent = receive(station, "enviada")
    station.engine.cycle()
    yard.close()
    unsent = [receive(station, "por enviar"), receive(station, "también")]
    copy = copied(tmp_path)
    edit(copy, TRAVELS)
    if not served:
        edit(copy, {"domain/upgrade.py": (f"SERVED = {SERVED}\n", "SERVED = 0\n")})
    run(copy, "-m", "tools.migration", "made_up")
    if restored:
        run(copy, "-m", "servitec_server", "new-epoch", "--data-dir", str(company.root / "servidor"))
    with serving(copy, company):
        if restored:
            session.sign_in(station.replica, station.store, PERSON, company.password, 10, 7)
        if served:
            assert station.engine.cycle().up_to_date
        else:
            for _ in range(2):
                with pytest.raises(SchemaRefused, match="demasiado antiguo"):
                    station.engine.cycle()
        left = len(unsent) if restored and not served else 0
        assert waiting(station) == left
    with station.replica.reading() as connection:
        here = set(connection.exec_driver_sql("SELECT id FROM orden").scalars())
    assert here == {sent, *unsent}, "what he made he still sees"
    station.close()
    with closing(sqlite3.connect(company.root / "servidor" / "servidor.db")) as db:
        assert {key for (key,) in db.execute("SELECT id FROM orden")} == {sent, *(unsent if not left else ())}
