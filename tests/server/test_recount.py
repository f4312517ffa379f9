"""What is added up is added up anew, and put right."""

import pytest
from sqlalchemy import text

from domain.base import actions
from domain.inventario import actions as de_inventario
from domain.inventario.rules import existencia_id
from servitec_server.recount import recount
from tests.company import Office


@pytest.mark.expects_log
def test_a_sum_that_is_wrong_is_put_right_and_told_to_everybody(office: Office) -> None:
    ambient, desk = office.central.ambient, office.desk("a", "ana")
    product = actions.alta(ambient, "producto", {"sku": "F-1", "nombre": "Fusor"})
    moves = [de_inventario.mover_stock(ambient, {"id": product.id}, office.branch, "entrada", n) for n in (3, 4)]
    office.central.write(office.people["ana"], lambda _: [product, *moves])
    desk.sync()
    assert recount(office.central) == {}
    key = existencia_id(moves[0].campos)
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE existencia SET stock = 99 WHERE id = :id"), {"id": key})
    assert recount(office.central) == {("existencia", key): {"reservado": 0, "stock": 7}}
    assert recount(office.central) == {}
    desk.sync()
    assert desk.row("existencia", key)["stock"] == 7
    with office.central.store.reading() as connection:
        versions = list(connection.execute(text("SELECT version FROM cambio ORDER BY version")).scalars())
    assert versions == list(range(1, len(versions) + 1))
