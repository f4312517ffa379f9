"""What REST says of a request that makes no sense."""

from typing import Any

import pytest

from tests.fixtures_served import Served
from tests.server.test_rest import code


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"nombre": 5}, "«body.nombre»: tiene que ser un texto."),
        ({"nombre": "x" * 121}, "«body.nombre»: admite 120 caracteres."),
        ({"nombre": "x", "apodo": "y"}, "«body.apodo»: no se conoce ese campo."),
        (["x"], "«body»: tiene que ser un objeto."),
        (None, "«body»: falta."),
    ],
)
def test_what_is_wrong_with_a_request_is_said_in_spanish(served: Served, body: Any, said: str) -> None:
    with served.client("ana") as client:
        reply = client.post("/clientes", json=body) if body is not None else client.post("/clientes")
        assert code(reply) == (422, "campo")
        assert reply.json()["mensaje"] == f"La petición no es válida en {said}"
        for params, wrong in (
            ({"limite": "x"}, "«query.limite»: tiene que ser un número entero."),
            ({"limite": "501"}, "«query.limite»: admite hasta 500."),
            ({"ordenar": "x"}, "«query.ordenar»: admite '-id', 'id', 'nro_cliente' o '-nro_cliente'."),
        ):
            assert client.get("/clientes", params=params).json()["mensaje"] == f"La petición no es válida en {wrong}"


@pytest.mark.parametrize("number", [2**53, 2**64, -(2**64), 10**40, 1e40])
def test_a_number_that_no_column_holds_is_refused(served: Served, number: float) -> None:
    with served.client("ana") as client:
        key = client.post("/productos", json={"sku": "P-1", "nombre": "Fuente"}).json()["id"]
        assert code(client.post("/productos", json={"sku": "x", "nombre": "x", "precio_centavos": number})) == (
            422,
            "campo",
        )
        assert code(client.patch(f"/productos/{key}", json={"precio_centavos": number})) == (422, "campo")
