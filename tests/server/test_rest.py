"""REST resources: pages, filters, the right to see, If-Match, costs; on SQLite and on PostgreSQL."""

import base64
import json
from typing import Any

import httpx
import pytest
from sqlalchemy import event, text

from domain.base import actions
from domain.base.actor import SISTEMA
from domain.model import TABLES
from domain.ordenes import actions as de_ordenes
from servitec_server.listing import Listing
from servitec_server.models import reply_model
from servitec_server.routes import ROUTERS
from tests.company import Office
from tests.fixtures_served import Served
from tests.hostile.forge import an_order, branch, hire, row

RESOURCES = ("/clientes", "/empresas", "/equipos", "/ordenes", "/productos", "/catalogos/marca")


def clients(office: Office, count: int) -> list[str]:
    ops = [actions.alta(office.central.ambient, "cliente", {"nombre": f"Rosa {i}"}) for i in range(count)]
    office.central.write(SISTEMA, lambda _: ops, trusted=True)
    return sorted((op.id for op in ops), reverse=True)


def walk(client: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    """All rows, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        reply = client.get(path, params=params | ({"cursor": cursor} if cursor else {}))
        assert reply.status_code == 200, reply.text
        page = reply.json()
        assert len(page["filas"]) <= params.get("limite", 50)
        found += page["filas"]
        cursor = page["siguiente"]
        if cursor is None:
            return found


def code(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["error"]


def test_pages_hold_every_row_once(served: Served) -> None:
    keys = clients(served.office, 23)
    with served.client("jefa") as client:
        assert [r["id"] for r in walk(client, "/clientes", limite=5)] == keys
        assert [r["id"] for r in walk(client, "/clientes", limite=23)] == keys
        assert [r["id"] for r in walk(client, "/clientes", limite=5, ordenar="id")] == keys[::-1]
        numbered = [r["nro_cliente"] for r in walk(client, "/clientes", limite=4, ordenar="-nro_cliente")]
        assert numbered == sorted(numbered, reverse=True)
        assert len(numbered) == 23
        first = client.get("/clientes", params={"limite": 5}).json()
        assert "total" not in first
        new = clients(served.office, 3)
        rest = client.get("/clientes", params={"limite": 100, "cursor": first["siguiente"]}).json()["filas"]
        assert [r["id"] for r in rest] == keys[5:], "what came meanwhile moves no page"
        assert client.get("/clientes", params={"total": True, "limite": 1}).json()["total"] == 23 + len(new)


def test_rows_without_what_they_are_sorted_by_come_last(served: Served) -> None:
    orders = [an_order(served.office, i)["id"] for i in range(1, 8)]
    with served.office.central.store.writing() as connection:
        for i, key in enumerate(orders):
            stamp = None if i % 2 else f"2026-01-0{1 + i // 4}T10:00:00.000Z"
            connection.execute(text("UPDATE orden SET recepcion_en = :s WHERE id = :k"), {"s": stamp, "k": key})
    with served.client("jefa") as client:
        for limit in (1, 2, 3, 7):
            for sort, back in (("recepcion_en", False), ("-recepcion_en", True)):
                got = [(r["recepcion_en"], r["id"]) for r in walk(client, "/ordenes", ordenar=sort, limite=limit)]
                dated = sorted(((d, k) for d, k in got if d is not None), reverse=back)
                without = sorted(((d, k) for d, k in got if d is None), key=lambda p: str(p[1]), reverse=back)
                assert got == dated + without
                assert {k for _, k in got} == set(orders)


def test_nobody_is_shown_or_counted_what_is_not_his(served: Served) -> None:
    office = served.office
    sur, ours = branch(office), an_order(office, 1)
    theirs, mine = an_order(office, 2, sur), an_order(office, 3)
    tec = str(office.people["tec"].empleado_id)
    office.central.write(SISTEMA, lambda _: actions.editar("orden", mine, {"tecnico_id": tec}), trusted=True)
    other = hire(office, "otro", "tecnico", empleado_id=row(office, "empleado", tec)["id"], sucursal_id=sur)
    hire(office, "cli", "cliente", cliente_id=ours["cliente_id"], sucursal_id=None)
    hire(office, "ojo", "consulta")
    for name in ("otro", "cli", "ojo"):
        office.people[name] = office._known(name) or other
        served.give_password(name)
    expected = {
        "ana": {ours["id"], theirs["id"], mine["id"]},
        "jefa": {ours["id"], mine["id"]},
        "rec": {ours["id"], mine["id"]},
        "tec": {ours["id"], mine["id"]},
        "otro": {theirs["id"]},
        "cli": {ours["id"]},
    }
    for name, keys in expected.items():
        with served.client(name) as client:
            page = client.get("/ordenes", params={"total": True}).json()
            assert ({r["id"] for r in page["filas"]}, page["total"]) == (keys, len(keys)), name
            for key in (ours["id"], theirs["id"], mine["id"]):
                for below in ("", "/comentarios", "/historial"):
                    status = client.get(f"/ordenes/{key}{below}").status_code
                    assert status == (200 if key in keys else 404), (name, below)
                if key not in keys:
                    assert code(client.patch(f"/ordenes/{key}", json={"titulo": "x"})) == (404, "no_existe")
                    assert code(client.delete(f"/ordenes/{key}")) == (404, "no_existe")
                    assert code(client.post(f"/ordenes/{key}/comentarios", json={"texto": "x"})) == (404, "no_existe")
    with served.client("ojo") as client:
        for path in RESOURCES:
            assert code(client.get(path)) == (403, "permiso")
            assert code(client.get(path, params={"total": True})) == (403, "permiso")


def test_what_is_said_of_an_order_is_seen_by_who_sees_it(served: Served) -> None:
    office = served.office
    order = an_order(office, 1)
    for words, how in (("para él", "cliente"), ("entre nosotros", "interna")):
        ops = de_ordenes.comentar(office.central.ambient, order, words, how)
        office.central.write(office.people["rec"], lambda _, ops=ops: ops)  # type: ignore[misc]
    office.people["cli"] = hire(office, "cli", "cliente", cliente_id=order["cliente_id"], sucursal_id=None)
    served.give_password("cli")
    for name, said in (("jefa", ["para él", "entre nosotros"]), ("cli", ["para él"])):
        with served.client(name) as client:
            found = client.get(f"/ordenes/{order['id']}/comentarios").json()["filas"]
            assert sorted(r["texto"] for r in found) == sorted(said)
            lines = client.get(f"/ordenes/{order['id']}/historial").json()["filas"]
            assert [r["a_estado"] for r in lines] == ["recibida"]


def test_filters_and_words(served: Served) -> None:
    office = served.office
    first, second = an_order(office, 1), an_order(office, 2)
    cancel = de_ordenes.cambiar_estado(office.central.ambient, second, "cancelada", nota="desiste")
    office.central.write(SISTEMA, lambda _: cancel, trusted=True)

    def keys(**params: Any) -> list[str]:
        return [r["id"] for r in walk(client, "/ordenes", **params)]

    with served.client("jefa") as client:
        assert keys(estado="cancelada") == [second["id"]]
        assert keys(estado=["cancelada", "recibida"]) == sorted([str(first["id"]), str(second["id"])], reverse=True)
        assert keys(estado="reparada") == []
        assert keys(estado="cancelada", cliente_id=str(first["cliente_id"])) == []
        assert len(keys(tecnico_id="")) == 2, "empty: those that have none"
        assert keys(buscar=str(first["folio"])) == [first["id"]]
        for nombre in ("Íñigo Ñancupil", "50% de Descuento", "a_b", "c:\\d"):
            assert client.post("/clientes", json={"nombre": nombre}).status_code == 201

        def named(typed: str) -> list[str]:
            return [r["nombre"] for r in walk(client, "/clientes", buscar=typed)]

        assert named("íñigo ÑANCU") == ["Íñigo Ñancupil"]
        assert named("descuENTO 50%") == ["50% de Descuento"]
        assert named("DESCUENTO") == ["50% de Descuento"]
        assert (named("%"), named("_"), named("\\")) == (["50% de Descuento"], ["a_b"], ["c:\\d"])
        assert named("íñigo nadie") == []


@pytest.mark.parametrize(
    "params",
    [
        {"desde": "50"},
        {"inventado": "1"},
        {"codigo_publico": "x"},
        {"ordenar": "titulo"},
        {"ordenar": "-id; DROP TABLE orden"},
        {"limite": "0"},
        {"limite": "501"},
        {"buscar": "x" * 201},
        {"buscar": "a\0b"},
        {"estado": "a\0b"},
        {"estado": ["recibida"] * 51},
        {"cursor": "x"},
        {"cursor": "ñ"},
        {"cursor": base64.urlsafe_b64encode(b"5").decode()},
        {"cursor": base64.urlsafe_b64encode(b'["id",1,"00000000-0000-7000-8000-000000000000"]').decode()},
        {"cursor": base64.urlsafe_b64encode(b'["-id","x","\' OR 1=1 --"]').decode()},
        {"cursor": base64.urlsafe_b64encode(b'["-id",{"a":1},"00000000-0000-7000-8000-000000000000"]').decode()},
        {"cursor": base64.urlsafe_b64encode(b'["-id","a\\u0000","00000000-0000-7000-8000-000000000000"]').decode()},
        {"cursor": base64.urlsafe_b64encode(b"[" * 900).decode()},
    ],
)
def test_what_no_list_understands_is_refused_in_a_sentence(served: Served, params: dict[str, Any]) -> None:
    with served.client("ana") as client:
        reply = client.get("/ordenes", params=params)
        assert code(reply) == (422, "campo"), reply.text
        assert reply.json()["mensaje"]


def test_a_change_of_what_is_no_longer_there_is_refused(served: Served) -> None:
    (key,) = clients(served.office, 1)
    with served.client("jefa") as client:
        tag = client.get(f"/clientes/{key}").headers["etag"]
        assert tag == f'"{row(served.office, "cliente", key)["version"]}"'

        def patch(said: str, **fields: str) -> httpx.Response:
            return client.patch(f"/clientes/{key}", json=fields, headers={"If-Match": said})

        changed = patch(tag, apellido="Soto")
        assert (changed.status_code, changed.json()["apellido"]) == (200, "Soto")
        assert changed.headers["etag"] == f'"{changed.json()["version"]}"' != tag
        assert code(patch(tag, apellido="Paz")) == (412, "version")
        assert code(patch("W/" + changed.headers["etag"], apellido="Paz")) == (412, "version")
        assert code(patch(str(changed.json()["version"]), apellido="Paz")) == (422, "campo")
        assert row(served.office, "cliente", key)["apellido"] == "Soto"
        assert patch(f"{tag}, {changed.headers['etag']}", apellido="Paz").status_code == 200
        assert patch("*", apellido="Lagos").status_code == 200
        assert client.patch(f"/clientes/{key}", json={"apellido": "Ríos"}).status_code == 200
    order = an_order(served.office, 1)
    with served.client("ana") as client:
        moved: dict[str, Any] = {"json": {"estado": "cancelada", "motivo": "desiste"}, "headers": {"If-Match": '"1"'}}
        assert code(client.post(f"/ordenes/{order['id']}/estado", **moved)) == (412, "version")
        assert code(client.delete(f"/clientes/{key}", headers={"If-Match": tag})) == (412, "version")
        now = client.get(f"/clientes/{key}").headers["etag"]
        assert client.delete(f"/clientes/{key}", headers={"If-Match": now}).status_code == 204
        assert client.get(f"/clientes/{key}").status_code == 404


def test_deleting_marks_what_others_hang_on_and_needs_the_right(served: Served) -> None:
    order = an_order(served.office, 1)
    key = str(order["cliente_id"])
    with served.client("rec") as client:
        assert code(client.delete(f"/clientes/{key}")) == (403, "permiso")
    with served.client("ana") as client:
        assert client.delete(f"/clientes/{key}").status_code == 204
        assert client.get(f"/clientes/{key}").json()["borrado_en"]
        assert client.get("/clientes").json()["filas"] == []
        assert code(client.delete(f"/clientes/{key}")) == (409, "ya_hecho")


def test_a_row_that_leaves_with_the_change_is_shown_this_once(served: Served) -> None:
    order, sur = an_order(served.office, 1), branch(served.office)
    with served.client("jefa") as client:
        moved = client.patch(f"/ordenes/{order['id']}", json={"sucursal_id": sur})
        assert (moved.status_code, moved.json()["sucursal_id"]) == (200, sur)
        assert client.get(f"/ordenes/{order['id']}").status_code == 404


def test_costs_are_nobodys_who_may_not_see_them(served: Served) -> None:
    with served.client("jefa") as client:
        body = {"sku": "P-1", "nombre": "Fuente", "costo_centavos": 777_123}
        made = client.post("/productos", json=body)
        assert (made.status_code, made.json()["costo_centavos"]) == (201, 777_123)
        key = made.json()["id"]
        assert client.get("/productos").json()["filas"][0]["costo_centavos"] == 777_123
    with served.client("tec") as client:
        for reply in (client.get("/productos"), client.get(f"/productos/{key}")):
            assert reply.status_code == 200
            assert "costo" not in reply.text
        for guess in (777_123, 5):
            assert code(client.patch(f"/productos/{key}", json={"costo_centavos": guess})) == (403, "permiso"), guess
        for params in ({"costo_centavos": "777123"}, {"ordenar": "costo_centavos"}):
            assert client.get("/productos", params=params).status_code == 422
    with served.client("rec") as client:
        assert code(client.post("/productos", json=body)) == (403, "permiso")


def test_replies_are_what_their_models_say(served: Served) -> None:
    office = served.office
    order = an_order(office, 1)
    names = {"/clientes": "cliente", "/equipos": "equipo", "/ordenes": "orden", "/catalogos/marca": "marca"}
    with served.client("ana") as client:
        assert client.post("/catalogos/marca", json={"codigo": "mia", "nombre": "La mía"}).status_code == 201
        assert client.post("/empresas", json={"razon_social": "Ñuble SpA"}).json()["activa"] is True
        assert client.post("/equipos", json={"cliente_id": order["cliente_id"]}).status_code == 201
        for path, tabla in names.items():
            model = reply_model("X", TABLES[tabla])
            filas = client.get(path).json()["filas"]
            assert filas, path
            for fila in filas:
                assert model.model_validate(fila, strict=True).model_dump() == fila
                assert client.get(f"{path}/{fila['id']}").json() == fila


def test_every_route_says_what_it_replies_and_refuses(served: Served) -> None:
    described = served.http.get("/openapi.json").json()
    paths = {route.path for router in ROUTERS for route in router.routes}  # type: ignore[attr-defined]
    assert {*RESOURCES, "/ordenes/{key}/estado"} <= paths
    for path in paths:
        for method, about in described["paths"][path].items():
            good = [about["responses"][c] for c in about["responses"] if c[0] == "2"]
            assert len(good) == 1
            if method != "delete":
                assert good[0]["content"]["application/json"]["schema"]["$ref"], path
            for status in ("401", "403", "422") if "{key}" not in path or method != "get" else ("401", "404", "422"):
                schema = about["responses"][status]["content"]["application/json"]["schema"]
                assert schema["$ref"].endswith("/Falla"), (path, method, status)
            if method in ("patch", "delete"):
                assert "412" in about["responses"]
    said = json.dumps(described["components"]["schemas"])
    assert "clave_hash" not in said
    assert described["components"]["schemas"]["ClienteNuevo"]["required"] == ["nombre"]


def test_a_list_reads_no_more_rows_than_it_shows(served: Served) -> None:
    clients(served.office, 30)
    asked: list[str] = []
    engine = served.office.central.store._reader

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FROM cliente " in statement:
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with served.client("tec") as client:
            assert client.get("/clientes", params={"limite": 5}).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 1
    assert " LIMIT " in asked[0]
    assert "cliente.creado_por" in asked[0].partition("WHERE")[2]


@pytest.mark.parametrize("office", ["sqlite"], indirect=True)
@pytest.mark.parametrize("wanted", [{}, {"estado": "recibida"}, {"estado": ["recibida", "asignada"], "tipo": "taller"}])
def test_no_page_sorts_the_table(served: Served, wanted: dict[str, Any]) -> None:
    """Each sort walks its index; a filter of few values doesn't make SQLite read all of them first."""
    asked: list[tuple[str, Any]] = []
    engine = served.office.central.store._reader

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM orden " in statement and not statement.startswith("EXPLAIN"):
            asked.append((statement, parameters))

    order = an_order(served.office, 1)
    event.listen(engine, "before_cursor_execute", note)
    with served.client("jefa") as client:
        for sort in ("-id", "id", "folio", "-folio", "recepcion_en", "-recepcion_en"):
            value = order[sort.removeprefix("-")]
            cursor = base64.urlsafe_b64encode(json.dumps([sort, value, order["id"]]).encode()).decode()
            for more in ({}, {"cursor": cursor}):
                assert client.get("/ordenes", params={"ordenar": sort} | wanted | more).status_code == 200
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) >= 12
    with served.office.central.store.reading() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = [str(step[-1]) for step in plan]
            assert not any("TEMP B-TREE FOR ORDER BY" in step for step in steps), (statement[-200:], steps)


