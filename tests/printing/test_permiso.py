"""Who prints what: each role, asked of the row that the paper is about."""

import pytest

from domain.base.actor import ROLES
from domain.base.errors import KnownError, Rejection
from domain.base.row import Row
from domain.impresion.permissions import IMPRIMEN
from local_db import rows, state
from local_db.replica import Replica
from printing import permiso
from printing.encolar import Encolador
from printing.pdf.catalogo import documento
from printing.printers import Impresora, PorTipo, guardar_impresora, guardar_por_tipo
from printing.queue import PrintQueue
from printing.trabajos import Pedido, trabajo
from testing.person import SUCURSAL, sign_in

LABEL = b"^XA^FO10,10^A0N,30,30^FDhola^FS^PQ1^XZ"
NOWHERE = "tcp://127.0.0.1:9"
OTHER = "00000000-0000-7000-8000-0000000000bb"
DEVICE = "00000000-0000-7000-8000-0000000000cc"

MAY: dict[str, tuple[bool, bool, bool, bool]] = {
    "administrador": (True, True, True, True),
    "supervisor": (True, True, True, False),
    "recepcionista": (True, True, True, False),
    "tecnico": (True, True, False, False),
    "gestor": (True, True, False, False),
    "cliente": (False, False, False, False),
    "consulta": (False, False, False, False),
}
"""Role -> may he print a test label or a device's, his own order, another's of his branch, one of another branch."""


def order(replica: Replica, by: str, sucursal: str = SUCURSAL) -> str:
    """An order that somebody made."""
    key = replica.ambient.new_id()
    values: Row = {"id": key, "folio": f"A1-{key[-6:]}", "tipo": "taller", "estado": "recibida", "creado_por": by}
    values |= {"sucursal_id": sucursal, "recepcion_en": replica.ambient.instant(), "accesorios": "[]"}
    with replica.writing() as writing:
        rows.put(rows.raw(writing.connection), "orden", [values])
        rows.put(rows.raw(writing.connection), "equipo", [{"id": DEVICE, "marca": "Epson", "serie": "X5"}])
    return key


def job(orden_id: str | None) -> Pedido:
    return Pedido("Etiqueta", LABEL, NOWHERE, tabla="orden" if orden_id else None, registro_id=orden_id)


def tried(queue: PrintQueue, pedido: Pedido) -> bool:
    try:
        queue.enqueue(pedido)
    except Rejection as refusal:
        return refusal.motivo != "permiso" or not refusal.hint
    return True


@pytest.mark.parametrize("rol", ROLES)
def test_each_role_prints_what_the_matrix_says(replica: Replica, rol: str) -> None:
    me = sign_in(replica, rol)
    mine, anothers, far = order(replica, me), order(replica, OTHER), order(replica, OTHER, OTHER)
    queue = PrintQueue(replica)
    assert tuple(tried(queue, job(key)) for key in (None, mine, anothers, far)) == MAY[rol]
    device = Pedido("Equipo", LABEL, NOWHERE, tabla="equipo", registro_id=DEVICE)
    assert tried(queue, device) == MAY[rol][0] == (rol in IMPRIMEN)
    with replica.reading() as connection:
        about = {"a": (None, None), "b": ("orden", mine), "c": ("orden", anothers), "d": ("orden", far)}
        may = permiso.imprimibles(connection, about)
        assert tuple(key in may for key in "abcd") == MAY[rol]
        for orden_id, allowed in ((mine, MAY[rol][1]), (far, MAY[rol][3])):
            if allowed:
                assert documento(connection, "etiqueta", orden_id).startswith(b"%PDF")
            else:
                with pytest.raises(Rejection, match=rf"El rol {rol} (no imprime|imprime sólo)"):
                    documento(connection, "etiqueta", orden_id)


def test_who_lost_the_right_prints_nothing_again(replica: Replica) -> None:
    """Neither the same label once more nor what is missing of one that failed; what waits goes on waiting."""
    boss = sign_in(replica)
    queue = PrintQueue(replica)
    done, waits = (queue.enqueue(job(order(replica, boss))) for _ in range(2))
    queue.cancelar(done)
    sign_in(replica, "tecnico")
    for again in (queue.reimprimir, queue.reintentar):
        with pytest.raises(Rejection, match="El rol tecnico imprime sólo lo que es suyo"):
            again(done)
    queue.reintentar(waits)
    with replica.reading() as connection:
        assert [trabajo(connection, key).estado for key in (done, waits)] == ["fallido", "en_cola"]  # type: ignore[union-attr]


@pytest.mark.parametrize("rol", ["tecnico", "consulta", None])
def test_who_lost_the_right_only_says_that_a_label_came_out(replica: Replica, rol: str | None) -> None:
    """«No» would print it again."""
    boss = sign_in(replica)
    queue = PrintQueue(replica)
    first, second = (queue.enqueue(job(order(replica, boss))) for _ in range(2))
    with replica.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE trabajo_impresion SET estado = 'incierto'")
    if rol is None:
        with replica.writing() as writing:
            state.write(writing, usuario_id=None)
    else:
        sign_in(replica, rol)
    with pytest.raises(KnownError):
        queue.responder_incierto(first, salio=False)
    queue.responder_incierto(second, salio=True)
    with replica.reading() as connection:
        assert [trabajo(connection, key).estado for key in (first, second)] == ["incierto", "impreso"]  # type: ignore[union-attr]


def test_what_left_the_station_is_only_printed_by_who_may_print_everything(replica: Replica) -> None:
    queue = PrintQueue(replica)
    assert queue.enqueue(job(OTHER))
    sign_in(replica, "supervisor")
    with pytest.raises(KnownError, match="ya no está en esta estación"):
        queue.enqueue(job(OTHER))


def test_nobody_prints_where_nobody_is_signed_in(replica: Replica) -> None:
    with replica.writing() as writing:
        state.write(writing, usuario_id=None)
    with pytest.raises(KnownError, match="Nadie ha iniciado sesión"):
        PrintQueue(replica).enqueue(job(None))


def test_a_reception_prints_its_labels_whoever_saved_it(replica: Replica) -> None:
    """In the commit that saves the order: the right to receive brings them."""
    sign_in(replica, "tecnico")
    orden_id = order(replica, OTHER)
    queue = PrintQueue(replica)
    with replica.writing() as writing:
        guardar_impresora(writing, Impresora("p", "Zebra", NOWHERE), replica.ambient.instant())
        guardar_por_tipo(writing, PorTipo("orden", "p", None))
        queued = Encolador(replica, queue).encolar_recepcion(writing, orden_id)
    assert (len(queued.ids), queued.aviso) == (1, "")
    with pytest.raises(Rejection, match="imprime sólo lo que es suyo"):
        Encolador(replica, queue).encolar("orden", orden_id)
