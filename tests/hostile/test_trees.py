"""An order goes to another branch with all that hangs on it, and never with more than a writer may hold up."""

from uuid import UUID

from domain.base import actions
from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from domain.wire import Op
from servitec_server import rows
from servitec_server.step import MAX_MOVED
from tests.company import Office
from tests.hostile.forge import an_order, branch, content, push, row, told
from tests.hostile.push import column


def commented(office: Office, number: int, count: int) -> Row:
    """An order with so many comments."""
    order = an_order(office, number)
    ops = de_ordenes.comentar(office.central.ambient, order, "visto")
    assert told(office, office.people["jefa"], *ops) == "aplicado"
    first = row(office, "comentario", ops[0].id)
    begin = UUID(str(first["id"])).int
    with office.central.store.writing() as connection:
        more = [first | {"id": str(UUID(int=begin + i))} for i in range(1, count)]
        rows.add(connection, "comentario", more)
    return order


def moving(order: Row, to: str) -> list[Op]:
    return actions.editar("orden", order, {"sucursal_id": to})


def in_branch(office: Office, order: Row, sucursal_id: str) -> int:
    sql = "SELECT count(*) FROM comentario WHERE entidad_id = :orden AND sucursal_id = :sucursal"
    return int(column(office, sql, orden=order["id"], sucursal=sucursal_id)[0])


def test_one_with_too_much_stays_and_says_why(office: Office) -> None:
    sur, desk = branch(office), office.desk("a", "jefa")
    order, other = commented(office, 1, MAX_MOVED), an_order(office, 2)
    head = column(office, "SELECT max(version) FROM cambio")
    refused, taken = push(
        office, desk, content(office, desk, *moving(order, sur)), content(office, desk, *moving(other, sur))
    ).answers
    assert (refused.resultado, refused.motivo) == ("rechazado", "tamano")
    assert "no se puede trasladar" in (refused.mensaje or "")
    assert taken.resultado == "aplicado"
    assert column(office, "SELECT max(version) FROM cambio") == [head[0] + 1]
    assert row(office, "orden", order["id"])["sucursal_id"] == office.branch
    assert in_branch(office, order, office.branch) == MAX_MOVED
    assert column(office, "SELECT cuerpo FROM respuesta WHERE motivo = 'tamano'")[0], "a supervisor sees it"


def test_many_at_once_go_one_by_one(office: Office) -> None:
    sur, ana = branch(office), office.people["ana"]
    found = [commented(office, i, MAX_MOVED // 2) for i in (1, 2)]
    assert told(office, ana, *moving(found[0], sur), *moving(found[1], sur)) == "tamano"
    for order in found:
        assert in_branch(office, order, sur) == 0
        assert told(office, ana, *moving(order, sur)) == "aplicado"
        assert in_branch(office, order, sur) == MAX_MOVED // 2
        version = row(office, "orden", order["id"])["version"]
        sql = "SELECT count(*) FROM comentario WHERE entidad_id = :orden AND version = :version"
        assert column(office, sql, orden=order["id"], version=version) == [MAX_MOVED // 2]


def test_a_conflict_of_a_comment_goes_along(office: Office) -> None:
    sur, order = branch(office), commented(office, 1, 1)
    note = row(office, "comentario", column(office, "SELECT id FROM comentario")[0])
    for author, words in (("ana", "uno"), ("jefa", "dos")):
        assert told(office, office.people[author], *actions.editar("comentario", note, {"texto": words})) == "aplicado"
    assert column(office, "SELECT sucursal_id FROM conflicto") == [office.branch]
    assert told(office, office.people["ana"], *moving(order, sur)) == "aplicado"
    assert column(office, "SELECT sucursal_id FROM conflicto") == [sur]
