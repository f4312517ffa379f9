"""What the server has no proof of waits for its author's word; a reply without a session tells no rows."""

import json
from pathlib import Path

import pytest

from domain.base.errors import KnownError
from domain.proofs import sign
from domain.wire import Answer, PushReply
from local_db import confirmar, fallback, open_items, people, state
from sync.transport import Asked
from tests.company import Desk, Office


class Doubting:
    """The line to a server that takes only what is signed."""

    def __init__(self, desk: Desk) -> None:
        self._real = desk.line.push
        desk.line.push = self.push  # type: ignore[method-assign]

    def push(self, asked: Asked, bodies: list[str]) -> PushReply:
        found = [json.loads(body) for body in bodies]
        good = [body for body, one in zip(bodies, found, strict=True) if one.get("firma")]
        reply = self._real(asked, good) if good else self._real(asked, [])
        known = {answer.id: answer for answer in reply.answers}
        waits = {one["id"]: Answer(id=one["id"], resultado="espera", motivo="firma") for one in found}
        answers = [known.get(one["id"], waits[one["id"]]) for one in found]
        return reply.model_copy(update={"answers": answers})


@pytest.fixture
def desk(office: Office) -> Desk:
    made = office.desk("a", "rec")
    Doubting(made)
    return made


def unsigned(desk: Desk, falla: str) -> str:
    """An order whose author couldn't sign; the id of its Cambio."""
    kept = dict(desk.replica.firmantes)
    desk.replica.firmantes.clear()
    desk.receive(falla)
    desk.replica.firmantes.update(kept)
    return str(desk.read(lambda c: open_items.pendientes(c))[-1].id)


def to_confirm(desk: Desk) -> list[str]:
    return [f.cambio_id for f in desk.read(lambda c: confirmar.por_confirmar(c, desk.person))]


def test_it_goes_out_once_its_author_confirmed_it(office: Office, desk: Desk) -> None:
    first, second = unsigned(desk, "una"), unsigned(desk, "dos")
    assert to_confirm(desk) == [], "nobody has asked yet"
    desk.sync()
    desk.sync()
    assert to_confirm(desk) == [first, second], "and nothing signs itself"
    ops = desk.read(lambda c: confirmar.por_confirmar(c, desk.person))[0].ops
    assert any(op["campos"].get("falla_reportada") == "una" for op in ops)
    confirmar.firmar_de_nuevo(desk.replica, desk.person, [first])
    desk.sync()
    assert to_confirm(desk) == [second]
    with desk.replica.reading() as connection:
        sql = "SELECT cuerpo, firma FROM outbox WHERE acusado_en IS NOT NULL AND id = ?"
        cuerpo, firma = connection.exec_driver_sql(sql, (first,)).one()
    own = desk.replica.firmantes[desk.person.usuario_id]
    assert json.loads(firma) == sign(own, json.loads(cuerpo)["huella"]).model_dump()


def test_nobody_else_confirms_it_and_nothing_else_is_confirmed(office: Office, desk: Desk) -> None:
    key = unsigned(desk, "una")
    with pytest.raises(KnownError, match="ya no espera"):
        confirmar.firmar_de_nuevo(desk.replica, desk.person, [key])
    desk.sync()
    jefa = office.people["jefa"]
    assert desk.read(lambda c: confirmar.por_confirmar(c, jefa)) == []
    with pytest.raises(KnownError, match="no puede firmar"):
        confirmar.firmar_de_nuevo(desk.replica, jefa, [key])
    desk.replica.firmantes[jefa.usuario_id] = office.central.prover.signer(desk.station.id, jefa.usuario_id, 1)
    for act in (
        lambda: confirmar.firmar_de_nuevo(desk.replica, jefa, [key]),
        lambda: confirmar.no_es_mio(desk.replica, jefa, key),
    ):
        with pytest.raises(KnownError, match="ya no espera"):
            act()
    desk.sync()
    assert to_confirm(desk) == [key]


