"""Import of orders from CSV or CSV.gz through a mapping file.

A row becomes one order of tipo taller with its device, as one Cambio; its id is `referencia_externa`, so that
importing a file again changes nothing. Rows in error are written to a file with line and reason; the others go
in. The shipped mapping `ords` reads the Open Repair Data Standard, versions 0.2 and 0.3.
"""

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.base import actions
from domain.base.actor import Actor
from domain.base.ambient import local_noon
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.ordenes import actions as de_ordenes
from domain.ordenes.states import ESTADOS
from domain.permissions import exigir
from domain.wire import Op, canonical
from local_db import rows
from local_db.capture import Capture, capturing
from local_db.people import branch_of
from local_db.replica import Replica, Writing
from storage.causes import cause

MAPS = Path(__file__).parent / "maps"
ROWS_A_COMMIT = 500
csv.field_size_limit(10_000_000)


class Columnas(BaseModel):
    """The file's column for each thing that an order needs. Only `referencia` has to be there."""

    model_config = ConfigDict(extra="forbid")
    referencia: str
    falla: str
    fecha: str
    estado: str
    tipo_equipo: str
    marca: str
    proveedor: str
    grupo: str


class Mapa(BaseModel):
    """How a file's rows become orders: columns, words that mean "nothing", states and kinds of device."""

    model_config = ConfigDict(extra="forbid")
    nombre: str
    columnas: Columnas
    vacios: list[str]
    estados: dict[str, str]
    tipos_equipo: dict[str, str]


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Counts of rows; `errors_file` names the rows in error, None when there are none."""

    read: int
    created: int
    unchanged: int
    failed: int
    errors_file: str | None


@dataclass(slots=True)
class _Counts:
    read: int = 0
    created: int = 0
    unchanged: int = 0
    errors: list[tuple[int, str, str]] = field(default_factory=list)


def load_map(name: str) -> Mapa:
    """A shipped mapping by its name, or a file.

    Raises:
        KnownError: there is none, or it isn't a mapping; says what and where.
    """
    path = MAPS / f"{name}.json"
    if not path.is_file():
        path = Path(name)
    try:
        mapa = Mapa.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        known = ", ".join(sorted(p.stem for p in MAPS.glob("*.json")))
        raise KnownError(f"No existe el mapa «{name}».", f"Los que hay: {known}; o la ruta de un archivo.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise KnownError(f"El mapa «{name}» no es válido en «{where}»: {first['msg']}.") from error
    unknown = set(mapa.estados.values()) - set(ESTADOS)
    if unknown:
        raise KnownError(f"El mapa «{name}» usa estados que no existen: {', '.join(sorted(unknown))}.")
    return mapa


def importar_ordenes(
    replica: Replica,
    actor: Actor,
    path: Path,
    mapa: Mapa,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> ImportResult:
    """Import a file; `progress` hears (bytes read, bytes in all) after each commit.

    With `dry_run` the same is done and rolled back.

    Raises:
        KnownError: the file can't be read, or the person may not import. What was committed before stays.
    """
    counts = _Counts()
    with _lines(path, progress) as lines:
        reader = csv.DictReader(lines)
        if mapa.columnas.referencia not in (reader.fieldnames or ()):
            raise KnownError(
                f"{path.name} no tiene la columna «{mapa.columnas.referencia}».",
                f"Sus columnas: {', '.join(reader.fieldnames or ()) or 'ninguna'}.",
            )
        numbered = _numbered(reader, path)
        more = True
        while more:
            try:
                with replica.writing() as writing:
                    more = _commit(replica, writing, actor, mapa, numbered, counts)
                    if dry_run:
                        raise _RollBack
            except _RollBack:
                continue
    return ImportResult(
        counts.read, counts.created, counts.unchanged, len(counts.errors), _write_errors(replica, path, counts)
    )


class _RollBack(Exception):
    """Undo a dry run's transaction."""


@contextmanager
def _lines(path: Path, progress: Callable[[int, int], None]) -> Iterator[Iterable[str]]:
    """The file as text, counting the bytes taken from the disk."""
    try:
        total = path.stat().st_size
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
            stream.seek(0)
            plain = gzip.GzipFile(fileobj=stream) if packed else stream
            text = io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")

            def counted() -> Iterator[str]:
                for number, line in enumerate(text):
                    if number % 1000 == 0:
                        progress(stream.tell(), total)
                    yield line
                progress(total, total)

            yield counted()
    except (OSError, EOFError, zlib.error) as error:
        why = cause(error) if isinstance(error, OSError) and error.errno else "está cortado o dañado"
        raise KnownError(f"No se puede leer {path}: {why}.", "Revise la ruta y el archivo.") from error
    except UnicodeDecodeError as error:
        raise KnownError(
            f"{path.name} no está en UTF-8 (byte {error.start}).", "Guárdelo como CSV UTF-8 y repita."
        ) from error


