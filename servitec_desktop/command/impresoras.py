"""`servitec printers`, `servitec print`, `servitec queue`."""

import argparse
import json
import sys
import time
from dataclasses import asdict, replace

from sqlalchemy import Connection, text

from domain.base.errors import KnownError
from domain.model import TABLES
from local_db.ordenes import queries
from local_db.replica import Replica
from printing import discovery, etiquetas, permiso, printers
from printing.etiquetas import Eleccion
from printing.labels.registry import kind_of
from printing.printers import Impresora
from printing.queue import PrintQueue
from printing.trabajos import Filtro, Trabajo, trabajo, trabajos
from printing.transports import check_destination
from servitec_desktop.command.commands import open_replica
from servitec_desktop.context import Context
from storage.causes import cause

PATIENCE_S = 30.0
"""So long a job may be without its printer printing; then the command gives it up."""
LAST_LABEL_S = 30.0
SEARCH_S = 4.0


def printers_(context: Context, options: argparse.Namespace) -> int:
    """The saved printers; with --discover also those that are found now."""
    with open_replica(context, write=False) as replica, replica.reading() as connection:
        saved = printers.impresoras(connection)
        kinds = printers.por_tipo(connection)
    notes: list[str] = []
    found = discovery.buscar(SEARCH_S, note=notes.append) if options.discover else []
    for words in notes:
        print(f"servitec: {words}", file=sys.stderr)
    takes = {i.id: [tipo for tipo, p in kinds.items() if p.impresora_id == i.id] for i in saved}
    if options.json:
        value = [{**asdict(i), "tipos": takes[i.id]} for i in saved]
        print(json.dumps({"guardadas": value, "encontradas": [asdict(e) for e in found]}, ensure_ascii=False))
        return 0
    for i in saved:
        paper = f"{i.ancho_mm:g}x{i.alto_mm:g} mm {i.dpi} ppp"
        more = [*(["exclusiva"] if i.exclusiva else []), *takes[i.id]]
        print("  ".join((i.nombre, i.destino, i.modelo or "-", paper, ", ".join(more))).rstrip())
    known = {i.destino for i in saved}
    for e in found:
        note = "ya guardada" if e.destino in known else ""
        print("  ".join(w for w in ("encontrada:", e.destino, e.modelo, e.nombre, e.serie, note) if w))
    if not saved and not found:
        print("No hay impresoras guardadas." + ("" if options.discover else " Búsquelas con --discover."))
    return 0


def print_(context: Context, options: argparse.Namespace) -> int:
    """Print labels of a record, or write their ZPL; 3 when nobody knows whether they came out."""
    if options.out is not None:
        with open_replica(context, write=False) as replica, replica.reading() as connection:
            chosen = _chosen(context, connection, options, needs_printer=False)
            key = record_id(connection, options.que, options.clave)
            permiso.exigir(connection, kind_of(options.que).tabla, key)
            made = etiquetas.hacer(connection, options.que, key, chosen)
        try:
            options.out.write_bytes(b"".join(e.datos for e in made))
        except OSError as error:
            raise KnownError(f"No se puede escribir {options.out}: {cause(error)}.", "Elija otro lugar.") from error
        return 0
    with open_replica(context, write=True) as replica:
        with replica.reading() as connection:
            chosen = _chosen(context, connection, options, needs_printer=True)
            key = record_id(connection, options.que, options.clave)
            permiso.exigir(connection, kind_of(options.que).tabla, key)
            wanted = etiquetas.pedidos(connection, options.que, key, chosen, copias=options.copias)
        if not wanted:
            raise KnownError("No hay nada que imprimir.", "Esa orden no tiene accesorios.")
        queue = PrintQueue(replica)
        with replica.writing() as writing:
            jobs = [queue.enqueue_en(writing, pedido) for pedido in wanted]
        return _send(queue, jobs)


def queue(context: Context, options: argparse.Namespace) -> int:
    """The print jobs; or the answer to «¿Salió la etiqueta?»; or one given up."""
    if options.salieron is not None and not options.no:
        raise KnownError("--salieron va con --no.")
    if options.cancel:
        with open_replica(context, write=True) as replica:
            return _cancel(replica, options.cancel)
    if options.si or options.no:
        with open_replica(context, write=True) as replica:
            return _answer(replica, options.si or options.no, salio=options.si is not None, salidas=options.salieron)
    with open_replica(context, write=False) as replica, replica.reading() as connection:
        found = trabajos(connection, Filtro(estados=(options.estado,) if options.estado else ()), options.limit)
    if options.json:
        print(json.dumps([asdict(t) for t in found], ensure_ascii=False))
        return 0
    for t in found:
        copies = f"{t.salidas} de {t.copias}" if t.copias > 1 else ""
        print("  ".join(w for w in (t.id, t.estado, t.titulo, copies, t.impresora or t.destino, t.error or "") if w))
    return 0


def _find(replica: Replica, job_id: str) -> Trabajo:
    with replica.reading() as connection:
        found = trabajo(connection, job_id)
    if found is None:
        raise KnownError(f"No hay ningún trabajo {job_id}.", "Véalos con «servitec queue».")
    return found


