"""How a table is declared: everything that the machinery knows of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.base.actor import HECHO_POR, Propio
from domain.base.condition import Condition
from domain.base.row import Value
from domain.base.rule import Catalogo, DelServidor, Rule
from domain.base.states import StateMachine

Kind = Literal["id", "text", "int", "bool", "instant", "date", "json"]

DECADE_MIN = 10 * 366 * 24 * 60
CENTURY_DAYS = 36_600
MILLIARD = 10**9


@dataclass(frozen=True, slots=True)
class Col:
    """A column.

    derived: computed by `apply`, or copied from the row's root, on both sides; never travels in an operation.
    fixed: set when the row is made, never changed.
    server_only: never leaves the server.
    personal: of a person who works here; changed on the server, and held by no replica: there, people are names.
    cost: what something cost the business; only roles that may see costs hold it.
    since: the schema that brought it.
    ref: the table that it refers to. ref_en: the column that says in which table it refers to a row.
    bounds: the least and the greatest of an int, where domain.base.values has no general ones.
    shape: what the text of a json column holds: a list of texts, or an object.
    serie: the server numbers new rows from this series.
    nombre: what people call it, where the words of its name don't say it.
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
    ref_en: str | None = None
    values: tuple[str, ...] = ()
    bounds: tuple[int, int] | None = None
    shape: Literal["lista", "objeto"] = "objeto"
    default: Value = None
    serie: str | None = None
    nombre: str = ""

    @property
    def titulo(self) -> str:
        """What people call it: `ubicacion_id` is «Ubicacion» where nothing else is declared."""
        text = self.name.removesuffix("_id").replace("_", " ")
        return self.nombre or text[:1].upper() + text[1:]

    @property
    def replicated(self) -> bool:
        """Does a replica hold it at all?"""
        return not (self.server_only or self.personal)


@dataclass(frozen=True, slots=True)
class Folio:
    """The column with a row's number on paper, made by the station; one that clashes gives way to a number of the
    server's, and `impreso` keeps what was printed.
    """

    columna: str
    impreso: str


@dataclass(frozen=True, slots=True)
class Buscado:
    """A column that a search index reads: its words, or as a phone or a folio is asked for.

    via: the column that refers to the row that has it, where it isn't the row itself.
    """

    columna: str
    como: Literal["palabras", "telefono", "folio"] = "palabras"
    via: str | None = None


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


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table.

    nombre, genero: what people call a row. titulo: the column that names one.
    claves: its scope keys, columns that say who holds a row (domain.scope); of none, the whole company.
    de_estacion: a row is held by the station that it is about, and by nobody else.
    raiz: the column that refers to the row it belongs to: its derived keys are copied from there, and who may see
        that may see it.
    writers: `todos` by the permission matrix, `catalogo` administrators (and imports), `servidor` only `apply`.
    regla: what differs from that.
    append_only: rows are added and never changed.
    hecho: its rows happened: they are accepted, and flagged in `observado`, whatever became of their author's right.
    since: the schema that brought it.
    vistas: what a role sees at most of the rows that its right shows it.
    maquina: the states of its rows. propios: whose a row is. folio, busqueda: see there.
    eventos: it is announced under its own name.
    """

    name: str
    cols: tuple[Col, ...]
    nombre: str = ""
    genero: Literal["o", "a"] = "o"
    titulo: str = "nombre"
    claves: tuple[str, ...] = ()
    de_estacion: bool = False
    raiz: str | None = None
    writers: Literal["todos", "catalogo", "servidor"] = "todos"
    regla: Rule = field(default_factory=Rule, repr=False, compare=False)
    append_only: bool = False
    hecho: bool = False
    since: int = 1
    unique: tuple[str, ...] = ()
    indexed: tuple[str, ...] = ()
    maquina: StateMachine | None = field(default=None, repr=False, compare=False)
    propios: tuple[Propio, ...] = HECHO_POR
    vistas: Mapping[str, Condition] = field(default_factory=dict, repr=False, compare=False)
    folio: Folio | None = None
    busqueda: Mapping[str, tuple[Buscado, ...]] = field(default_factory=dict, repr=False, compare=False)
    eventos: bool = False
    by_name: dict[str, Col] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the columns by name; what nothing else is said of goes by its writers."""
        object.__setattr__(self, "by_name", {c.name: c for c in self.cols + COMMON})
        if type(self.regla) is Rule and self.writers != "todos":
            object.__setattr__(self, "regla", Catalogo() if self.writers == "catalogo" else DelServidor())

    @property
    def fila(self) -> str:
        """A row in a sentence: `registro de «Orden»`."""
        return f"registro de «{self.nombre}»"

    def campo(self, name: str) -> str:
        """A field in a sentence: `«Falla reportada» (orden)`."""
        return f"«{self.by_name[name].titulo}» ({self.nombre.lower()})"

    @property
    def copiadas(self) -> tuple[str, ...]:
        """The scope keys that `apply` copies from the row's root."""
        return tuple(name for name in self.claves if self.raiz is not None and self.by_name[name].derived)


def ref(
    name: str,
    tabla: str | None = None,
    *,
    required: bool = False,
    fixed: bool = False,
    derived: bool = False,
    en: str | None = None,
    nombre: str = "",
    since: int = 1,
) -> Col:
    """The id of a row: of one table, or of the one that the column `en` names."""
    return Col(
        name, "id", ref=tabla, ref_en=en, required=required, fixed=fixed, derived=derived, nombre=nombre, since=since
    )


def number(name: str, most: int, *, default: Value = None, nombre: str = "", since: int = 1) -> Col:
    """A number that people type, from 0 to `most`."""
    return Col(name, "int", bounds=(0, most), default=default, nombre=nombre, since=since)


def catalogo(
    name: str, nombre: str, genero: Literal["o", "a"], *extra: Col, importable: bool = False, since: int = 1
) -> TableSpec:
    """A list of choices that administrators keep."""
    cols = (
        Col("codigo", length=40, required=True, nombre="Código"),
        Col("nombre", length=120, required=True),
        Col("orden", "int", default=0),
        Col("color", length=20),
        Col("activo", "bool", required=True, default=True),
    )
    return TableSpec(
        name,
        cols + extra,
        nombre,
        genero,
        writers="catalogo",
        regla=Catalogo(importable=importable),
        unique=("codigo",),
        since=since,
    )
