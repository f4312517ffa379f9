"""A morning at the counter: orders of invented people, taken on one station's replica.

Run as a process of its own: `python -m servitec_desktop.demo.recepciones --data-dir DIR`.
"""

import argparse
import sys
from pathlib import Path

from domain.base.errors import KnownError
from domain.ordenes.actions import Recepcion
from domain.ordenes.actions import accesorios as accesorios_json
from local_db import people
from local_db.catalogos import queries
from local_db.ordenes import reception
from local_db.replica import Replica
from sync import session
from sync.credentials import open_store

MOSTRADOR: tuple[tuple[str, str, str, str, str, str, str, str, list[str]], ...] = (
    (
        "Rosa",
        "Muñoz Peña",
        "+56 9 5555 0101",
        "notebook",
        "Lenovo",
        "ThinkPad E14",
        "PF-3K9Q1",
        "No enciende",
        ["cargador"],
    ),
    (
        "Íñigo",
        "Ibáñez",
        "+56 9 5555 0102",
        "telefono",
        "Samsung",
        "Galaxy A54",
        "R5CT1",
        "Pantalla trizada, toca sola",
        [],
    ),
    ("Begoña", "Ñancupil", "+56 2 5555 0103", "impresora", "Epson", "L3250", "X8K2", "Atasca el papel", ["cable USB"]),
    ("Andrés", "Güell", "+56 9 5555 0104", "televisor", "LG", "43UQ7500", "", "Sonido sin imagen", ["control remoto"]),
    ("María José", "Zúñiga", "+56 9 5555 0105", "notebook", "HP", "Pavilion 15", "5CD2", "Se calienta y se apaga", []),
    ("Ángel", "Órdenes", "+56 9 5555 0106", "aspiradora", "Bosch", "BGL3", "", "Perdió fuerza", []),
    ("Lucía", "Cañete", "+56 9 5555 0107", "cafetera", "De'Longhi", "Dedica", "", "Gotea por abajo", []),
    (
        "Óscar",
        "Peñaloza",
        "+56 9 5555 0108",
        "telefono",
        "Apple",
        "iPhone 12",
        "F17",
        "La batería dura dos horas",
        ["funda"],
    ),
    (
        "Sofía",
        "Araña",
        "+56 9 5555 0109",
        "herramienta",
        "Makita",
        "HP457D",
        "",
        "Chispea al arrancar",
        ["batería", "maletín"],
    ),
    (
        "Joaquín",
        "Núñez",
        "+56 9 5555 0110",
        "notebook",
        "Acer",
        "Aspire 5",
        "NXA1",
        "Teclado mojado con café",
        ["cargador"],
    ),
    ("Noemí", "Güiraldes", "+56 9 5555 0111", "lampara", "Philips", "", "", "Parpadea", []),
    ("Agustín", "Yáñez", "+56 9 5555 0112", "radio", "Sony", "ICF-19", "", "Sólo capta ruido", []),
)
"""nombre, apellido, telefono, tipo_equipo, marca, modelo, serie, falla, accesorios. All invented."""


def recibir_todo(replica: Replica) -> list[str]:
    """Take every order of MOSTRADOR; gives their folios.

    Raises:
        KnownError: nobody is signed in on this station.
    """
    with replica.reading() as connection:
        actor = people.current_actor(connection)
        tipos = {fila.codigo: fila.id for fila in queries.catalogo(connection, "tipo_equipo")}
        prioridades = queries.catalogo(connection, "prioridad")
    if actor is None:
        raise KnownError("Nadie ha iniciado sesión en esta estación.", "Use «servitec sign-in».")
    folios = []
    for i, (nombre, apellido, telefono, tipo, marca, modelo, serie, falla, accesorios) in enumerate(MOSTRADOR):
        recepcion = Recepcion(
            cliente={"nombre": nombre, "apellido": apellido, "telefono": telefono},
            equipo={
                "tipo_equipo_id": tipos.get(tipo),
                "marca": marca or None,
                "modelo": modelo or None,
                "serie": serie or None,
            },
            orden={
                "falla_reportada": falla,
                "prioridad_id": prioridades[i % len(prioridades)].id if prioridades else None,
                "accesorios": accesorios_json(accesorios),
            },
        )
        folios.append(reception.recibir(replica, actor, recepcion).folio)
    return folios


def main() -> int:
    """Exit code 0, or 1 with a sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m servitec_desktop.demo.recepciones")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--credentials-file", type=Path)
    options = parser.parse_args()
    try:
        replica = Replica.open(options.data_dir, owner="demo")
        try:
            session.resume(replica, open_store(options.data_dir, options.credentials_file))
            print(" ".join(recibir_todo(replica)))
        finally:
            replica.close()
    except KnownError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
