"""The label designer, as a person uses it."""

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from local_db.ordenes import queries
from printing.labels.catalogo import disponibles, shipped
from printing.labels.plantilla import Logo, Texto, escribir, leer
from printing.trabajos import trabajos
from printing.virtual import VirtualZebra
from servitec_desktop.app import App
from servitec_desktop.demo import pages
from servitec_desktop.screens.impresion.disenador.pantalla import Disenador
from servitec_desktop.screens.impresion.plantillas import Plantillas
from testing.company import Company

Open = Callable[[str], App]
WAIT_MS = 15_000


@pytest.fixture
def app(company: Company, workstation: Open) -> App:
    company.enroll("a")
    return workstation("a")


@pytest.fixture
def page(app: App, qtbot: QtBot) -> Plantillas:
    """The list of templates, opened by keys."""
    qtbot.keyClick(app.window, Qt.Key.Key_F6)
    screen = pages.impresion(app.window)
    screen.pestanas.setCurrentWidget(screen.plantillas)
    qtbot.waitUntil(lambda: screen.plantillas.lista.count() == len(shipped()), timeout=WAIT_MS)
    return screen.plantillas


def open_(qtbot: QtBot, page: Plantillas, nombre: str) -> Disenador:
    """The designer on a template."""
    row = next(i for i in range(page.lista.count()) if page.lista.item(i).text().startswith(nombre))
    page.lista.setCurrentRow(row)
    with qtbot.waitSignal(page.designing, timeout=WAIT_MS) as caught:
        qtbot.mouseClick(page.disenar, Qt.MouseButton.LeftButton)
    made: Disenador = caught.args[0]
    settle(qtbot, made)
    return made


def settle(qtbot: QtBot, made: Disenador) -> None:
    """Until what is shown is what was drawn last."""
    made.revision = None
    made._waiting.start()
    qtbot.waitUntil(lambda: made.revision is not None, timeout=WAIT_MS)


def press(qtbot: QtBot, made: Disenador, name: str) -> None:
    found = [b for b in made.findChildren(QAbstractButton) if b.accessibleName() == name]
    assert len(found) == 1, name
    qtbot.mouseClick(found[0], Qt.MouseButton.LeftButton)


def close(made: Disenador) -> None:
    made.edicion.pila.setClean()
    made.close()


