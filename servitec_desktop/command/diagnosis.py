"""`servitec doctor`: what to look at when something is wrong, and what to do."""

import argparse
import shutil
import sqlite3
import sys
from dataclasses import dataclass

from domain.base.ambient import from_instant, system_clock
from domain.base.errors import KnownError
from domain.upgrade import SCHEMA
from local_db import open_items, rows, state
from local_db.perdidas import filas_perdidas
from local_db.replica import Replica
from servitec_desktop import palabras
from servitec_desktop.context import Context
from sync import llaves
from sync.transport import HttpTransport

FREE_MB = 500
CLOCK_S = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `todo` is empty when it is well."""

    what: str
    found: str
    todo: str = ""


def examine(context: Context) -> list[Finding]:
    """Look at database, disk, server, clock, keyring and versions."""
    findings = [Finding("Python y SQLite", f"{sys.version.split()[0]}, {sqlite3.sqlite_version}")]
    folder = next(p for p in (context.data_dir, *context.data_dir.parents) if p.exists())
    free = shutil.disk_usage(folder).free // 1_000_000
    findings.append(Finding("Disco", f"{free} MB libres", "Libere espacio en el disco." if free < FREE_MB else ""))
    note = context.store().note
    findings.append(Finding("Llavero", note or "disponible"))
    try:
        replica = Replica.open(context.data_dir, write=False)
    except KnownError as error:
        return [*findings, Finding("Base de datos", error.message, error.hint)]
    try:
        findings += _database(replica)
        with replica.reading() as connection:
            known = state.read(connection)
        findings += _credential(context, known)
        findings += _server(context, known)
    except KnownError as error:
        findings.append(Finding("Base de datos", error.message, error.hint))
    finally:
        replica.close()
    return findings


def _database(replica: Replica) -> list[Finding]:
    with replica.reading() as connection:
        result = str(rows.raw(connection).execute("PRAGMA quick_check(1)").fetchone()[0])
        open_, known = open_items.resumen(connection), state.read(connection)
        waiting = open_items.pendientes(connection) if open_.waiting else []
    whole = Finding("Base de datos", result, "" if result == "ok" else "No la borre; avise a soporte.")
    text = palabras.abierto(open_)
    todo = " ".join(
        what
        for count, what in (
            (open_.rejected, "Corrija, reenvíe o descarte los rechazados («servitec list rechazos»)."),
            (open_.conflicts, "Elija un valor de cada conflicto («servitec list conflictos»)."),
        )
        if count
    )
    todo += " Se hace en la pantalla Sincronización." if todo else ""
    findings = [whole, Finding("Cambios", text, todo)]
    if open_.waiting:
        reason = next((f.espera for f in waiting if f.espera), "")
        text = f"{open_.waiting} cambios esperan a otro que el servidor no tiene. El primero: {reason}"
        findings.append(
            Finding("En espera", text, "Véalos en la pantalla Sincronización: se pueden copiar, confirmar o descartar.")
        )
    if open_.damaged:
        text = f"{open_.damaged} cambios o avisos de datos que no se pudieron leer"
        findings.append(Finding("Daños", text, "Véalos en la pantalla Sincronización, pestaña Rechazados."))
    if known.reenrol is not None:
        findings.append(Finding("Inscripción", f"hay que repetirla ({known.reenrol})", "Use «servitec enroll»."))
    lost = len(filas_perdidas(replica))
    if lost:
        text = f"{lost} registros de antes de una restauración que nadie devolvió"
        findings.append(Finding("Historia perdida", text, "Véalos en la pantalla Sincronización."))
    if not (replica.data_dir / "reserva").exists():
        findings.append(Finding("Reserva de disco", "no hay", "Libere espacio y abra el programa de nuevo."))
    return findings


def _credential(context: Context, known: state.State) -> list[Finding]:
    """Has this station what it needs to speak with its server?"""
    if known.estacion_id is None:
        return []
    try:
        there = context.store().load().credencial is not None
    except KnownError as error:
        return [Finding("Credencial", error.message, error.hint)]
    if there:
        return [Finding("Credencial", "disponible")]
    names = llaves.people(context.data_dir)
    if names:
        text = f"sellada con la clave de {', '.join(names)}: sin llavero, cada programa la abre al iniciar sesión"
        return [Finding("Credencial", text, "Inicie sesión; sin eso esta estación no sincroniza.")]
    text = "esta estación la perdió y no puede sincronizar; lo que no se envió sigue guardado"
    return [Finding("Credencial", text, "Inscríbala de nuevo con «servitec enroll»: conserva lo no enviado.")]


def _server(context: Context, known: state.State) -> list[Finding]:
    if known.server_url is None:
        return [Finding("Servidor", "esta carpeta no es una estación", "Inscríbala con «servitec enroll».")]
    transport = HttpTransport(known.server_url, context.store(), context.config.api_server.timeout)
    try:
        health = transport.health()
        apart = abs((from_instant(str(health["server_time"])) - system_clock()).total_seconds())
    except (KnownError, KeyError, ValueError) as error:
        return [Finding("Servidor", str(error), "Revise la red y que el servidor esté en marcha.")]
    finally:
        transport.close()
    if known.server_id not in (None, health.get("server_id")):
        text = f"en {known.server_url} responde otro servidor, que no es el de esta estación"
        return [Finding("Servidor", text, "Revise la dirección. Nada se le envía ni se recibe de él.")]
    schema = int(health.get("schema", 0))
    behind = "" if schema in (SCHEMA, SCHEMA + 1) else "Actualice este programa, o el servidor, a la misma versión."
    clock = f"{apart:.0f} s de diferencia con el servidor"
    return [
        Finding("Servidor", f"{known.server_url} responde"),
        Finding("Versiones", f"servidor {health.get('server_version')}, esquema {schema}; aquí {SCHEMA}", behind),
        Finding("Reloj", clock, "Ajuste el reloj del equipo." if apart > CLOCK_S else ""),
    ]


def doctor(context: Context, _: argparse.Namespace) -> int:
    """Print every finding; 1 when something needs doing."""
    findings = examine(context)
    for finding in findings:
        print(f"{'mal' if finding.todo else 'bien':4}  {finding.what}: {finding.found}")
        if finding.todo:
            print(f"      -> {finding.todo}")
    return 1 if any(finding.todo for finding in findings) else 0