@pytest.mark.parametrize(
    ("tabla", "more"),
    [
        ("producto", {"filters": ("costo_centavos",)}),
        ("producto", {"searched": ("no_hay",)}),
        ("producto", {"sorts": ("nombre",)}),
        ("usuario", {"filters": ("clave_hash",)}),
        ("empleado", {"searched": ("dni",)}),
    ],
)
def test_a_wrong_declaration_is_noticed_at_the_start(tabla: str, more: dict[str, Any]) -> None:
    with pytest.raises(LookupError):
        Listing(TABLES[tabla], **more)


def test_a_resource_writes_like_everybody_else(served: Served) -> None:
    """Through apply: the audit trail knows it, and a bad reference is refused."""
    with served.client("rec") as client:
        made = client.post("/clientes", json={"nombre": "Rosa"}).json()
        bad = client.post("/equipos", json={"cliente_id": made["id"][:-4] + "ffff"})
        assert bad.status_code in (404, 422)
        assert bad.json()["mensaje"]
        assert code(client.post("/catalogos/marca", json={"codigo": "x", "nombre": "x"})) == (403, "permiso")
    with served.office.central.store.reading() as connection:
        sql = "SELECT accion, estacion_id FROM bitacora WHERE entidad_id = :k"
        found = connection.execute(text(sql), {"k": made["id"]}).one()
    assert tuple(found) == ("alta", served.office.central.identity.own.id)
