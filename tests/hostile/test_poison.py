"""A Cambio that nobody could take costs only itself: it has its answer, and the one behind it is taken."""

import re
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import text

from domain import rules
from domain.base import actions
from domain.base.errors import Rejection
from domain.base.row import Value
from domain.base.values import MAX_INT, check_value
from domain.inventario import actions as de_inventario
from domain.model import TABLES
from domain.wire import MAX_BYTES, MAX_OPS, Op, fingerprint
from servitec_server.announcement import Announcement
from servitec_server.batch import Batch
from servitec_server.step import Step
from tests.company import Desk, Office
from tests.hostile.forge import an_order, content, push, row, signed

CAJA = "00000000-0000-7000-8000-00000000ca1a"


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


def brand(office: Office, name: str) -> Op:
    return actions.alta(office.central.ambient, "tipo_equipo", {"codigo": name, "nombre": name})


def taken(office: Office, desk: Desk, *poison: Any) -> list[str | None]:
    """Push these with an honest Cambio behind them; the motivo of each. The honest one is taken, once more too."""
    honest = content(office, desk, brand(office, office.central.ambient.new_id()[:30]))
    reply = push(office, desk, *poison, honest)
    assert [a.resultado for a in reply.answers] == ["rechazado"] * len(poison) + ["aplicado"]
    again = push(office, desk, *poison, honest)
    assert [a.resultado for a in again.answers][-1] == "repetido"
    with office.central.store.reading() as connection:
        versions = connection.execute(text("SELECT version FROM cambio ORDER BY version")).scalars().all()
    assert versions == list(range(1, len(versions) + 1))
    return [a.motivo for a in reply.answers[:-1]]


def test_operations_that_fit_nothing(office: Office) -> None:
    desk = office.desk("a", "ana")
    order = an_order(office, 1)

    def edit(**campos: Any) -> dict[str, Any]:
        op = Op.model_construct(tabla="orden", id=str(order["id"]), tipo="cambio", base=0, campos=campos, antes={})
        return content(office, desk, op)

    def alta(tabla: str, **campos: Any) -> dict[str, Any]:
        key = office.central.ambient.new_id()
        return content(
            office, desk, Op.model_construct(tabla=tabla, id=key, tipo="alta", base=0, campos=campos, antes={})
        )

    state = Op(tabla="orden", id=str(order["id"]), tipo="cambio", campos={"estado": "cancelada"}, antes={})
    title = Op(tabla="orden", id=str(order["id"]), tipo="cambio", campos={"titulo": "x"}, antes={})
    receipt = {"epoca": "x", "arranque": "x", "version": 1, "perdidos": [["orden", order["id"], "nada"]], "prueba": "x"}
    unknown = Op(tabla="orden", id=str(order["id"]), tipo="cambio", campos={"nada": "x"}, antes={})
    cases: list[tuple[Any, str]] = [
        (edit(nada=1), "campo"),
        (edit(**{"a\x00b": "x"}), "campo"),
        (alta("a\x00b", x=1), "campo"),
        (content(office, desk, state, title), "historial"),
        (content(office, desk, unknown, reoferta=[receipt]), "campo"),
        (edit(garantia_dias=10**12), "campo"),
        (edit(garantia_dias=-1), "campo"),
        (edit(garantia_dias=2**63), "campo"),
        (edit(recepcion_en="9999-12-31T23:59:59.999Z"), "campo"),
        (edit(titulo="a\x00b"), "campo"),
        (edit(cliente_id="a\x00b"), "campo"),
        (alta("tipo_equipo", codigo="a\x00b", nombre="x"), "campo"),
        (edit(titulo=nested(253)), "forma"),
        (edit(titulo=1.5), "forma"),
        (edit(descripcion="x" * 200_000), "campo"),
        (edit(accesorios="cargador"), "campo"),
        (edit(accesorios='"cargador"'), "campo"),
        (edit(accesorios="[1]"), "campo"),
        (edit(accesorios="{}"), "campo"),
        (edit(accesorios='["a\\u0000"]'), "campo"),
        (edit(accesorios="[" * 900 + "]" * 900), "campo"),
        (alta("plantilla_etiqueta", nombre="x", tipo="orden", cuerpo="[]"), "campo"),
        (alta("plantilla_etiqueta", nombre="x", tipo="orden", cuerpo='{"a":' * 50 + "1" + "}" * 50), "campo"),
        (alta("prioridad", codigo="x", nombre="x", sla_solucion_min=10**15), "campo"),
        (alta("empleado", nombre="x", fecha_alta="9999-01-01"), "campo"),
    ]
    assert taken(office, desk, *(case for case, _ in cases)) == [motivo for _, motivo in cases]
    assert row(office, "orden", order["id"]) == order