def _numbered(reader: "csv.DictReader[str]", path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with the line where each ends."""
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise KnownError(
            f"{path.name}, línea {reader.line_num}: {error}.", "El archivo no es un CSV válido."
        ) from error


def _commit(
    replica: Replica,
    writing: Writing,
    actor: Actor,
    mapa: Mapa,
    numbered: Iterator[tuple[int, dict[str, str]]],
    counts: _Counts,
) -> bool:
    """The next ROWS_A_COMMIT rows; False at the end of the file."""
    with capturing(writing, replica.ambient) as capture:
        importer = _Importer(replica, writing, capture, actor, mapa)
        for _ in range(ROWS_A_COMMIT):
            item = next(numbered, None)
            if item is None:
                return False
            line, record = item
            counts.read += 1
            try:
                if importer.take(record):
                    counts.created += 1
                else:
                    counts.unchanged += 1
            except Rejection as rejection:
                counts.errors.append((line, str(record.get(mapa.columnas.referencia) or ""), str(rejection)))
    return True


def _write_errors(replica: Replica, path: Path, counts: _Counts) -> str | None:
    if not counts.errors:
        return None
    target = replica.data_dir / f"{path.name}.errores.csv"
    with target.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerow(["linea", "id", "motivo"])
        writer.writerows(counts.errors)
    return str(target)


class _Importer:
    """Turns rows into Cambios inside one transaction."""

    def __init__(self, replica: Replica, writing: Writing, capture: Capture, actor: Actor, mapa: Mapa) -> None:
        self._ambient = replica.ambient
        self._db = rows.raw(writing.connection)
        self._capture = capture
        self._actor = actor
        self._mapa = mapa
        self._branch = branch_of(writing.connection, actor)
        exigir(actor, "importar", "orden", {"sucursal_id": self._branch["id"]})
        self._tipos: dict[str, str] = dict(self._db.execute("SELECT codigo, id FROM tipo_equipo"))
        self._empresas: dict[str, str] = dict(self._db.execute("SELECT razon_social, id FROM empresa"))
        self._clientes: dict[tuple[str | None, str], str] = {
            (empresa_id, nombre): key
            for empresa_id, nombre, key in self._db.execute(
                "SELECT empresa_id, nombre, id FROM cliente WHERE tipo = 'empresa'"
            )
        }

    def take(self, record: dict[str, str]) -> bool:
        """Save one row; False when its reference is here already. Raises Rejection."""
        if None in record or None in record.values():
            raise Rejection("campo", "La fila no tiene tantas columnas como el encabezado.")
        columns = self._mapa.columnas
        reference = record[columns.referencia].strip()
        if not reference:
            raise Rejection("campo", f"Falta «{columns.referencia}».")
        if self._db.execute("SELECT 1 FROM orden WHERE referencia_externa = ?", (reference,)).fetchone():
            return False
        made: list[Op] = []
        tipo_id, new_tipo = self._tipo(self._value(record, columns.tipo_equipo), made)
        cliente_id, new_cliente = self._cliente(record, made)
        equipo: Row = {
            "cliente_id": cliente_id,
            "tipo_equipo_id": tipo_id,
            "marca": self._value(record, columns.marca),
            "referencia_externa": reference,
        }
        recepcion = de_ordenes.Recepcion(cliente_id=cliente_id, equipo=equipo, orden=self._orden(record, reference))
        folio = self._capture.take_folio()
        ops = made + de_ordenes.recibir(self._ambient, self._actor, self._branch, folio, recepcion)
        self._capture.save(self._actor, ops)
        self._tipos |= new_tipo
        self._clientes |= new_cliente
        self._empresas |= {str(op.campos["razon_social"]): op.id for op in made if op.tabla == "empresa"}
        return True

    def _value(self, record: dict[str, str], column: str) -> str | None:
        value = record.get(column, "").strip()
        return None if value in self._mapa.vacios else value

    def _orden(self, record: dict[str, str], reference: str) -> Row:
        columns = self._mapa.columnas
        used = {columns.referencia, columns.falla, columns.fecha, columns.estado, columns.marca}
        status = record.get(columns.estado, "").strip()
        estado = self._mapa.estados.get(status)
        if estado is None:
            raise Rejection("campo", f"El estado «{status}» no está en el mapa.")
        orden: Row = {
            "estado": estado,
            "referencia_externa": reference,
            "falla_reportada": record.get(columns.falla) or None,
            "datos_externos": canonical({k: v for k, v in record.items() if k not in used and v != ""}),
            "canal_origen": "importacion",
            "recepcion_en": None,
        }
        day = record.get(columns.fecha, "").strip()
        if day:
            try:
                orden["recepcion_en"] = local_noon(date.fromisoformat(day), str(self._branch["zona_horaria"]))
            except ValueError:
                raise Rejection("campo", f"«{day}» no es una fecha (AAAA-MM-DD).") from None
        return orden

    def _tipo(self, category: str | None, made: list[Op]) -> tuple[str | None, dict[str, str]]:
        """The kind of device, made when the catalogue has none; and what is new to remember."""
        if category is None:
            return None, {}
        codigo = self._mapa.tipos_equipo.get(category) or _slug(category)
        if codigo in self._tipos:
            return self._tipos[codigo], {}
        made.append(actions.alta(self._ambient, "tipo_equipo", {"codigo": codigo, "nombre": category, "activo": True}))
        return made[-1].id, {codigo: made[-1].id}

    def _cliente(self, record: dict[str, str], made: list[Op]) -> tuple[str, dict[tuple[str | None, str], str]]:
        """The client of a row, one for each (provider, group); and what is new to remember."""
        provider = record.get(self._mapa.columnas.proveedor, "").strip() or "Sin proveedor"
        group = record.get(self._mapa.columnas.grupo, "").strip() or provider
        empresa_id = self._empresas.get(provider)
        if empresa_id is None:
            made.append(actions.alta(self._ambient, "empresa", {"razon_social": provider}))
            empresa_id = made[-1].id
        key = (empresa_id, group)
        if key in self._clientes:
            return self._clientes[key], {}
        campos: Row = {"tipo": "empresa", "nombre": group, "empresa_id": empresa_id, "pais": self._branch["pais"]}
        made.append(actions.alta(self._ambient, "cliente", campos))
        return made[-1].id, {key: made[-1].id}


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40] or "otro"