def _cancel(replica: Replica, job_id: str) -> int:
    found = _find(replica, job_id)
    if found.estado in ("impreso", "fallido"):
        raise KnownError(f"«{found.titulo}» ya no se puede cancelar: está «{found.estado}».")
    jobs = PrintQueue(replica)
    jobs.cancelar(job_id)
    found = _find(replica, job_id)
    if found.estado == "enviando":  # what was on its way when a program ended
        _send(jobs, [job_id])
        found = _find(replica, job_id)
    print(f"{found.titulo}: {found.error or found.estado}")
    return 0 if found.estado == "fallido" else 3


def _answer(replica: Replica, job_id: str, *, salio: bool, salidas: int | None) -> int:
    found = _find(replica, job_id)
    if found.estado != "incierto":
        raise KnownError(f"Sobre «{found.titulo}» no hay nada que responder: está «{found.estado}».")
    jobs = PrintQueue(replica)
    jobs.responder_incierto(job_id, salio, salidas)
    now = _find(replica, job_id)
    if now.estado == "impreso":
        print(f"{found.titulo}: anotada como impresa.")
        return 0
    if now.estado == "fallido":
        print(f"{found.titulo}: {now.error}")
        return 0
    return _send(jobs, [job_id])


def _send(queue: PrintQueue, jobs: list[str]) -> int:
    """Let the queue work until these jobs ended; says how. What doesn't go out is given up: nothing of a command that
    failed is printed later by surprise.
    """
    try:
        queue.start()
        ended = [_follow(queue, job) for job in jobs]
    except KeyboardInterrupt:
        ended = [_give_up(queue, job) for job in jobs]
    finally:
        queue.close()
    for done in ended:
        _tell(done)
    states = {done.estado for done in ended}
    return 0 if states == {"impreso"} else 3 if states <= {"impreso", "incierto"} else 1


def _follow(queue: PrintQueue, job: str) -> Trabajo:
    """Wait as long as its printer prints, however many copies; else not for ever."""
    moved, out = time.monotonic(), -1
    while (now := queue.wait(job, 0.5)).estado in ("en_cola", "enviando"):
        printer = queue.lanes.estados().get(now.destino)
        goes_on = printer is not None and printer.lista and printer.trabajo_id is not None
        if goes_on or now.salidas != out:
            moved, out = time.monotonic(), now.salidas
        elif time.monotonic() - moved > PATIENCE_S:
            return _give_up(queue, job)
    return now


def _give_up(queue: PrintQueue, job: str) -> Trabajo:
    """Cancel it; what is the matter with its printer is said with it. Nothing goes on by itself after that."""
    before = queue.wait(job, 0)
    printer = queue.lanes.estados().get(before.destino)
    queue.cancelar(job)
    ended = queue.wait(job, LAST_LABEL_S)
    if before.estado == "fallido" or ended.estado != "fallido":
        return ended
    why = f"{printer.palabras.rstrip('.')}. " if printer is not None and printer.problemas else ""
    return replace(ended, error=f"{why}{ended.error} Revise la impresora e imprima de nuevo.")


def _tell(done: Trabajo) -> None:
    if done.estado == "impreso":
        print(f"{done.titulo}: impresa.")
    else:
        why = done.error or "la impresora no terminó a tiempo"
        print(f"servitec: {done.titulo} ({done.id}) quedó «{done.estado}»: {why}", file=sys.stderr)


def _chosen(context: Context, connection: Connection, options: argparse.Namespace, *, needs_printer: bool) -> Eleccion:
    """A saved printer by name or by its address; another address with the paper of config.json."""
    paper, where = context.config.impresion, options.printer
    plantilla = options.plantilla
    if where is not None and "://" in where:
        check_destination(where)
        saved = next((i for i in printers.impresoras(connection) if i.destino == where), None)
        loose = Impresora("", "", where, paper.dpi, paper.ancho_mm, paper.alto_mm)
        return Eleccion(saved or loose, plantilla)
    try:
        found = etiquetas.a_pedido(connection, options.que, where)
    except KnownError:
        if where is not None or (needs_printer and paper.impresora is None):
            raise
        destino = paper.impresora or "file:///"
        return Eleccion(Impresora("", "", destino, paper.dpi, paper.ancho_mm, paper.alto_mm), plantilla)
    return Eleccion(found.impresora, plantilla or found.plantilla)


def record_id(connection: Connection, tipo: str, key: str) -> str:
    """The record that a person names: an order by its folio, the others by their code or their id.

    Raises:
        KnownError: there is none, or several.
    """
    kind = kind_of(tipo)
    tabla = kind.tabla
    if tabla == "orden":
        row = queries.orden_por_folio(connection, key)
        if row is None:
            raise KnownError(f"No hay ninguna orden {key} en esta estación.", "Sincronice, o revise el folio.")
        return str(row["id"])
    same = " OR ".join(f"{column} = :key" for column in ("id", *kind.claves))
    living = " AND borrado_en IS NULL" if "borrado_en" in TABLES[tabla].by_name else ""
    sql = f"SELECT id FROM {tabla} WHERE ({same}){living} LIMIT 2"  # noqa: S608
    found = [str(row[0]) for row in connection.execute(text(sql), {"key": key})]
    if len(found) != 1:
        many = f"Hay varios registros «{key}»." if found else f"No hay nada «{key}» en {tabla}."
        raise KnownError(many, f"Se busca por id, {', '.join(kind.claves)}.")
    return found[0]
