"""The operations of a Cambio, one by one: merged with what is there, or ordered among what a lost history did."""

from domain.base.errors import Rejection
from domain.base.row import Row
from domain.model import TABLES
from domain.wire import Op, Recibo
from servitec_server.conflicts import Conflicts
from servitec_server.epochs import Tree, tree
from servitec_server.reoffer import lost_before, reoffered
from servitec_server.step import Step, Touch
from servitec_server.working_set import WorkingSet


class Operating:
    """Does operations in the rows of one transaction."""

    def __init__(self, working: WorkingSet, lost: Conflicts) -> None:
        self._rows = working
        self._lost = lost
        self._epochs: Tree | None = None

    def do(self, step: Step, op: Op) -> None:
        """One operation. Raises Rejection."""
        if op.tabla not in TABLES:
            raise Rejection("campo", f"No existe la tabla «{op.tabla}».")
        current = self._rows.get(op.tabla, op.id)
        again = step.cambio.reoferta
        if again is not None:
            step.applying.permit(op, current)
        if again is not None and not TABLES[op.tabla].append_only:
            rest = self._again(step, op, current, again)
            if rest is None:
                return
            op = rest
        if op.tipo == "alta":
            step.alta(op)
            self._conflicts(step, op, current)
            return
        if current is None:
            raise Rejection("no_existe", f"Ese {TABLES[op.tabla].fila} no existe en el servidor.")
        if op.tipo == "cambio":
            self._merge(step, op, current)
            return
        step.applying.permit(op, current)
        if int(current["version"] or 0) > op.base and current["estacion_id"] != step.station.id:
            raise Rejection("modificado", "Otra persona cambió esta fila después de que usted la viera.")
        step.baja(op, current)

    def _again(self, step: Step, op: Op, current: Row | None, again: list[Recibo]) -> Op | None:
        """What of an operation that is offered again is left to be done like any other; None: nothing."""
        rest = reoffered(step, self._tree(), op, current, again)
        step.touched[op.tabla, op.id] = Touch(None)  # the station shows what it offered, and that may not stand
        if rest is None:
            step.applying.unchanged(op, current)
        elif rest.tipo == "alta" and current is None:
            step.alta(rest)
            current = self._rows.get(op.tabla, op.id)  # where what lost is kept beside
        elif rest.tipo == "alta" and current is not None:
            self._merge(step, rest, current)
        self._lost_again(step, op, current, lost_before(op, again))
        return None if rest is None or rest.tipo == "alta" else rest

    def _merge(self, step: Step, op: Op, current: Row) -> None:
        outcome = step.applying.cambio(op, current)
        step.store(op, outcome)
        for name in outcome.lost:
            self._lost.record(step, op, current, name)

    def _tree(self) -> Tree:
        if self._epochs is None:
            self._epochs = tree(self._rows.connection)
        return self._epochs

    def _lost_again(self, step: Step, op: Op, current: Row | None, lost: set[str]) -> None:
        """The conflicts of a history that was lost are kept in this one too."""
        for name in sorted(lost & op.campos.keys()):
            if current is not None and current[name] != op.campos[name]:
                self._lost.record(step, op, current, name)

    def _conflicts(self, step: Step, op: Op, current: Row | None) -> None:
        """What an alta of a row that was there lost."""
        if current is None or current.get("borrado_en") is not None:
            return
        now = self._rows.get(op.tabla, op.id) or {}
        for name, value in op.campos.items():
            if not TABLES[op.tabla].by_name[name].fixed and now[name] != value:
                self._lost.record(step, op, current, name)
