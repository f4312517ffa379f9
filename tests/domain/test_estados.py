import pytest

from domain.base.actor import Actor
from domain.base.errors import Rejection
from domain.base.row import Row
from domain.model import TABLES
from domain.ordenes.states import ESTADOS, ORDEN

TECNICO = Actor("u-tec", "tecnico", "s1", "e1")
RECEPCION = Actor("u-rec", "recepcionista", "s1")
SUPERVISOR = Actor("u-sup", "supervisor", "s1")
ADMIN = Actor("u-adm", "administrador")


def orden(estado: str, **more: str | None) -> Row:
    return {"estado": estado, "tipo": "taller", "sucursal_id": "s1", "tecnico_id": "e1", "creado_por": "x", **more}


def test_every_state_is_declared_once() -> None:
    assert TABLES["orden"].by_name["estado"].values == tuple(ESTADOS)
    assert {e for pair in ORDEN.transiciones for e in pair} == set(ESTADOS)


@pytest.mark.parametrize(
    ("actor", "estado", "expected"),
    [
        (TECNICO, "asignada", ["en_diagnostico", "en_reparacion"]),
        (RECEPCION, "recibida", ["asignada", "cancelada"]),
        (RECEPCION, "lista_para_entrega", ["entregada", "cancelada"]),
        (TECNICO, "en_reparacion", ["en_espera_repuesto", "pausada", "reparada", "sin_reparacion"]),
        (SUPERVISOR, "cerrada", ["en_diagnostico"]),
        (TECNICO, "cerrada", []),
        (ADMIN, "entregada", ["en_diagnostico", "cerrada"]),
        (SUPERVISOR, "cancelada", []),
    ],
)
def test_who_may_move_an_order_where(actor: Actor, estado: str, expected: list[str]) -> None:
    assert ORDEN.permitidos(actor, orden(estado)) == expected


def test_a_technician_moves_only_his_own_orders() -> None:
    assert ORDEN.permitidos(TECNICO, orden("asignada", tecnico_id="e2")) == []


def test_a_supervisor_only_those_of_his_branch() -> None:
    assert ORDEN.permitidos(SUPERVISOR, orden("recibida", sucursal_id="s2")) == []


def test_only_tickets_and_field_work_close_without_delivery() -> None:
    assert "cerrada" not in ORDEN.permitidos(ADMIN, orden("reparada"))
    assert "cerrada" in ORDEN.permitidos(ADMIN, orden("reparada", tipo="ticket"))


@pytest.mark.parametrize(
    ("actor", "de", "a", "motivo", "code"),
    [
        (TECNICO, "reparada", "reparada", True, "ya_hecho"),
        (TECNICO, "recibida", "reparada", True, "transicion"),
        (RECEPCION, "asignada", "en_diagnostico", True, "permiso"),
        (TECNICO, "en_reparacion", "pausada", False, "motivo"),
    ],
)
def test_a_refused_transition_says_why(actor: Actor, de: str, a: str, motivo: bool, code: str) -> None:
    with pytest.raises(Rejection) as caught:
        ORDEN.exigir_transicion(actor, orden(de), a, motivo=motivo)
    assert caught.value.motivo == code
    assert ORDEN.nombre(a) in str(caught.value)


def test_tickets_have_their_own_words() -> None:
    assert ORDEN.nombre("recibida", "ticket") == "Abierto"
    assert ORDEN.nombre("recibida", "taller") == "Recibida"
    assert ORDEN.nombre("desconocido") == "desconocido"
