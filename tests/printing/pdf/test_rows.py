"""Documents and labels of whatever stands in an order's row."""

import argparse
import io

import pypdfium2
from sqlalchemy import text as sql

from domain.ordenes.actions import accesorios, accesorios_de
from local_db import state
from local_db.replica import Replica
from printing.documents import entrega_de, hoja_de, recibo_de
from printing.labels.registry import KINDS
from printing.pdf import catalogo
from servitec_desktop.command import documentos
from tests.printing.pdf.test_documents import text

ORDEN = "018f0000-0000-7000-8000-000000000001"
KEPT = [
    '"cargador"',
    "cargador",
    '{"funda": 2}',
    "7",
    "[",
    "null",
    '[null, "", ["a"], 3]',
    "[" * 100_000,
    '["\\ud800"]',
]


def put(replica: Replica, **campos: object) -> None:
    row = {"rid": 1, "id": ORDEN, "folio": "A1-000123", "tipo": "taller", "estado": "en_diagnostico", **campos}
    names = ", ".join(row)
    with replica.writing() as writing:
        state.write(writing, sucursal_id="s1")
        writing.connection.execute(
            sql(
                "INSERT INTO sucursal (rid, id, nombre, zona_horaria, moneda, activa) "
                "VALUES (1, 's1', 'Taller Ñuñoa', 'America/Santiago', 'CLP', 1)"
            )
        )
        writing.connection.execute(
            sql(f"INSERT INTO orden ({names}) VALUES ({', '.join(':' + name for name in row)})"), row
        )


def metadata(pdf: bytes) -> dict[str, str]:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    try:
        return dict(document.get_metadata_dict())
    finally:
        document.close()


def test_accessories_that_are_no_list_break_no_document(replica: Replica) -> None:
    put(replica, falla_reportada="No enciende")
    with replica.writing() as writing:
        connection = writing.connection
        for kept in KEPT:
            connection.execute(sql("UPDATE orden SET accesorios = :kept"), {"kept": kept})
            said = {make(connection, ORDEN).accesorios for make in (recibo_de, entrega_de, hoja_de)}
            assert len(said) == 1
            if KINDS["accesorio"].hay(connection, ORDEN):
                assert all(valores["accesorio"] for valores in KINDS["accesorio"].valores(connection, ORDEN))
            assert KINDS["orden"].valores(connection, ORDEN)
        connection.execute(sql("UPDATE orden SET accesorios = 'cargador'"))
    with replica.reading() as reading:
        for kind in catalogo.DOCUMENTOS.values():
            assert "cargador" in text(kind(reading, ORDEN))


def test_accessories_are_read_as_they_were_meant() -> None:
    assert accesorios_de(accesorios(["cargador", "funda, negra"])) == ["cargador", "funda, negra"]
    assert [accesorios_de(kept) for kept in (None, "", "null", "[]", '[" "]')] == [[]] * 5
    assert accesorios_de('"cargador"') == accesorios_de("cargador") == ["cargador"]
    assert accesorios_de('{"funda": 2}') == ['{"funda": 2}']
    assert accesorios_de('[null, "a", 3]') == ["a", "3"]
    assert accesorios_de("[" * 100_000) == ["[" * 100_000]


def test_instants_at_the_end_of_time_break_no_document(replica: Replica) -> None:
    put(replica, recepcion_en="9999-12-31T23:59:59Z", prometida_en="0001-01-01T00:00:00Z", garantia_vence_en="mañana")
    with replica.reading() as connection:
        for kind in ("recibo", "entrega", "hoja"):
            assert "A1-000123" in text(catalogo.DOCUMENTOS[kind](connection, ORDEN))


def test_every_document_names_its_author(replica: Replica) -> None:
    put(replica, falla_reportada="No enciende", accesorios='["cargador"]', sucursal_id="s1")
    with replica.reading() as connection:
        for kind in ("recibo", "etiqueta"):
            assert metadata(catalogo.DOCUMENTOS[kind](connection, ORDEN))["Author"] == "Taller Ñuñoa"


def test_a_document_of_no_branch_is_not_anonymous(replica: Replica) -> None:
    put(replica)
    with replica.reading() as connection:
        assert metadata(catalogo.DOCUMENTOS["recibo"](connection, ORDEN))["Author"] == "Servitec"


def test_a_list_says_states_as_people_do_and_times_as_the_branch(replica: Replica) -> None:
    put(replica, recepcion_en="2026-11-21T01:30:00Z")
    with replica.reading() as connection:
        pdf = documentos._lista(connection, argparse.Namespace(clave="ordenes", buscar=""))
    found = text(pdf)
    assert "En diagnóstico" in found.replace("\r\n", " ")
    assert ("en diagnostico" in found, "20-11-2026" in found, "Taller Ñuñoa" in found) == (False, True, True)
    assert metadata(pdf)["Author"] == "Taller Ñuñoa"
