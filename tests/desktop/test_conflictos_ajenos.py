"""A conflict is its two authors' and the supervisor's: nobody else is asked to resolve it, or kept from «Al día»."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from local_db import open_items
from servitec_desktop.screens.sincronizacion.conflictos import Conflictos
from servitec_desktop.screens.sincronizacion.pantalla import _conflicts
from tests.company import Desk, Office


def tell(desk: Desk, qtbot: QtBot) -> tuple[list[bool], bool, int]:
    """Of the chosen conflict: are its buttons enabled, is it said whose it is; and how many the badge counts."""
    lista = Conflictos(lambda _: None, lambda _: None)
    qtbot.addWidget(lista)
    lista.show_conflicts(desk.read(_conflicts))
    assert lista.tabla.rowCount() == 1
    return [made.isEnabled() for made in lista.botones], lista.ajeno.isHidden(), desk.read(open_items.resumen).conflicts


def test_only_who_may_resolve_a_conflict_is_asked_to(tmp_path: Path, qtbot: QtBot) -> None:
    office = Office(tmp_path)
    here, there, other = office.desk("a", "jefa"), office.desk("b", "ana"), office.desk("c", "rec")
    order = here.receive("No enciende")
    here.sync(), there.sync()
    for at, title in ((there, "uno"), (here, "dos")):
        at.edit("orden", at.row("orden", order["id"]), titulo=title)
    there.sync(), here.sync(), other.sync()
    assert tell(here, qtbot) == ([True, True], True, 1)
    assert tell(other, qtbot) == ([False, False], False, 0)
    assert other.sync().up_to_date
    office.close()
