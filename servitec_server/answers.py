"""The final answers of one transaction, and those that were given before."""

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection

from domain.proofs import Prover
from domain.wire import Answer, Cambio, Recibo
from servitec_server import rows
from servitec_server.origin import Station
from servitec_server.tables import respuesta

_NAMES = ("cambio_id", *(c.name for c in respuesta.c if c.name != "cambio_id"))
_COLUMNS = ", ".join(_NAMES)


class Answers:
    """`known` by id of the Cambio, `numbers` by station and `n`; `unwritten`: records to be written."""

    def __init__(self, connection: Connection, prover: Prover, epoch: str, instant: str) -> None:
        self._connection = connection
        self._prover = prover
        self._given = {"epoca": epoch, "arranque": prover.start, "respondido_en": instant}
        self.known: dict[str, dict[str, Any]] = {}
        self.numbers: dict[tuple[str, int], str] = {}
        self.unwritten: list[dict[str, Any]] = []

    def load(self, cambios: Iterable[Cambio], station: Station) -> None:
        """Read what is recorded of these Cambios, of those they depend on, and of their numbers."""
        wanted = list(cambios)
        for keys in rows.chunks({c.id for c in wanted} | {d for c in wanted for d in c.depende}):
            found = rows.select(self._connection, f"SELECT {_COLUMNS} FROM respuesta WHERE cambio_id IN", keys)  # noqa: S608
            self.known.update({values[0]: dict(zip(_NAMES, values, strict=True)) for values in found})
        for numbers in rows.chunks({c.n for c in wanted}):
            known = "SELECT n, cambio_id FROM respuesta WHERE estacion_id = ? AND n IN"
            found = rows.select(self._connection, known, numbers, station.id)
            self.numbers.update({(station.id, n): key for n, key in found})

    def record(self, item: Cambio, station: Station, values: dict[str, Any]) -> dict[str, Any]:
        """Keep the final answer to a Cambio; gives the record."""
        record = {
            "cambio_id": item.id,
            "estacion_id": station.id,
            "n": item.n,
            "huella": item.huella[:64],
            "resultado": values["resultado"],
            "version": values.get("version"),
            "perdidos": values.get("perdidos"),
            "numeros": values.get("numeros"),
            "motivo": values.get("motivo"),
            "mensaje": values.get("mensaje"),
            "cuerpo": values.get("cuerpo"),
            **self._given,
        }
        self.known[item.id] = record
        self.numbers[station.id, item.n] = item.id
        self.unwritten.append(record)
        return record

    def receipt(self, record: dict[str, Any]) -> Recibo | None:
        """The proof of a recorded answer that took the Cambio."""
        if record["resultado"] != "aplicado":
            return None
        lost = [(tabla, key, campo) for tabla, key, campo in orjson.loads(record["perdidos"] or "[]")]
        given = [(tabla, key, campo, number) for tabla, key, campo, number in orjson.loads(record["numeros"] or "[]")]
        place = (record["epoca"], record["arranque"], record["version"])
        return self._prover.receipt(record["cambio_id"], record["huella"], *place, lost, given)

    def repeat(self, item: Cambio, recorded: dict[str, Any]) -> Answer:
        """The answer to a Cambio that was answered before."""
        if recorded["huella"] != (item.huella if item.problem else item.content_hash()):
            mensaje = "Ya se respondió a otro contenido con este mismo id."
            return Answer(id=item.id, resultado="rechazado", motivo="huella", mensaje=mensaje)
        return Answer(
            id=item.id,
            resultado="repetido",
            original=recorded["resultado"],
            version=recorded["version"],
            motivo=recorded["motivo"],
            mensaje=recorded["mensaje"],
            recibo=self.receipt(recorded),
        )
