"""The states of a row, the transitions between them, and who may make each: one machine for one column."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from domain.base.actor import Actor
from domain.base.errors import Rejection
from domain.base.row import ReadRow

Papel = Callable[[Actor, frozenset[str], ReadRow, str], bool]
"""May this actor, where these roles may, bring this row to this state?"""


@dataclass(frozen=True, slots=True)
class Estado:
    """`nombre` on screen, `clase` for filters and figures; `otros`: its name for rows of another kind."""

    codigo: str
    nombre: str
    clase: str
    color: str
    otros: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guarda:
    """What a row has to be for a transition: `columnas` are all that it reads."""

    columnas: tuple[str, ...]
    cumple: Callable[[ReadRow], bool]


@dataclass(frozen=True, slots=True)
class StateMachine:
    """The states of `columna`: it never merges, and moves only along `transiciones`.

    transiciones: (from, to) -> roles, besides administrador and supervisor. crean: the first states, and the roles
    that make a row in them. guardas: more that a row has to be. exigen_motivo: states that want a reason.
    papel: who may, of those roles. nombre_fila, genero: what a row is called.
    """

    columna: str
    nombre_fila: str
    genero: Literal["o", "a"]
    estados: Mapping[str, Estado]
    transiciones: Mapping[tuple[str, str], frozenset[str]]
    crean: Mapping[str, frozenset[str]]
    papel: Papel
    guardas: Mapping[tuple[str, str], Guarda] = field(default_factory=dict)
    exigen_motivo: frozenset[str] = frozenset()

    def nombre(self, estado: str, tipo: str | None = None) -> str:
        """The state's name on screen, for a row of this kind."""
        item = self.estados.get(estado)
        if item is None:
            return estado
        return item.otros.get(tipo or "", item.nombre)

    def permitidos(self, actor: Actor, fila: ReadRow) -> list[str]:
        """The states that `actor` may move this row to, in the machine's order."""
        de = str(fila[self.columna])
        return [
            codigo
            for codigo in self.estados
            if self._existe(fila, codigo) and self.papel(actor, self.transiciones[de, codigo], fila, codigo)
        ]

    def exigir_transicion(self, actor: Actor, fila: ReadRow, a_estado: str, *, motivo: bool) -> None:
        """Check a transition from the row's *current* state; `motivo`: was a reason given?

        Raises:
            Rejection: `ya_hecho`, `transicion`, `permiso` or `motivo`.
        """
        actual = str(fila[self.columna])
        de, a = self.nombre(actual), self.nombre(a_estado)
        if actual == a_estado:
            raise Rejection("ya_hecho", f"{self._la} ya está en «{a}».", "No hace falta repetir el cambio.")
        if not self._existe(fila, a_estado):
            raise Rejection(
                "transicion",
                f"{self._una} en «{de}» no puede pasar a «{a}».",
                "Revise el estado actual y elija uno de los permitidos.",
            )
        if not self.papel(actor, self.transiciones[actual, a_estado], fila, a_estado):
            raise Rejection(
                "permiso",
                f"El rol {actor.rol} no puede pasar {self._la.lower()} de «{de}» a «{a}».",
                "Pida el cambio a un supervisor.",
            )
        if a_estado in self.exigen_motivo and not motivo:
            raise Rejection("motivo", f"Para pasar a «{a}» hace falta un motivo.", "Escriba el motivo y repita.")

    def exigir_papel(self, actor: Actor, fila: ReadRow, a_estado: str) -> None:
        """Check only that the author's role ever moves a row to this state: the transition was accepted once.

        Raises:
            Rejection: `permiso`.
        """
        roles = [quien for (_, a), quien in self.transiciones.items() if a == a_estado]
        roles.append(self.crean.get(a_estado, frozenset()))
        if not any(self.papel(actor, quien, fila, a_estado) for quien in roles):
            raise Rejection("permiso", f"El rol {actor.rol} no pasa {self._la.lower()} a «{self.nombre(a_estado)}».")

    def exigir_creacion(self, actor: Actor, fila: ReadRow) -> None:
        """Check the first state of a new row.

        Raises:
            Rejection: `transicion`.
        """
        estado = str(fila[self.columna])
        roles = self.crean.get(estado)
        if roles is not None and (actor.rol == "sistema" or self.papel(actor, roles, fila, estado)):
            return
        first = " o ".join(f"«{self.nombre(codigo)}»" for codigo in self.crean)
        raise Rejection(
            "transicion",
            f"El rol {actor.rol} no puede crear {self._una.lower()} en «{self.nombre(estado)}».",
            f"{self._una} nuev{self.genero} empieza en {first}.",
        )

    @property
    def _la(self) -> str:
        return f"{'La' if self.genero == 'a' else 'El'} {self.nombre_fila}"

    @property
    def _una(self) -> str:
        return f"{'Una' if self.genero == 'a' else 'Un'} {self.nombre_fila}"

    def _existe(self, fila: ReadRow, a_estado: str) -> bool:
        par = (str(fila[self.columna]), a_estado)
        guarda = self.guardas.get(par)
        return par in self.transiciones and (guarda is None or guarda.cumple(fila))
