"""Every table of the business, declared once: the replica's and the server's schema are both made from here.

A value, in a row, on the wire and in the database, is a str, an int, a bool or None. A json column holds
its text in canonical form (domain.wire.canonical).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Value = str | int | bool | None
Row = dict[str, Value]
ReadRow = Mapping[str, Value]

Kind = Literal["id", "text", "int", "bool", "instant", "date", "json"]
Reach = Literal["empresa", "sucursal", "propia", "servidor"]


@dataclass(frozen=True, slots=True)
class Col:
    """A column.

    derived: computed by `apply`, or copied from the row's root, on both sides; never travels in an operation.
    fixed: set when the row is made, never changed.
    server_only: never leaves the server.
    personal: of a person who works here; changed on the server, and held by no replica: there, people are names.
    cost: what something cost the business; only roles that may see costs hold it.
    since: the schema that brought it.
    bounds: the least and the greatest of an int, where domain.values has no general ones.
    shape: what the text of a json column holds: a list of texts, or an object.
    """

    name: str
    kind: Kind = "text"
    length: int | None = None
    required: bool = False
    derived: bool = False
    fixed: bool = False
    server_only: bool = False
    personal: bool = False
    cost: bool = False
    since: int = 1
    ref: str | None = None
    values: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    shape: Literal["lista", "objeto"] = "objeto"
    default: Value = None

    @property
    def replicated(self) -> bool:
        """Does a replica hold it at all?"""
        return not (self.server_only or self.personal)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table.

    reach: who holds its rows: the whole company (`empresa`), a branch (`sucursal`, by the column
        `sucursal_id`; a row without one belongs to the company), the station itself (`propia`).
    writers: `todos` by the permission matrix, `catalogo` administrators (and imports), `servidor` only `apply`.
    append_only: rows are added and never changed.
    since: the schema that brought it.
    """

    name: str
    cols: tuple[Col, ...]
    reach: Reach = "empresa"
    writers: Literal["todos", "catalogo", "servidor"] = "todos"
    append_only: bool = False
    since: int = 1
    unique: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()
    by_name: dict[str, Col] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the columns by name."""
        object.__setattr__(self, "by_name", {c.name: c for c in self.cols + COMMON})


def _id(
    name: str, ref: str | None = None, *, required: bool = False, fixed: bool = False, derived: bool = False
) -> Col:
    return Col(name, "id", ref=ref, required=required, fixed=fixed, derived=derived)


def _int(name: str, most: int, *, default: Value = None) -> Col:
    """A number that people type, from 0 to `most`."""
    return Col(name, "int", bounds=(0, most), default=default)


COMMON = (
    Col("id", "id", required=True, fixed=True),
    Col("version", "int", derived=True, required=True, default=0),
    Col("creado_en", "instant", derived=True),
    Col("actualizado_en", "instant", derived=True),
    Col("creado_por", "id", derived=True),
    Col("actualizado_por", "id", derived=True),
    Col("estacion_id", "id", derived=True),
)
"""Columns of every replicated table. `creado_en` and `actualizado_en` are the instants inside the Cambio's
id; `estacion_id` is the station of the last change."""

ROLES = ("administrador", "supervisor", "tecnico", "recepcionista", "gestor", "cliente", "consulta")
TIPOS_ORDEN = ("solicitud", "taller", "campo", "ticket")
ESTADOS_ORDEN = (
    "recibida",
    "asignada",
    "en_diagnostico",
    "presupuestada",
    "aprobada",
    "rechazada",
    "en_reparacion",
    "en_espera_repuesto",
    "pausada",
    "reparada",
    "sin_reparacion",
    "lista_para_entrega",
    "entregada",
    "cerrada",
    "cancelada",
)

TIPOS_ETIQUETA = ("orden", "accesorio", "equipo", "producto", "ubicacion", "cliente")
"""What a label speaks of."""

DECADE_MIN = 10 * 366 * 24 * 60
CENTURY_DAYS = 36_600
MILLIARD = 10**9

MOVIMIENTOS = {
    "entrada": 1,
    "salida": -1,
    "venta": -1,
    "uso_orden": -1,
    "reserva": 1,
    "liberacion": -1,
    "traslado_salida": -1,
    "traslado_entrada": 1,
    "devolucion": 1,
    "ajuste_conteo": 0,
}
"""Kinds of stock movement and the sign of their `cantidad` (0: either)."""
RESERVAN = frozenset({"reserva", "liberacion"})
"""The kinds that count what is set aside; the others count what is on the shelf."""


def _catalogo(name: str, *extra: Col) -> TableSpec:
    cols = (
        Col("codigo", length=40, required=True),
        Col("nombre", length=120, required=True),
        Col("orden", "int", default=0),
        Col("color", length=20),
        Col("activo", "bool", required=True, default=True),
    )
    return TableSpec(name, cols + extra, writers="catalogo", unique=("codigo",))


SPECS: tuple[TableSpec, ...] = (
    TableSpec(
        "sucursal",
        (
            Col("codigo", length=12, required=True),
            Col("nombre", length=120, required=True),
            Col("direccion", length=200),
            Col("telefono", length=40),
            Col("zona_horaria", length=60, required=True, default="America/Santiago"),
            Col("moneda", length=3, required=True, default="CLP"),
            Col("pais", length=2, required=True, default="CL"),
            Col("logo_claro", length=900_000),
            Col("logo_oscuro", length=900_000),
            Col("activa", "bool", required=True, default=True),
        ),
        writers="catalogo",
        unique=("codigo",),
    ),
    TableSpec(
        "empleado",
        (
            Col("nombre", length=120, required=True),
            Col("apellido", length=120),
            Col("tipo_doc", length=20, personal=True),
            Col("dni", length=40, personal=True),
            Col("telefono_e164", length=20, personal=True),
            Col("email", length=200, personal=True),
            Col("cargo", length=80),
            _id("sucursal_id", "sucursal"),
            Col("fecha_alta", "date", personal=True),
            Col("fecha_baja", "date", personal=True),
            Col("activo", "bool", required=True, default=True),
        ),
        writers="catalogo",
    ),
    _catalogo("categoria_servicio"),
    _catalogo("categoria_problema"),
    _catalogo(
        "prioridad",
        _int("peso", MILLIARD, default=0),
        _int("sla_respuesta_min", DECADE_MIN),
        _int("sla_solucion_min", DECADE_MIN),
    ),
    _catalogo("criticidad", Col("nivel", "int")),
    _catalogo("ubicacion", _id("sucursal_id", "sucursal"), _id("padre_id", "ubicacion")),
    _catalogo(
        "estado_orden",
        Col("clase", required=True, values=("abierta", "espera", "terminada", "cerrada", "cancelada")),
        Col("nombre_ticket", length=120),
    ),
    _catalogo("tipo_equipo"),
    _catalogo("marca"),
    _catalogo("motivo", Col("ambito", length=40)),
    TableSpec(
        "empresa",
        (
            Col("razon_social", length=200, required=True),
            Col("nombre_fantasia", length=200),
            Col("tipo_doc", length=20),
            Col("documento", length=40),
            Col("giro", length=120),
            Col("direccion", length=200),
            Col("ciudad", length=120),
            Col("pais", length=2),
            Col("telefono_e164", length=20),
            Col("email", length=200),
            _id("contacto_principal_id"),
            Col("notas"),
            Col("activa", "bool", required=True, default=True),
            Col("borrado_en", "instant", derived=True),
        ),
        indexed=("documento",),
    ),
    TableSpec(
        "cliente",
        (
            Col("nro_cliente", length=20, derived=True),
            Col("tipo", required=True, values=("persona", "empresa"), default="persona"),
            Col("nombre", length=120, required=True),
            Col("apellido", length=120),
            _id("empresa_id", "empresa"),
            Col("telefono", length=40),
            Col("telefono_alternativo", length=40),
            Col("telefono_e164", length=20, derived=True),
            Col("email", length=200),
            Col("pais", length=2),
            Col("tipo_doc", length=20),
            Col("dni", length=40),
            Col("direccion", length=200),
            Col("ciudad", length=120),
            Col("canal_preferido", values=("whatsapp", "sms", "correo", "llamada", "ninguno")),
            Col("consentimiento_mensajes_en", "instant"),
            Col("consentimiento_baja_en", "instant"),
            Col("notas"),
            _id("fusionado_en_id"),
            Col("anonimizado_en", "instant"),
            Col("borrado_en", "instant", derived=True),
        ),
        unique=("nro_cliente",),
        indexed=("telefono_e164", "dni", "empresa_id"),
    ),
    TableSpec(
        "usuario",
        (
            Col("username", length=80, required=True),
            Col("email", length=200, personal=True),
            Col("nombre", length=120),
            Col("apellido", length=120),
            Col("telefono_e164", length=20, personal=True),
            Col("clave_hash", length=255, server_only=True),
            Col("clave_algoritmo", length=20, server_only=True),
            Col("rol", required=True, values=ROLES),
            _id("empleado_id", "empleado"),
            _id("cliente_id", "cliente"),
            _id("sucursal_id", "sucursal"),
            Col("activo", "bool", required=True, default=True),
            Col("debe_cambiar_clave", "bool", required=True, default=False),
            Col("idioma", values=("es", "en"), default="es"),
            Col("tema", values=("sistema", "claro", "oscuro"), default="sistema"),
            Col("ultimo_acceso", "instant", server_only=True),
            Col("generacion", "int", server_only=True, required=True, default=1),
        ),
        writers="catalogo",
        unique=("username",),
    ),
    TableSpec(
        "estacion",
        (
            Col("nombre", length=80, required=True),
            _id("usuario_id", "usuario"),
            _id("sucursal_id", "sucursal"),
            Col("codigo", length=3, required=True, fixed=True),
            Col("estado", required=True, values=("activo", "cerrada", "revocado"), default="activo"),
            Col("anterior_id", "id", fixed=True, since=2),
        ),
        reach="propia",
        writers="servidor",
    ),
    TableSpec(
        "equipo",
        (
            _id("cliente_id", "cliente", required=True),
            _id("tipo_equipo_id", "tipo_equipo"),
            Col("marca", length=120),
            Col("modelo", length=120),
            Col("serie", length=120),
            Col("imei", length=40),
            Col("color", length=40),
            Col("descripcion"),
            _id("ubicacion_id", "ubicacion"),
            Col("garantia_hasta", "date"),
            Col("codigo_etiqueta", length=40),
            Col("referencia_externa", length=120, fixed=True),
            Col("borrado_en", "instant", derived=True),
        ),
        unique=("referencia_externa",),
        indexed=("serie", "imei", "cliente_id", "codigo_etiqueta"),
    ),
    TableSpec(
        "orden",
        (
            Col("folio", length=20, required=True, fixed=True),
            Col("tipo", required=True, fixed=True, values=TIPOS_ORDEN),
            _id("sucursal_id", "sucursal", required=True),
            _id("cliente_id", "cliente"),
            _id("empresa_id", "empresa"),
            _id("equipo_id", "equipo"),
            Col("titulo", length=200),
            Col("descripcion"),
            Col("falla_reportada"),
            Col("diagnostico"),
            Col("trabajo_realizado"),
            _id("categoria_id", "categoria_servicio"),
            _id("categoria_problema_id", "categoria_problema"),
            _id("prioridad_id", "prioridad"),
            _id("criticidad_id", "criticidad"),
            _id("ubicacion_id", "ubicacion"),
            Col("ubicacion_fisica", length=80),
            Col("estado", required=True, values=ESTADOS_ORDEN),
            _id("motivo_id", "motivo"),
            _id("tecnico_id", "empleado"),
            _id("recibido_por_id", "usuario"),
            Col("recepcion_en", "instant"),
            Col("prometida_en", "instant"),
            Col("inicio_en", "instant", derived=True),
            Col("fin_en", "instant", derived=True),
            Col("entrega_en", "instant", derived=True),
            Col("sla_vence_en", "instant", derived=True),
            Col("en_garantia", "bool", required=True, default=False),
            _int("garantia_dias", CENTURY_DAYS),
            Col("garantia_vence_en", "instant", derived=True),
            _id("orden_origen_id", "orden"),
            _id("plan_id"),
            Col("total_centavos", "int", derived=True, required=True, default=0),
            Col("abonado_centavos", "int", derived=True, required=True, default=0),
            Col("moneda", length=3),
            Col("accesorios", "json", shape="lista"),
            Col("clave_equipo_cifrada"),
            Col("codigo_publico", length=22, required=True, fixed=True),
            Col("canal_origen", length=40),
            Col("referencia_externa", length=120, fixed=True),
            Col("datos_externos", "json", fixed=True),
            Col("folio_impreso", length=20),
            Col("borrado_en", "instant", derived=True),
        ),
        reach="sucursal",
        unique=("folio", "codigo_publico", "referencia_externa"),
        indexed=("cliente_id", "equipo_id", "estado", "recepcion_en"),
    ),
    TableSpec(
        "historial_orden",
        (
            _id("orden_id", "orden", required=True),
            _id("sucursal_id", "sucursal", required=True, derived=True),
            Col("de_estado", values=ESTADOS_ORDEN, derived=True),
            Col("a_estado", values=ESTADOS_ORDEN),
            _id("de_tecnico_id", "empleado", derived=True),
            _id("a_tecnico_id", "empleado"),
            _id("motivo_id", "motivo"),
            Col("nota"),
            Col("ocurrio_en", "instant", required=True),
        ),
        reach="sucursal",
        append_only=True,
        indexed=("orden_id",),
    ),
    TableSpec(
        "comentario",
        (
            Col("entidad", required=True, fixed=True, values=("orden", "caso", "cliente")),
            _id("entidad_id", required=True, fixed=True),
            _id("sucursal_id", "sucursal", derived=True),
            Col("texto", required=True),
            Col("visibilidad", required=True, values=("interna", "cliente"), default="interna"),
            Col("fijado", "bool", required=True, default=False),
            Col("borrado_en", "instant", derived=True),
        ),
        reach="sucursal",
        indexed=("entidad_id",),
    ),
    TableSpec(
        "producto",
        (
            Col("sku", length=60, required=True),
            Col("codigo_barras", length=60),
            Col("nombre", length=200, required=True),
            Col("tipo", required=True, values=("repuesto", "accesorio", "servicio", "equipo"), default="repuesto"),
            Col("categoria", length=120),
            Col("marca", length=120),
            Col("modelos_compatibles"),
            Col("costo_centavos", "int", cost=True),
            Col("precio_centavos", "int"),
            _int("stock_minimo", MILLIARD, default=0),
            Col("serializado", "bool", required=True, default=False),
            _int("garantia_dias", CENTURY_DAYS),
            _id("ubicacion_id", "ubicacion"),
            Col("activo", "bool", required=True, default=True),
            Col("borrado_en", "instant", derived=True),
        ),
        since=2,
        unique=("sku", "codigo_barras"),
    ),
    TableSpec(
        "movimiento_stock",
        (
            _id("producto_id", "producto", required=True, fixed=True),
            _id("sucursal_id", "sucursal", required=True, fixed=True),
            Col("tipo", required=True, values=tuple(MOVIMIENTOS)),
            Col("cantidad", "int", required=True, bounds=(-MILLIARD, MILLIARD)),
            Col("costo_centavos", "int", cost=True),
            Col("ref_tipo", length=40, values=("orden", "movimiento_stock")),
            _id("ref_id"),
            _id("motivo_id", "motivo"),
            Col("nota", length=200),
            Col("ocurrio_en", "instant", required=True),
            Col("observado", length=40, derived=True),
        ),
        reach="sucursal",
        append_only=True,
        since=2,
        indexed=("producto_id",),
    ),
    TableSpec(
        "existencia",
        (
            _id("producto_id", "producto", required=True, fixed=True),
            _id("sucursal_id", "sucursal", required=True, fixed=True),
            Col("stock", "int", required=True, default=0),
            Col("reservado", "int", required=True, default=0),
        ),
        reach="sucursal",
        writers="servidor",
        since=2,
        indexed=("producto_id",),
    ),
    TableSpec(
        "plantilla_etiqueta",
        (
            Col("nombre", length=120, required=True),
            Col("tipo", required=True, values=TIPOS_ETIQUETA),
            Col("cuerpo", "json", required=True),
            Col("activa", "bool", required=True, default=True),
            Col("borrado_en", "instant", derived=True),
        ),
        since=3,
    ),
    TableSpec(
        "conflicto",
        (
            Col("tabla", required=True),
            _id("registro_id", required=True),
            _id("sucursal_id", "sucursal"),
            Col("campo", required=True),
            Col("valor_servidor", "json"),
            Col("valor_tardio", "json"),
            _id("autor_servidor_id", "usuario"),
            _id("autor_tardio_id", "usuario"),
            _id("estacion_tardia_id", "estacion"),
            _id("cambio_id"),
            Col("servidor_en", "instant"),
            Col("tardio_en", "instant"),
            _id("resuelto_por", "usuario"),
            Col("resuelto_en", "instant"),
        ),
        reach="sucursal",
        writers="servidor",
        indexed=("registro_id",),
    ),
)

TABLES: dict[str, TableSpec] = {spec.name: spec for spec in SPECS}
"""By name, parents before their children."""

CHILDREN: dict[str, tuple[tuple[str, str], ...]] = {
    parent: tuple((spec.name, col.name) for spec in SPECS for col in spec.cols if col.ref == parent)
    for parent in TABLES
}
"""For each table, the (table, column) pairs that refer to it."""

TREE: dict[str, tuple[tuple[str, str], ...]] = {
    "orden": (("historial_orden", "orden_id"), ("comentario", "entidad_id"), ("conflicto", "registro_id")),
}
"""Rows that carry their root's `sucursal_id`, and move to another branch with it."""

ROOTS: dict[str, tuple[str, str]] = {"historial_orden": ("orden", "orden_id"), "comentario": ("entidad", "entidad_id")}
"""For each table of such rows that people make: its root's table, or the column that names it, and the root's id."""

REFERENCES: dict[str, tuple[str, str]] = {
    "comentario": ("entidad", "entidad_id"),
    "movimiento_stock": ("ref_tipo", "ref_id"),
}
"""Tables whose rows say themselves in which table the row is that they refer to: that column, and the row's id."""

COSTS: tuple[tuple[str, str], ...] = tuple((spec.name, col.name) for spec in SPECS for col in spec.cols if col.cost)
"""The (table, column) of every cost."""