def drag(qtbot: QtBot, made: Disenador, start: tuple[float, float], by: tuple[float, float]) -> None:
    """Drag on the paper, in millimetres."""
    canvas = made.lienzo
    a, b = (canvas.point(*start).toPoint(), canvas.point(start[0] + by[0], start[1] + by[1]).toPoint())
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=a)
    qtbot.mouseMove(canvas, pos=QPoint((a.x() + b.x()) // 2, (a.y() + b.y()) // 2))
    qtbot.mouseMove(canvas, pos=b)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=b)


def test_a_shipped_template_opens_and_is_the_same_text(qtbot: QtBot, page: Plantillas, tmp_path: Path) -> None:
    for known in shipped():
        made = open_(qtbot, page, known.nombre)
        assert made.revision is not None
        assert made.revision.pagina is not None
        file = tmp_path / "una.json"
        made.edicion.cambiar_plantilla("nombre", nombre=known.nombre)
        made.export(file)
        assert file.read_text(encoding="utf-8") == escribir(known) + "\n"
        close(made)


def test_move_type_undo_save_and_print_with_it(qtbot: QtBot, app: App, page: Plantillas, zebra: VirtualZebra) -> None:
    made = open_(qtbot, page, "Orden 60")
    before = made.edicion.plantilla
    drag(qtbot, made, (4, 9), (3, 0.5))
    assert made.edicion.elegido == 1
    moved = made.edicion.plantilla.campos[1]
    assert (moved.x_mm, moved.y_mm) == (5.0, 7.5)
    qtbot.keyClick(made.lienzo, Qt.Key.Key_Right)
    qtbot.keyClick(made.lienzo, Qt.Key.Key_Right)
    assert made.edicion.plantilla.campos[1].x_mm == 6.0
    press(qtbot, made, "Deshacer")
    press(qtbot, made, "Deshacer")
    assert made.edicion.plantilla == before
    press(qtbot, made, "Rehacer")
    made.edicion.elegir(0)
    line = made.panel.campos["contenido"]
    line.selectAll()
    qtbot.keyClicks(line, "Taller {sucursal}")
    settle(qtbot, made)
    assert b"Taller Taller Central" in made.revision.zpl  # type: ignore[union-attr]
    assert "^FDTaller Taller Central^FS" in made.bytes.toPlainText()
    made.cabecera.nombre.setText("La mía")
    made.cabecera.nombre.editingFinished.emit()
    with qtbot.waitSignal(made.saved, timeout=WAIT_MS):
        qtbot.mouseClick(made.guardar_boton, Qt.MouseButton.LeftButton)
    assert made.edicion.pila.isClean()
    with app.station.replica.reading() as connection:
        (own,) = [item for item in disponibles(connection, "orden") if item.propia]
    assert own.plantilla == made.edicion.plantilla
    qtbot.waitUntil(lambda: page.lista.count() == len(shipped()) + 1, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: made.impresora.count() == 1, timeout=WAIT_MS)
    settle(qtbot, made)
    qtbot.mouseClick(made.probar, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(zebra.labels()) == 1, timeout=WAIT_MS)
    assert b"Taller Taller Central" in zebra.labels()[0].read_bytes()
    close(made)
    again = open_(qtbot, page, "La mía")
    assert again.edicion.plantilla.nombre == "La mía"
    again.edicion.elegir(0)
    again.edicion.borrar()
    with qtbot.waitSignal(again.saved, timeout=WAIT_MS) as saved:
        again.save()
    assert saved.args == [own.clave]
    close(again)
    page.lista.setCurrentRow(0)
    page.delete(own.clave)
    qtbot.waitUntil(lambda: page.lista.count() == len(shipped()), timeout=WAIT_MS)


def test_fields_are_copied_from_one_template_into_another(qtbot: QtBot, page: Plantillas) -> None:
    one, other = open_(qtbot, page, "Orden 60"), open_(qtbot, page, "Cliente 60")
    before = other.edicion.plantilla
    QApplication.clipboard().setText("{no")
    press(qtbot, other, "Pegar")
    box = other.findChild(QMessageBox)
    assert box is not None
    assert "no hay campos de etiqueta" in box.text()
    box.close()
    assert other.edicion.plantilla == before
    one.edicion.elegir(1)
    press(qtbot, one, "Copiar")
    press(qtbot, other, "Pegar")
    assert other.edicion.plantilla.campos == (*before.campos, one.edicion.plantilla.campos[1])
    assert other.edicion.elegido == len(before.campos)
    press(qtbot, other, "Deshacer")
    one.edicion.elegir(None)
    press(qtbot, one, "Copiar")
    press(qtbot, other, "Pegar")
    assert other.edicion.plantilla.campos == (*before.campos, *one.edicion.plantilla.campos)
    close(one)
    close(other)


def test_what_cannot_be_printed_is_said_and_marked(qtbot: QtBot, page: Plantillas) -> None:
    made = open_(qtbot, page, "Orden 60")
    made.edicion.elegir(1)
    made.edicion.cambiar("propiedad", alto_mm=20.0)
    settle(qtbot, made)
    assert made.lienzo.marcado is not None
    assert "no cabe" in made.aviso.text() or "enciman" in made.aviso.text()
    assert not made.probar.isEnabled()
    made.edicion.pila.undo()
    settle(qtbot, made)
    assert "Se puede imprimir" in made.aviso.text()
    close(made)


def test_every_tool_works_on_a_field(qtbot: QtBot, page: Plantillas, tmp_path: Path) -> None:
    with qtbot.waitSignal(page.designing, timeout=WAIT_MS) as caught:
        qtbot.mouseClick(page.nueva, Qt.MouseButton.LeftButton)
    made: Disenador = caught.args[0]
    for action in made.herramientas.agregar.actions():
        action.trigger()
    kinds = [c.clase for c in made.edicion.plantilla.campos]
    assert kinds == ["texto", "texto", "code128", "ean13", "qr", "linea", "logo"]
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "black").save(file, "PNG")
    (tmp_path / "logo.png").write_bytes(file.getvalue())
    made.panel.use_picture(tmp_path / "logo.png")
    logo = made.edicion.campo
    assert isinstance(logo, Logo)
    assert base64.b64decode(logo.imagen) == file.getvalue()
    made.panel.campos["ancho_mm"].setValue(30)
    for name in ("Alinear a la derecha", "Centrar", "Alinear a la izquierda", "Alinear arriba"):
        press(qtbot, made, name)
    assert (made.edicion.campo.x_mm, made.edicion.campo.y_mm) == (2.0, 2.0)  # type: ignore[union-attr]
    press(qtbot, made, "Antes en la lista")
    assert made.edicion.elegido == 5
    press(qtbot, made, "Después en la lista")
    press(qtbot, made, "Duplicar")
    press(qtbot, made, "Borrar")
    scale = made.lienzo.escala
    press(qtbot, made, "Acercar")
    press(qtbot, made, "Alejar")
    assert made.lienzo.escala == pytest.approx(scale)
    made.edicion.elegir(0)
    made.panel.campos["lineas"].setValue(2)
    made.panel.campos["identificador"].setChecked(False)
    made.panel.campos["alineacion"].setCurrentIndex(2)
    made.panel.campos["alineacion"].activated.emit(2)
    text = made.edicion.campo
    assert isinstance(text, Texto)
    assert (text.lineas, text.identificador, text.alineacion) == (2, False, "derecha")
    corner = made.lienzo.rect_mm(0)
    drag(qtbot, made, (corner[0] + corner[2], corner[1] + corner[3]), (-10, 0))
    assert made.edicion.plantilla.campos[0].ancho_mm == pytest.approx(46, abs=0.6)  # type: ignore[union-attr]
    made.cabecera.ancho.setValue(80)
    assert made.edicion.plantilla.ancho_mm == 80
    close(made)