def test_stock_never_overflows(office: Office) -> None:
    desk = office.desk("a", "ana")
    product = actions.alta(office.central.ambient, "producto", {"sku": "P", "nombre": "P"})
    office.central.write(desk.person, lambda _: [product])

    def move(cantidad: int) -> dict[str, Any]:
        op = de_inventario.mover_stock(
            office.central.ambient, {"id": product.id}, office.branch, "ajuste_conteo", cantidad
        )
        return content(office, desk, op)

    assert push(office, desk, move(5)).answers[0].resultado == "aplicado"
    with office.central.store.writing() as connection:
        connection.execute(text("UPDATE existencia SET stock = :most"), {"most": MAX_INT})
    assert taken(office, desk, move(1), move(2**53), move(2**63 - 1)) == ["campo", "campo", "campo"]
    assert push(office, desk, move(-1)).answers[0].resultado == "aplicado"


def test_cambios_that_are_none(office: Office) -> None:
    desk = office.desk("a", "ana")
    good = content(office, desk, brand(office, "x"))

    def but(**more: Any) -> dict[str, Any]:
        made = content(office, desk, brand(office, "x"))
        return signed(office, desk, {k: v for k, v in {**made, **more}.items() if k not in ("huella", "firma")})

    op = good["ops"][0]
    many = [{**op, "id": office.central.ambient.new_id()} for _ in range(MAX_OPS + 1)]
    cases: list[tuple[Any, str]] = [
        (but(visto={"version": 2**64 - 1, "cambio_id": None}), "forma"),
        (but(visto={"version": 1, "cambio_id": "a\x00b"}), "forma"),
        (but(reemplaza="a\x00b"), "forma"),
        (but(schema=-(10**18)), "forma"),
        (but(depende=["x"]), "forma"),
        (but(ops="x"), "forma"),
        (but(ops=[{**op, "tipo": "otro"}]), "forma"),
        (but(ops=[{**op, "base": -1}]), "forma"),
        (but(ops=[{**op, "antes": {"nombre": nested(253)}}]), "forma"),
        (but(ops=many), "tamano"),
        (but(extra=nested(400)), "forma"),
        (but(extra="x" * (MAX_BYTES + 1)), "tamano"),
        (but(id="ffffffff-ffff-7000-8000-000000000000"), "campo"),
        (but(n="x"), "forma"),
        (but(id="x\x00"), "forma"),
        ("no es un cambio", "forma"),
        ([], "forma"),
    ]
    assert taken(office, desk, *(case for case, _ in cases)) == [motivo for _, motivo in cases]
    with office.central.store.reading() as connection:
        kept = connection.execute(text("SELECT count(*) FROM respuesta WHERE motivo = 'forma'")).scalar()
    assert kept == len([motivo for _, motivo in cases if motivo == "forma"]) - 4


