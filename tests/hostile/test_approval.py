"""What a supervisor approves passes the rules of everything else, and is his to decide."""

import pytest
from starlette.requests import Request

from domain import actions
from domain.errors import Rejection
from domain.permissions import SISTEMA
from domain.tables import Row
from servitec_server import admin
from tests.company import Office
from tests.hostile.forge import an_order, branch, content, hire, push, row

HERE = Request({"type": "http", "headers": [], "client": None})


def demoted(office: Office) -> tuple[str, Row]:
    """A change that only its author's former role allowed: its id, and the order that it changes."""
    desk = office.desk("a", "jefa")
    order = an_order(office, 1)
    desk.sync()
    cursor = desk.engine._state().cursor
    seen = {"version": cursor.version, "cambio_id": cursor.cambio_id}
    edit = actions.editar("orden", order, {"titulo": "a tiempo"})
    made = content(office, desk, *edit, visto=seen)
    usuario = row(office, "usuario", desk.person.usuario_id)
    office.central.write(SISTEMA, lambda _: actions.editar("usuario", usuario, {"rol": "gestor"}), trusted=True)
    assert [a.motivo for a in push(office, desk, made).answers] == ["permiso_cambiado"]
    return str(made["id"]), order


def refusal(office: Office, key: str, who: str) -> str:
    with pytest.raises(Rejection) as refused:
        admin.approve(key, office.central, office.people[who], HERE)
    return refused.value.motivo


def test_it_is_approved_against_the_rows_of_now(office: Office) -> None:
    key, order = demoted(office)
    sur = branch(office)
    office.people["otra"] = hire(office, "otra", "supervisor", sucursal_id=sur)
    office.people["boss"] = hire(office, "boss", "supervisor")
    assert refusal(office, key, "tec") == "permiso"
    assert refusal(office, key, "otra") == "no_existe"
    assert admin.refused(office.central, office.people["otra"], None, 50) == []
    away = actions.editar("orden", order, {"sucursal_id": sur})
    office.central.write(office.people["ana"], lambda _: away)
    assert refusal(office, key, "boss") == "permiso"
    assert row(office, "orden", order["id"])["titulo"] is None
    back = actions.editar("orden", row(office, "orden", order["id"]), {"sucursal_id": office.branch})
    office.central.write(office.people["ana"], lambda _: back)
    assert [item["cambio_id"] for item in admin.refused(office.central, office.people["boss"], None, 50)] == [key]
    admin.approve(key, office.central, office.people["boss"], HERE)
    assert row(office, "orden", order["id"])["titulo"] == "a tiempo"
    assert refusal(office, key, "boss") == "no_existe"


def test_what_was_no_cambio_is_listed_and_left_and_never_approved(office: Office) -> None:
    desk = office.desk("a", "jefa")
    bad = content(office, desk, visto={"version": -1})
    assert [a.motivo for a in push(office, desk, bad).answers] == ["forma"]
    listed = admin.refused(office.central, office.people["jefa"], None, 50)
    assert [(item["cambio_id"], item["motivo"]) for item in listed] == [(bad["id"], "forma")]
    assert refusal(office, str(bad["id"]), "jefa") == "permiso"
    admin.dismiss(str(bad["id"]), office.central, office.people["jefa"])
    assert admin.refused(office.central, office.people["jefa"], None, 50) == []
