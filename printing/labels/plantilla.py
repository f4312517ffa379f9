"""A label's template as data: millimetres, kinds of field, what stands in them. The same text is what is exported.

A field's place is the top left corner of its ink; a code's quiet zone lies around that.
"""

import base64
import binascii
import io
import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from PIL import Image
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from domain.base.errors import KnownError
from domain.wire import canonical
from printing.labels import kinds

STRICT = ConfigDict(extra="forbid")
MAX_IMAGE_PIXELS = 4_000_000

Lugar = Annotated[float, Field(ge=0, le=1000)]
Medida = Annotated[float, Field(gt=0, le=1000)]
Contenido = Annotated[str, Field(max_length=2000)]
Alineacion = Literal["izquierda", "centro", "derecha"]


@dataclass(frozen=True, slots=True)
class Texto:
    """Lines of text. alto_mm: height of a letter's cell; lineas: at most so many; identificador: refused, not cut."""

    __pydantic_config__ = STRICT
    x_mm: Lugar
    y_mm: Lugar
    ancho_mm: Medida
    alto_mm: Annotated[float, Field(ge=1.5, le=100)]
    contenido: Contenido
    lineas: Annotated[int, Field(ge=1, le=40)] = 1
    alineacion: Alineacion = "izquierda"
    identificador: bool = False
    clase: Literal["texto"] = "texto"


@dataclass(frozen=True, slots=True)
class Code128:
    """A Code 128 of printable ASCII; modulo_mm is the narrowest bar."""

    __pydantic_config__ = STRICT
    x_mm: Lugar
    y_mm: Lugar
    alto_mm: Medida
    contenido: Contenido
    modulo_mm: Annotated[float, Field(ge=0.19, le=2)] = 0.25
    clase: Literal["code128"] = "code128"


@dataclass(frozen=True, slots=True)
class Ean13:
    """An EAN-13 of 13 digits with a right check digit; anything else is drawn as Code 128 in its place."""

    __pydantic_config__ = STRICT
    x_mm: Lugar
    y_mm: Lugar
    alto_mm: Medida
    contenido: Contenido
    modulo_mm: Annotated[float, Field(ge=0.19, le=2)] = 0.25
    clase: Literal["ean13"] = "ean13"


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, error correction M."""

    __pydantic_config__ = STRICT
    x_mm: Lugar
    y_mm: Lugar
    contenido: Contenido
    modulo_mm: Annotated[float, Field(ge=0.19, le=3)] = 0.5
    clase: Literal["qr"] = "qr"


@dataclass(frozen=True, slots=True)
class Linea:
    """A black bar."""

    __pydantic_config__ = STRICT
    x_mm: Lugar
    y_mm: Lugar
    ancho_mm: Medida
    alto_mm: Medida
    clase: Literal["linea"] = "linea"


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture, in black and white; imagen: PNG or JPEG, base64."""

    __pydantic_config__ = STRICT
    x_mm: Lugar
    y_mm: Lugar
    ancho_mm: Medida
    alto_mm: Medida
    imagen: Annotated[str, Field(max_length=2_000_000)]
    clase: Literal["logo"] = "logo"


Campo = Texto | Code128 | Ean13 | Qr | Linea | Logo
_Union = Annotated[Campo, Field(discriminator="clase")]


@dataclass(frozen=True, slots=True)
class Plantilla:
    """A template for labels of one `tipo` (a file of printing.labels.kinds)."""

    __pydantic_config__ = STRICT
    nombre: Annotated[str, Field(min_length=1, max_length=120)]
    tipo: str
    ancho_mm: Annotated[float, Field(ge=10, le=220)]
    alto_mm: Annotated[float, Field(ge=5, le=1000)]
    campos: Annotated[tuple[_Union, ...], Field(max_length=60)]
    formato: Literal[1] = 1


_ADAPTER: TypeAdapter[Plantilla] = TypeAdapter(Plantilla)


def leer(texto: str | bytes) -> Plantilla:
    """A template from its text.

    Raises:
        KnownError: what is wrong, and where.
    """
    try:
        plantilla = _ADAPTER.validate_json(texto)
    except ValidationError as error:
        first = error.errors()[0]
        where = _where(first["loc"])
        raise KnownError(
            f"La plantilla no es válida{f' en «{where}»' if where else ''}: {_words(first)}.", "Revise el archivo."
        ) from None
    if plantilla.tipo not in kinds.names():
        raise KnownError(
            f"«{plantilla.tipo}» no es un tipo de etiqueta.", f"Los tipos son: {', '.join(kinds.names())}."
        )
    for i, campo in enumerate(plantilla.campos):
        if isinstance(campo, Logo):
            try:
                imagen(campo.imagen)
            except KnownError as error:
                raise KnownError(f"La plantilla no es válida en «campos[{i}].imagen»: {error.message}") from None
    return plantilla


def escribir(plantilla: Plantilla) -> str:
    """The template's text, canonical: the same template is the same text."""
    return canonical(_ADAPTER.dump_python(plantilla, mode="json"))


def imagen(texto: str) -> Image.Image:
    """The picture of a logo.

    Raises:
        KnownError: it isn't one.
    """
    try:
        found = Image.open(io.BytesIO(base64.b64decode(texto, validate=True)), formats=("PNG", "JPEG"))
        if found.width * found.height > MAX_IMAGE_PIXELS:
            raise KnownError("La imagen es demasiado grande.", "Use una de menos de 4 megapíxeles.")
        found.load()
    except (binascii.Error, ValueError, OSError, Image.DecompressionBombError, SyntaxError) as error:
        raise KnownError("La imagen no es un PNG o JPEG entero.") from error
    return found


_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


def piezas(contenido: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A content's fixed texts and the names between them: one text more than names."""
    parts = _PLACEHOLDER.split(contenido)
    return tuple(parts[::2]), tuple(parts[1::2])


def _where(loc: tuple[int | str, ...]) -> str:
    text = ""
    kinds = ("texto", "code128", "ean13", "qr", "linea", "logo")
    for part in loc:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part not in kinds or not text.endswith("]"):
            text += f".{part}" if text else str(part)
    return text


_WORDS = {
    "missing": "falta",
    "extra_forbidden": "no existe ese dato",
    "unexpected_keyword_argument": "no existe ese dato",
    "json_invalid": "no es JSON",
    "greater_than_equal": "debe ser al menos {ge}",
    "greater_than": "debe ser mayor que {gt}",
    "less_than_equal": "debe ser a lo más {le}",
    "float_type": "debe ser un número",
    "float_parsing": "debe ser un número",
    "int_type": "debe ser un número entero",
    "int_parsing": "debe ser un número entero",
    "int_from_float": "debe ser un número entero",
    "string_type": "debe ser un texto",
    "string_too_long": "tiene más de {max_length} letras",
    "string_too_short": "está vacío",
    "union_tag_invalid": "no existe esa clase de campo",
    "union_tag_not_found": "falta la clase del campo",
    "literal_error": "debe ser {expected}",
    "bool_parsing": "debe ser true o false",
    "tuple_type": "debe ser una lista",
    "too_long": "tiene demasiados elementos",
    "finite_number": "debe ser un número finito",
}


def _words(error: Any) -> str:
    return _WORDS.get(error["type"], str(error["msg"])).format_map(error.get("ctx") or {})
