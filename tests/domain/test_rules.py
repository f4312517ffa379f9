import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.base import actions
from domain.base.actor import Actor
from domain.base.ambient import Ambient
from domain.base.errors import Rejection
from domain.base.row import Row, Value
from domain.clientes.rules import e164
from domain.model import MATRIZ, TABLES
from domain.nombres import nombre_campo
from domain.ordenes import actions as de_ordenes
from domain.permissions import puede
from domain.rules import Applying
from domain.search import match_expression
from domain.wire import Cambio, Op, canonical, fingerprint

AMBIENT = Ambient(now=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC), rng=random.Random(3))
NOW = "2026-11-20T12:00:00.000Z"
RECEPCION = Actor("u-rec", "recepcionista", "s1")
TECNICO = Actor("u-tec", "tecnico", "s1", "e1")
SUPERVISOR = Actor("u-sup", "supervisor", "s1")
SUCURSAL: Row = {"id": "s1", "pais": "CL", "moneda": "CLP"}


class Rows:
    """A lookup over a dict."""

    def __init__(self, rows: dict[tuple[str, str], Row] | None = None) -> None:
        self.rows = rows or {}

    def row(self, tabla: str, key: str) -> Row | None:
        return self.rows.get((tabla, key))

    def next_number(self, serie: str) -> str | None:
        return "77"


def applying(actor: Actor, ops: list[Op], **options: Any) -> Applying:
    return Applying(actor, options.pop("lookup", Rows()), ops, NOW, "est", frozenset({"A1"}), **options)


def reception(actor: Actor = RECEPCION, **orden: Value) -> list[Op]:
    recepcion = de_ordenes.Recepcion(
        cliente={"nombre": "Íñigo", "telefono": "9 5555 0102"}, equipo={"marca": "Epson"}, orden=dict(orden)
    )
    return de_ordenes.recibir(AMBIENT, actor, SUCURSAL, "A1-000001", recepcion)


def rows_of(actor: Actor, ops: list[Op], **options: Any) -> dict[str, Row]:
    lookup = options.setdefault("lookup", Rows())
    work = applying(actor, ops, **options)
    made = {}
    for op in ops:
        made[op.tabla] = lookup.rows[op.tabla, op.id] = work.alta(op).after
    return made


def refused(actor: Actor, ops: list[Op], current: Row | None = None) -> str:
    with pytest.raises(Rejection) as caught:  # noqa: PT012
        lookup = Rows()
        work = applying(actor, ops, lookup=lookup)
        for op in ops:
            made = work.alta(op) if op.tipo == "alta" else work.cambio(op, current or {})
            lookup.rows[op.tabla, op.id] = made.after
    return caught.value.motivo


def an_order(**changes: Value) -> Row:
    return rows_of(RECEPCION, reception())["orden"] | changes


def test_a_reception_makes_client_device_order_and_history() -> None:
    rows = rows_of(RECEPCION, reception(prioridad_id="p"), lookup=Rows({("prioridad", "p"): {"sla_solucion_min": 60}}))
    assert rows["cliente"]["telefono_e164"] == "+56955550102"
    assert rows["cliente"]["nro_cliente"] == "77"
    assert rows["orden"]["cliente_id"] == rows["cliente"]["id"]
    assert rows["orden"]["estado"] == "recibida"
    assert rows["orden"]["sla_vence_en"] == "2026-11-20T13:00:00.000Z"
    assert rows["historial_orden"]["de_estado"] is None
    assert rows["historial_orden"]["a_estado"] == "recibida"
    assert rows["orden"]["creado_por"] == "u-rec"


def test_derived_and_unknown_columns_do_not_travel() -> None:
    assert refused(RECEPCION, reception(sla_vence_en=NOW)) == "campo"
    assert refused(RECEPCION, reception(version=9)) == "campo"
    assert refused(RECEPCION, reception(inventado="x")) == "campo"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("titulo", "x" * 201),
        ("titulo", 5),
        ("titulo", "a\x00b"),
        ("titulo", "\ud800"),
        ("garantia_dias", "3"),
        ("garantia_dias", True),
        ("garantia_dias", 2**70),
        ("en_garantia", 1),
        ("prometida_en", "mañana"),
        ("prometida_en", "2026-13-40T00:00:00.000Z"),
        ("tipo", "otro"),
    ],
)
def test_a_value_that_does_not_fit_says_where(column: str, value: Value) -> None:
    ops = reception()
    order = next(op for op in ops if op.tabla == "orden")
    order.campos[column] = value
    with pytest.raises(Rejection, match=f"«{nombre_campo(column)}» .orden.") as caught:
        rows_of(RECEPCION, ops)
    assert caught.value.motivo == "campo"


def test_a_folio_belongs_to_its_station() -> None:
    assert (
        refused(RECEPCION, de_ordenes.recibir(AMBIENT, RECEPCION, SUCURSAL, "B1-000001", de_ordenes.Recepcion()))
        == "folio"
    )


