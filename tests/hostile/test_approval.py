"""What a supervisor approves passes the rules of everything else, and is his to decide."""

import pytest
from sqlalchemy import text
from starlette.requests import Request

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from servitec_server import admin
from servitec_server.history import head
from sync.transport import WAIT_FOR_A_SUPERVISOR
from tests.company import Office
from tests.hostile.forge import an_order, branch, content, hire, push, row, told

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


def seen(office: Office) -> dict[str, int | str | None]:
    """Where the server stands, as a `visto`."""
    with office.central.store.reading() as connection:
        version, key = head(connection)
    return {"version": version, "cambio_id": key}


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


def test_what_only_the_branch_that_its_row_left_allowed_waits_for_a_supervisor(office: Office) -> None:
    desk, sur = office.desk("a", "jefa"), branch(office)
    order = an_order(office, 1)
    written = de_ordenes.comentar(office.central.ambient, order, "visto en el mesón")
    office.central.write(desk.person, lambda _: written)
    note = row(office, "comentario", written[0].id)
    visto = seen(office)
    office.central.write(office.people["ana"], lambda _: actions.editar("orden", order, {"sucursal_id": sur}))
    moved = seen(office)
    changes = (
        actions.editar("orden", order, {"titulo": "a tiempo"}),
        de_ordenes.comentar(office.central.ambient, order, "aparte"),
        actions.editar("comentario", note, {"texto": "corregido"}),
        de_ordenes.cambiar_estado(office.central.ambient, order, "cancelada", nota="no la quiere"),
    )
    late = [content(office, desk, *ops, visto=visto) for ops in changes]
    assert [a.motivo for a in push(office, desk, *late).answers] == ["permiso_cambiado"] * 4
    knowing = [content(office, desk, *ops, visto=moved) for ops in changes]
    assert [a.motivo for a in push(office, desk, *knowing).answers] == ["permiso"] * 4
    stranger = office.desk("b", "tec")
    assert [a.motivo for a in push(office, stranger, content(office, stranger, *changes[0], visto=visto)).answers] == [
        "permiso"
    ]
    assert row(office, "orden", order["id"]) == row(office, "orden", order["id"]) | {"titulo": None, "sucursal_id": sur}
    assert refusal(office, str(late[0]["id"]), "jefa") == "permiso"
    for made in late[:3]:
        admin.approve(str(made["id"]), office.central, office.people["ana"], HERE)
    now = row(office, "orden", order["id"])
    assert (now["titulo"], now["sucursal_id"], now["actualizado_por"]) == ("a tiempo", sur, desk.person.usuario_id)
    assert row(office, "comentario", note["id"])["texto"] == "corregido"
    assert row(office, "comentario", changes[1][0].id)["sucursal_id"] == sur


def test_a_conflict_that_went_with_its_row_too(office: Office) -> None:
    desk, sur = office.desk("a", "jefa"), branch(office)
    order = an_order(office, 1)
    for title in ("uno", "dos"):
        edit = actions.editar("orden", order, {"titulo": title})
        assert told(office, office.people["rec"], *edit) == "aplicado"
    with office.central.store.reading() as connection:
        key = connection.execute(text("SELECT id FROM conflicto")).scalar_one()
    visto, lost = seen(office), row(office, "conflicto", key)
    now = row(office, "orden", order["id"])
    office.central.write(office.people["ana"], lambda _: actions.editar("orden", now, {"sucursal_id": sur}))
    done: Row = {"resuelto_por": desk.person.usuario_id, "resuelto_en": office.central.ambient.instant()}
    made = content(office, desk, *actions.editar("conflicto", lost, done), visto=visto)
    assert [a.motivo for a in push(office, desk, made).answers] == ["permiso_cambiado"]


def test_what_builds_on_it_is_approved_after_it(office: Office) -> None:
    """Made offline by somebody whose role was taken meanwhile: all of it can be let in, in its order."""
    desk = office.desk("a", "rec")
    order = desk.receive("sin conexión")
    for title in ("uno", "dos"):
        desk.edit("orden", desk.row("orden", order["id"]), titulo=title)
    usuario = row(office, "usuario", desk.person.usuario_id)
    office.central.write(SISTEMA, lambda _: actions.editar("usuario", usuario, {"rol": "gestor"}), trusted=True)
    desk.sync()
    boss = office.people["ana"]
    listed = admin.refused(office.central, boss, list(WAIT_FOR_A_SUPERVISOR), 50)
    keys = [str(item["cambio_id"]) for item in sorted(listed, key=lambda item: int(item["n"]))]
    assert len(keys) == 3
    assert refusal(office, keys[2], "ana") == refusal(office, keys[1], "ana") == "dependencia"
    for key in keys:
        admin.approve(key, office.central, boss, HERE)
    assert row(office, "orden", order["id"])["titulo"] == "dos"
    with office.central.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM conflicto")).scalar_one() == 0


def test_what_builds_on_what_was_left_refused_is_nobodys_to_approve(office: Office) -> None:
    key, order = demoted(office)
    admin.dismiss(key, office.central, office.people["ana"])
    later = content(office, office.desks[0], *actions.editar("orden", order, {"titulo": "y ya"}), depende=[key])
    assert [a.motivo for a in push(office, office.desks[0], later).answers] == ["dependencia"]
    assert refusal(office, str(later["id"]), "ana") == "permiso"
