"""Accounts, charges, their lines, and payments."""

from domain.base.table import Buscado, Col, TableSpec, ref
from testing.slice_prueba.permissions import PROPIOS
from testing.slice_prueba.rules import Cargo, Cuenta, Pago, Renglon
from testing.slice_prueba.states import CUENTA

_CLAVES = ("gestor_id", "sucursal_id")


def _summed(name: str) -> Col:
    return Col(name, "int", derived=True, required=True, default=0)


SPECS = (
    TableSpec(
        "prueba_cuenta",
        (
            Col("nro", length=20, derived=True, serie="prueba"),
            Col("nombre", length=120, required=True),
            Col("estado", required=True, values=tuple(CUENTA.estados)),
            ref("sucursal_id", "sucursal", required=True),
            ref("gestor_id", "usuario"),
            _summed("cargado_centavos"),
            _summed("abonado_centavos"),
            _summed("saldo_centavos"),
            Col("borrado_en", "instant", derived=True),
        ),
        "Cuenta",
        "a",
        claves=_CLAVES,
        regla=Cuenta(),
        maquina=CUENTA,
        propios=PROPIOS,
        unique=("nro",),
        busqueda={"nombre": (Buscado("nombre"), Buscado("nro"))},
        eventos=True,
    ),
    TableSpec(
        "prueba_cargo",
        (
            ref("cuenta_id", "prueba_cuenta", required=True, fixed=True),
            ref("sucursal_id", "sucursal", derived=True),
            ref("gestor_id", "usuario", derived=True),
            Col("texto", length=120),
            _summed("total_centavos"),
            Col("borrado_en", "instant", derived=True),
        ),
        "Cargo",
        claves=_CLAVES,
        raiz="cuenta_id",
        regla=Cargo(),
        propios=PROPIOS,
        indexed=("cuenta_id",),
    ),
    TableSpec(
        "prueba_renglon",
        (
            ref("cargo_id", "prueba_cargo", required=True, fixed=True),
            ref("sucursal_id", "sucursal", derived=True),
            ref("gestor_id", "usuario", derived=True),
            Col("monto_centavos", "int", required=True),
            Col("cantidad", "int", required=True, bounds=(0, 1000), default=1),
            Col("borrado_en", "instant", derived=True),
        ),
        "Renglón",
        claves=_CLAVES,
        raiz="cargo_id",
        regla=Renglon(),
        propios=PROPIOS,
        indexed=("cargo_id",),
    ),
    TableSpec(
        "prueba_pago",
        (
            ref("cuenta_id", "prueba_cuenta", required=True, fixed=True),
            ref("sucursal_id", "sucursal", required=True, fixed=True),
            ref("gestor_id", "usuario", derived=True),
            Col("monto_centavos", "int", required=True, fixed=True),
            Col("vigente", "bool", required=True, default=True),
            Col("observado", length=40, derived=True),
        ),
        "Pago",
        claves=_CLAVES,
        raiz="cuenta_id",
        regla=Pago(),
        propios=PROPIOS,
        hecho=True,
        indexed=("cuenta_id",),
    ),
)