def test_only_imports_start_elsewhere_than_recibida() -> None:
    ops = reception(SUPERVISOR, estado="reparada", referencia_externa="x-1")
    assert rows_of(SUPERVISOR, ops)["orden"]["estado"] == "reparada"
    assert refused(SUPERVISOR, reception(SUPERVISOR, estado="reparada")) == "transicion"
    assert refused(RECEPCION, reception(estado="reparada", referencia_externa="x-1")) == "transicion"


def test_a_state_change_brings_its_history() -> None:
    order = an_order(estado="asignada", tecnico_id="e1")
    ops = de_ordenes.cambiar_estado(AMBIENT, order, "en_diagnostico")
    work = applying(TECNICO, ops, lookup=Rows({("orden", str(order["id"])): order}))
    outcome = work.cambio(ops[0], order)
    assert outcome.after["estado"] == "en_diagnostico"
    assert work.alta(ops[1]).after["de_estado"] == "asignada"
    assert refused(TECNICO, ops[:1], order) == "historial"
    assert refused(TECNICO, ops[1:], order) == "historial"


def test_assigning_needs_a_technician() -> None:
    order = an_order()
    assert refused(RECEPCION, de_ordenes.cambiar_estado(AMBIENT, order, "asignada"), order) == "campo"
    ops = de_ordenes.asignar(AMBIENT, order, "e1")
    assert applying(TECNICO, ops).cambio(ops[0], order).after["tecnico_id"] == "e1"
    other = de_ordenes.asignar(AMBIENT, order, "e2")
    assert refused(TECNICO, other, order) == "permiso"


def test_delivery_starts_the_warranty() -> None:
    order = an_order(estado="lista_para_entrega", garantia_dias=90)
    ops = de_ordenes.cambiar_estado(AMBIENT, order, "entregada")
    after = applying(RECEPCION, ops).cambio(ops[0], order).after
    assert after["entrega_en"] == NOW
    assert after["garantia_vence_en"] == "2027-02-18T12:00:00.000Z"


def test_reception_does_not_write_findings() -> None:
    order = an_order()
    assert refused(RECEPCION, actions.editar("orden", order, {"diagnostico": "fusible"}), order) == "permiso"


def test_history_is_never_changed() -> None:
    line = rows_of(RECEPCION, reception())["historial_orden"]
    assert refused(SUPERVISOR, actions.editar("historial_orden", line, {"nota": "x"}), line) == "solo_anexar"


def test_merge_keeps_the_servers_value_where_somebody_else_was_first() -> None:
    shown = an_order(titulo="a", descripcion="a")
    ops = actions.editar("orden", shown, {"titulo": "mío", "descripcion": "mía"})
    outcome = applying(SUPERVISOR, ops).cambio(ops[0], shown | {"titulo": "suyo"})
    assert outcome.lost == ("titulo",)
    assert outcome.after["titulo"] == "suyo"
    assert outcome.after["descripcion"] == "mía"


values = st.one_of(st.none(), st.sampled_from(["", "a", "b", "ñ"]))


@given(current=values, shown=values, new=values)
def test_merge_never_overwrites_what_was_not_seen(current: Value, shown: Value, new: Value) -> None:
    order = an_order(titulo=current, version=5)
    op = Op(tabla="orden", id=str(order["id"]), tipo="cambio", campos={"titulo": new}, antes={"titulo": shown})
    outcome = applying(SUPERVISOR, [op]).cambio(op, order)
    if outcome.after["titulo"] != current:
        assert current == shown
    assert ("titulo" in outcome.lost) == (current not in (shown, new))


def test_a_branch_ends_at_its_door() -> None:
    other = an_order(sucursal_id="s2")
    assert not puede(SUPERVISOR, "orden.editar", "orden", other)
    assert not puede(Actor("u", "consulta"), "orden.ver", "orden", other)
    assert puede(Actor("u", "administrador"), "orden.borrar", "orden", other)
    assert {p.split(".")[0] for p in MATRIZ} <= {
        *TABLES,
        "catalogo",
        "importar",
        "imprimir",
        "stock",
        "cambio",
        "costo",
    }


def test_phones_are_normalised_by_country() -> None:
    assert e164("(9) 5555-0102", "CL") == "+56955550102"
    assert e164("+34 600 00 00 00", None) == "+34600000000"
    assert e164("anexo 12", "CL") is None
    assert e164("", "CL") is None


def test_an_edit_that_changes_nothing_is_nothing() -> None:
    order = an_order(titulo="a")
    assert actions.editar("orden", order, {"titulo": "a"}) == []


def test_the_fingerprint_is_of_the_content() -> None:
    cambio = Cambio(id=AMBIENT.new_id(), n=1, usuario_id=AMBIENT.new_id(), schema=1, ops=reception())
    wire = cambio.model_dump(by_alias=True)
    assert fingerprint(wire) == fingerprint({**wire, "huella": "otra"})
    assert fingerprint(wire) != fingerprint({**wire, "n": 2})
    assert canonical({"b": "ñ", "a": 1}) == '{"a":1,"b":"ñ"}'


@given(st.text())
def test_nothing_typed_is_search_syntax(typed: str) -> None:
    expression = match_expression(typed)
    if expression is not None:
        assert expression.count('"') % 2 == 0
        assert all(part.endswith('"*') for part in expression.split(" ") if part.endswith("*"))