def test_values_files_and_unsaved_changes(qtbot: QtBot, app: App, page: Plantillas, tmp_path: Path) -> None:
    made = open_(qtbot, page, "Orden 60")
    press(qtbot, made, "Texto largo")
    settle(qtbot, made)
    assert "…".encode() in made.revision.zpl  # type: ignore[union-attr]
    made.prueba.tabla.item(2, 1).setText("Ñandú Ñuñoa")  # type: ignore[union-attr]
    settle(qtbot, made)
    assert "Ñandú Ñuñoa".encode() in made.revision.zpl  # type: ignore[union-attr]
    made.prueba.folio.setText("Z9-999999")
    qtbot.keyClick(made.prueba.folio, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no tiene datos" in made.aviso.text(), timeout=WAIT_MS)
    press(qtbot, made, "De ejemplo")
    (tmp_path / "mala.json").write_text('{"formato": 1}', encoding="utf-8")
    made.import_(tmp_path / "mala.json")
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    assert "no es válida" in box.text()
    box.close()
    other = shipped()[0]
    (tmp_path / "otra.json").write_text(escribir(other), encoding="utf-8")
    made.import_(tmp_path / "otra.json")
    assert leer(escribir(made.edicion.plantilla)) == other
    made.close()
    assert made.isVisible()
    question = QApplication.activeModalWidget()
    assert isinstance(question, QMessageBox)
    next(b for b in question.buttons() if b.text() == "Cerrar sin guardar").click()
    qtbot.waitUntil(lambda: not page.window().findChildren(Disenador), timeout=WAIT_MS)
    with app.station.replica.reading() as connection:
        assert [item for item in disponibles(connection) if item.propia] == []
        assert trabajos(connection) == []
        assert queries.ordenes(connection, "", limit=1) == []