@pytest.mark.expects_log
def test_a_bug_inside_a_cambio_is_its_own(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = office.desk("a", "ana")
    real: Callable[[Step, Op], None] = Step.alta

    def broken(self: Step, op: Op) -> None:
        real(self, op)
        if op.campos["codigo"] == "malo":
            raise ZeroDivisionError("the bug")

    monkeypatch.setattr(Step, "alta", broken)
    bad = content(office, desk, brand(office, "bueno"), brand(office, "malo"))
    assert taken(office, desk, bad) == ["error"]
    assert "ZeroDivisionError: the bug" in caplog.text
    with office.central.store.reading() as connection:
        kept = connection.execute(text("SELECT cuerpo FROM respuesta WHERE motivo = 'error'")).scalar_one()
        assert connection.execute(text("SELECT count(*) FROM tipo_equipo WHERE codigo = 'bueno'")).scalar() == 0
    assert "malo" in kept


@pytest.mark.expects_log
def test_what_the_database_itself_refuses_is_found_among_the_good(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = office.desk("a", "ana")
    monkeypatch.setattr(rules, "check_value", lambda *_: None)
    op = actions.alta(office.central.ambient, "tipo_equipo", {"codigo": "x", "nombre": "x", "orden": 2**64 - 1})
    good = [content(office, desk, brand(office, f"antes {i}")) for i in range(3)]
    reply = push(office, desk, *good[:2], content(office, desk, op), good[2])
    assert [(a.resultado, a.motivo) for a in reply.answers] == [
        ("aplicado", None),
        ("aplicado", None),
        ("rechazado", "error"),
        ("aplicado", None),
    ]
    ours = [record for record in caplog.records if record.name.startswith("servitec_server")]
    assert [record.exc_info is not None for record in ours] == [True]


def test_a_failed_cambio_frees_the_unique_values_it_took(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = office.desk("a", "ana")
    first = brand(office, "uno")
    assert push(office, desk, content(office, desk, first)).answers[0].resultado == "aplicado"
    away = Op(tabla="tipo_equipo", id=first.id, tipo="cambio", campos={"codigo": "dos"}, antes={"codigo": "uno"})
    bad = Op(tabla="tipo_equipo", id=CAJA, tipo="cambio", campos={"codigo": "x"}, antes={})
    failing = content(office, desk, away, brand(office, "uno"), bad)
    real, written = Batch.finish, []

    def finish(self: Batch) -> list[Announcement]:
        written.append(self)
        return real(self)

    monkeypatch.setattr(Batch, "finish", finish)
    reply = push(office, desk, failing, content(office, desk, brand(office, "uno")))
    assert [a.motivo for a in reply.answers] == ["no_existe", "duplicado"]
    assert len(written) == 1, "the database itself found nothing to refuse"


def test_conflicts_cost_the_same_each(office: Office) -> None:
    desk = office.desk("a", "ana")

    def lines(count: int) -> int:
        """Lines of the server's code that a Cambio of so many lost fields runs through."""
        altas = [brand(office, f"{count}-{i}") for i in range(count)]
        office.central.write(desk.person, lambda _: altas)
        ops = [
            Op(tabla="tipo_equipo", id=op.id, tipo="cambio", campos={"nombre": "mío"}, antes={"nombre": "otro"})
            for op in altas
        ]
        ran = 0

        def trace(frame: FrameType, event: str, _: object) -> Any:
            nonlocal ran
            if "servitec_server" not in frame.f_code.co_filename:
                return None
            ran += event == "line"
            return trace

        item = content(office, desk, *ops)
        sys.settrace(trace)
        try:
            answer = push(office, desk, item).answers[0]
        finally:
            sys.settrace(None)
        assert answer.recibo is not None
        assert len(answer.recibo.perdidos) == count
        return ran

    assert lines(160) < 6 * lines(40)


@pytest.mark.parametrize(
    ("tabla", "column", "value"),
    [
        ("orden", "garantia_dias", 36_601),
        ("orden", "total_centavos", 2**53),
        ("orden", "recepcion_en", "0001-01-01T00:00:00.000Z"),
        ("orden", "accesorios", '["' + "x" * 300 + '"]'),
        ("orden", "accesorios", '["x",' * 1 + '"y"' + ',"z"' * 200 + "]"),
        ("equipo", "garantia_hasta", "3000-01-01"),
        ("movimiento_stock", "cantidad", 10**9 + 1),
        ("orden", "datos_externos", "null"),
    ],
)
def test_every_value_has_its_bounds(tabla: str, column: str, value: Value) -> None:
    spec = TABLES[tabla]
    with pytest.raises(Rejection, match=re.escape(spec.campo(column))):
        check_value(spec, spec.by_name[column], value)


def test_the_fingerprint_of_what_came(office: Office) -> None:
    desk = office.desk("a", "ana")
    made = content(office, desk, brand(office, "x"), extra={"b": [1, None], "a": "ñ"})
    assert made["huella"] == fingerprint(made)
    forged = {**made, "extra": "otro"}
    reply = push(office, desk, forged, {**made, "huella": "0" * 64})
    assert [(a.resultado, a.motivo) for a in reply.answers] == [("espera", "firma"), ("rechazado", "huella")]
