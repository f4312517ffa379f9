"""What is computed from a client, and what only some may change of one."""

from functools import lru_cache
from typing import TYPE_CHECKING

from domain.base.errors import Rejection
from domain.base.later import later
from domain.base.row import ReadRow, Row, Value
from domain.base.rule import Asking, Rule
from domain.clientes.permissions import CONTACTO
from domain.wire import Op

if TYPE_CHECKING:
    import phonenumbers
else:
    phonenumbers = later("phonenumbers")


class Cliente(Rule):
    """Merging and forgetting a person are rights of their own; a gestor changes how to reach him."""

    def make(self, w: Asking, op: Op, row: ReadRow) -> None:
        """By the matrix, and as above."""
        super().make(w, op, row)
        self._special(w, op, row)

    def change(self, w: Asking, op: Op, campos: ReadRow, current: ReadRow) -> None:
        """By the matrix, and as above."""
        super().change(w, op, campos, current)
        self._special(w, op, current)

    def computed(self, row: ReadRow) -> Row:
        """The phone as machines dial it."""
        return {"telefono_e164": e164(row["telefono"], row["pais"])}

    def _special(self, w: Asking, op: Op, row: ReadRow) -> None:
        if op.campos.get("fusionado_en_id") is not None:
            w.demand("cliente.fusionar", op.tabla, row)
        if op.campos.get("anonimizado_en") is not None:
            w.demand("cliente.anonimizar", op.tabla, row)
        if w.actor.rol == "gestor" and op.campos.keys() - CONTACTO:
            raise Rejection("permiso", "Un gestor sólo cambia los datos de contacto de un cliente.")


@lru_cache(maxsize=4096)
def e164(telefono: Value, pais: Value) -> str | None:
    """A phone as typed in its E.164 form, or None where it isn't a possible number of `pais` (ISO 3166 code)."""
    if not isinstance(telefono, str) or not telefono.strip():
        return None
    try:
        number = phonenumbers.parse(telefono, str(pais) if pais else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
