"""Where the server stands: the newest version, and the numbers that it gives."""

from sqlalchemy import Connection

from servitec_server import rows


def head(connection: Connection) -> tuple[int, str | None]:
    """The newest version and the id of its Cambio; (0, None) in an empty history."""
    found = rows.first(connection, "SELECT version, cambio_id FROM cambio ORDER BY version DESC LIMIT 1")
    return (0, None) if found is None else (int(found[0]), str(found[1]))


def next_number(connection: Connection, nombre: str) -> int:
    """The next number of a series, from 1."""
    number = last_number(connection, nombre) + 1
    keep_number(connection, nombre, number)
    return number


SERIES_AHEAD = 10_000
"""How much further a new epoch begins the server's series: what was given in a lost history isn't given again."""


def last_number(connection: Connection, nombre: str) -> int:
    """The last number of a series; of one that isn't there, what histories that were lost may have given."""
    found = rows.first(connection, "SELECT ultimo FROM serie WHERE nombre = ?", nombre)
    if found is not None:
        return int(found[0])
    epochs = rows.first(connection, "SELECT count(*) FROM permanente WHERE tipo = 'epoca'")
    return SERIES_AHEAD * max(0, int(epochs[0]) - 1 if epochs else 0)


def keep_number(connection: Connection, nombre: str, ultimo: int) -> None:
    """A series goes on after this number."""
    sign = rows.mark(connection)
    connection.exec_driver_sql(
        f"INSERT INTO serie (nombre, ultimo) VALUES ({sign}, {sign}) "  # noqa: S608
        "ON CONFLICT (nombre) DO UPDATE SET ultimo = excluded.ultimo",
        (nombre, ultimo),
    )