def test_what_he_discards_is_kept_among_the_refused_with_what_builds_on_it(desk: Desk) -> None:
    key = unsigned(desk, "una")
    order = next(row for (tabla, _), row in desk.dump().items() if tabla == "orden")
    desk.edit("orden", order, titulo="sobre lo mismo")
    desk.receive("otra cosa")
    desk.sync()
    confirmar.no_es_mio(desk.replica, desk.person, key)
    found = {f.cambio_id: f.motivo for f in desk.read(open_items.rechazos)}
    assert found[key] == "firma"
    assert sorted(found.values()) == ["dependencia", "firma"]
    shown = [row["falla_reportada"] for (tabla, _), row in desk.dump().items() if tabla == "orden"]
    assert shown == ["otra cosa"]
    people.reofrecer_rechazo(desk.replica, desk.person, key)
    desk.sync()
    assert desk.open_items().pending == 0


def test_it_is_confirmed_or_discarded_there_and_nowhere_else(desk: Desk) -> None:
    """«Por enviar» forgets what it discards; what only waits for a word is never forgotten."""
    key = unsigned(desk, "una")
    desk.sync()
    for act in (fallback.count_dependents, fallback.discard):
        with pytest.raises(KnownError, match="que su autor diga") as refused:
            act(desk.replica, key)
        assert "«Por confirmar»" in refused.value.hint
    assert to_confirm(desk) == [key]
    confirmar.no_es_mio(desk.replica, desk.person, key)
    assert [f.cambio_id for f in desk.read(open_items.rechazos)] == [key]


def test_nor_with_what_it_builds_on(desk: Desk) -> None:
    order = desk.receive("una")
    kept = dict(desk.replica.firmantes)
    desk.replica.firmantes.clear()
    desk.edit("orden", order, titulo="sobre lo mismo")
    desk.replica.firmantes.update(kept)
    first, edit = desk.read(open_items.pendientes)

    def waiting(asked: Asked, bodies: list[str]) -> PushReply:
        why = {first.id: "no_existe", edit.id: "firma"}
        answers = [Answer(id=key, resultado="espera", motivo=motivo) for key, motivo in why.items()]
        return real(asked, []).model_copy(update={"answers": answers})

    real = desk.line.push
    desk.line.push = waiting  # type: ignore[method-assign]
    desk.sync()
    with pytest.raises(KnownError, match="Un cambio que depende de ese"):
        fallback.discard(desk.replica, first.id)
    confirmar.no_es_mio(desk.replica, desk.person, edit.id)
    assert fallback.discard(desk.replica, first.id) == 1


def test_a_reply_without_a_session_has_no_rows_and_moves_no_cursor(office: Office, tmp_path: Path) -> None:
    a = office.desk("a")
    order = a.receive()
    a.sync()
    before = a.read(state.read).cursor
    a.edit("orden", a.row("orden", order["id"]), titulo="dicho")
    other = a.receive("otra")
    real = a.line.push

    def bare(asked: Asked, bodies: list[str]) -> PushReply:
        return real(asked, bodies).model_copy(update={"scope": None, "grupos": [], "ausentes": []})

    a.line.push = bare  # type: ignore[method-assign]
    a.engine._push()
    assert a.open_items().pending == 0
    assert (a.row("orden", order["id"])["titulo"], a.row("orden", other["id"])["falla_reportada"]) == ("dicho", "otra")
    now = a.read(state.read)
    assert (now.cursor, now.propias) == (before, True)
    assert a.sync().up_to_date
    assert int(a.row("orden", other["id"])["version"] or 0) > 0
    b = office.desk("b")
    assert a.dump() == b.dump()


def test_a_repeated_answer_without_a_session_takes_nothing_from_sight(office: Office) -> None:
    a = office.desk("a")
    order = a.receive()
    a.sync()
    a.edit("orden", a.row("orden", order["id"]), titulo="dicho")
    real = a.line.push

    def bare(asked: Asked, bodies: list[str]) -> PushReply:
        real(asked, bodies)
        return real(asked, bodies).model_copy(update={"scope": None, "grupos": [], "ausentes": []})

    a.line.push = bare  # type: ignore[method-assign]
    a.engine._push()
    assert a.open_items().pending == 0
    assert a.row("orden", order["id"])["titulo"] == "dicho"
    assert a.sync().up_to_date
    assert a.row("orden", order["id"])["titulo"] == "dicho"
