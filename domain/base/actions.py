"""The operations that every table has."""

from domain.base.ambient import Ambient
from domain.base.row import ReadRow, Row
from domain.wire import Op


def alta(ambient: Ambient, tabla: str, campos: Row) -> Op:
    """A new row, with a new key."""
    return Op(tabla=tabla, id=ambient.new_id(), tipo="alta", campos={k: v for k, v in campos.items() if v is not None})


def editar(tabla: str, vista: ReadRow, campos: Row) -> list[Op]:
    """The changed columns of a row, against what the screen showed (`vista`); nothing when nothing differs."""
    changed = {k: v for k, v in campos.items() if vista[k] != v}
    if not changed:
        return []
    return [
        Op(
            tabla=tabla,
            id=str(vista["id"]),
            tipo="cambio",
            base=int(vista["version"] or 0),
            campos=changed,
            antes={k: vista[k] for k in changed},
        )
    ]


def borrar(tabla: str, vista: ReadRow) -> list[Op]:
    """Delete the row that the screen showed."""
    return [Op(tabla=tabla, id=str(vista["id"]), tipo="baja", base=int(vista["version"] or 0))]
