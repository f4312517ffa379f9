"""What tables and fields are called, as a person reads them: as the model declares it."""

from domain.model import SPECS, TABLES

_CAMPOS = {col.name: col.nombre for spec in SPECS for col in spec.cols if col.nombre}


def nombre_campo(campo: str) -> str:
    """`ubicacion_fisica` as `Ubicación física`."""
    text = campo.removesuffix("_id").replace("_", " ")
    return _CAMPOS.get(campo) or text[:1].upper() + text[1:]


def nombre_tabla(tabla: str) -> str:
    """`plantilla_etiqueta` as `Plantilla de etiqueta`."""
    return (tabla in TABLES and TABLES[tabla].nombre) or nombre_campo(tabla)


def titulo(tabla: str, tipo: str, nombre: str = "") -> str:
    """What an operation is about: `Cliente nuevo`, `Orden A1-000007 nueva`, `Orden A1-000007`."""
    genero = TABLES[tabla].genero if tabla in TABLES else "o"
    new = f"nuev{genero}" if tipo == "alta" else ""
    return " ".join(filter(None, (nombre_tabla(tabla), nombre, new)))
