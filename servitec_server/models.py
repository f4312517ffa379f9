"""The models of REST, made from the columns of a table: what requests may say, and what replies hold."""

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from domain.base.table import COMMON, Col, TableSpec
from domain.base.values import MAX_INT

PYTHON: dict[str, type] = {"int": int, "bool": bool}
FORMATS = {"id": "uuid", "instant": "date-time", "date": "date"}


class Falla(BaseModel):
    """Why a request was refused: a stable code, the sentence for a person, and what to do about it."""

    error: str
    mensaje: str
    hint: str = ""


def shown(spec: TableSpec, *, costs: bool) -> tuple[str, ...]:
    """The columns that replies hold, `id` and `version` first."""
    cols = (col for col in COMMON[:2] + spec.cols + COMMON[2:] if col.replicated)
    return tuple(col.name for col in cols if costs or not col.cost)


def written(spec: TableSpec, *, new: bool, without: frozenset[str] = frozenset()) -> tuple[Col, ...]:
    """The columns that requests may set: in a new row, or in one that is there."""
    return tuple(
        col
        for col in spec.cols
        if not (col.derived or col.server_only or col.name in without) and (new or not col.fixed)
    )


def request_model(name: str, spec: TableSpec, *, new: bool, without: frozenset[str] = frozenset()) -> type[BaseModel]:
    """What a request may say of a row; unknown fields are refused. What must be there, `apply` says in its words."""
    cols = written(spec, new=new, without=without)
    fields = {col.name: _field(col, bounded=True) for col in cols}
    needed = [col.name for col in cols if new and col.required and col.default is None]
    doc = f"{spec.nombre}: lo que dice de un registro nuevo." if new else f"{spec.nombre}: los campos que cambian."
    return _made(name, fields, doc, needed)


def reply_model(name: str, spec: TableSpec) -> type[BaseModel]:
    """A row in a reply. Costs are left out for who may not see them."""
    by_name = spec.by_name
    fields = {n: _field(by_name[n], sent=not by_name[n].cost) for n in shown(spec, costs=True)}
    return _made(name, fields, f"{spec.nombre}.")


def page_model(name: str, row: type[BaseModel]) -> type[BaseModel]:
    """A page of rows."""
    fields: dict[str, Any] = {
        "filas": (list[row], Field()),  # type: ignore[valid-type]
        "siguiente": (str | None, Field(description="El cursor de la página que sigue; null: no hay más.")),
        "total": (int | None, Field(default=None, description="Cuántas hay en todo, si se pidió.")),
    }
    return _made(name, fields, "Una página.")


def _made(name: str, fields: dict[str, Any], doc: str, needed: Sequence[str] = ()) -> type[BaseModel]:
    config = ConfigDict(extra="forbid")
    if needed:
        config["json_schema_extra"] = {"required": list(needed)}
    made: type[BaseModel] = create_model(name, __config__=config, __doc__=doc, **fields)
    return made


def _field(col: Col, *, bounded: bool = False, sent: bool = False) -> tuple[Any, Any]:
    """A column as a field; `sent`: it is always there."""
    kind: Any = PYTHON.get(col.kind, str)
    more: dict[str, Any] = {"title": col.titulo, "json_schema_extra": _schema(col)}
    if bounded and col.length and kind is str:
        more["max_length"] = col.length
    if bounded and kind is int:
        more |= {"ge": -MAX_INT, "le": MAX_INT}
    always = sent and (col.required or col.name in ("id", "version"))
    return (kind if always else kind | None, Field(**more) if sent else Field(default=None, **more))


def _schema(col: Col) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if col.values:
        found["enum"] = [*col.values, *_none_of(col)]
    if col.kind in FORMATS:
        found["format"] = FORMATS[col.kind]
    return found


def _none_of(col: Col) -> Iterable[None]:
    return () if col.required else (None,)
