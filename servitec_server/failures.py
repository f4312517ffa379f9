"""Every failure as {error, mensaje, hint}, with the status that says who has to do something about it."""

import errno
import logging
import sqlite3
from dataclasses import dataclass
from typing import Any

import psycopg
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from domain.base import causes
from domain.base.causes import Cause
from domain.base.errors import KnownError, Rejection
from domain.wire import SyncError
from servitec_server.batch import ClonedStation
from servitec_server.central import Central
from servitec_server.errors import AuthError
from servitec_server.handler import Refusal
from servitec_server.store import Crowded

log = logging.getLogger(__name__)

STATUS = {
    "permiso": 403,
    "no_existe": 404,
    "duplicado": 409,
    "transicion": 409,
    "ya_hecho": 409,
    "modificado": 409,
    "borrado": 409,
    "en_uso": 409,
    "version": 412,
}
"""HTTP status of a Rejection by its motivo; 422 for the rest."""

HTTP_TOLD = {404: "No existe esta dirección.", 405: "Esta dirección no admite ese método."}
"""What the framework itself refuses."""


NOT_ADMITTED = "no se admite ese valor"
WRONG = {
    "missing": "falta",
    "extra_forbidden": "no se conoce ese campo",
    "string_too_long": "admite {max_length} caracteres",
    "string_too_short": "lleva al menos {min_length} caracteres",
    "string_pattern_mismatch": "no tiene la forma debida",
    "too_long": "admite {max_length} valores",
    "greater_than_equal": "admite desde {ge}",
    "less_than_equal": "admite hasta {le}",
    "less_than": "admite menos de {lt}",
    "literal_error": "admite {expected}",
    "json_invalid": "no es JSON válido",
    "value_error": "{error}",
}
"""What is wrong with a value, by pydantic's name of it."""
WRONG_KINDS = {
    "string": "tiene que ser un texto",
    "int": "tiene que ser un número entero",
    "bool": "tiene que ser verdadero o falso",
    "list": "tiene que ser una lista",
    "model": "tiene que ser un objeto",
    "dict": "tiene que ser un objeto",
}
"""The same by how that name begins."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Why the database can't be used now; `retry_s`: when it is worth another try."""

    cause: Cause
    retry_s: int

    def reply(self) -> JSONResponse:
        """503, so that whoever asked tries again."""
        return JSONResponse(told(self.cause), 503, {"Retry-After": str(self.retry_s)})


FULL = Outage(causes.SERVIDOR_LLENO, 60)
BUSY = Outage(causes.SERVIDOR_OCUPADO, 3)
DOWN = Outage(causes.SERVIDOR_SIN_BASE, 10)
READ_ONLY = Outage(causes.SERVIDOR_SOLO_LECTURA, 60)
DISK = Outage(causes.SERVIDOR_DISCO, 60)

SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: DISK,
    sqlite3.SQLITE_IOERR: DISK,
    sqlite3.SQLITE_CORRUPT: DISK,
    sqlite3.SQLITE_NOTADB: DISK,
}
"""By primary result code."""

POSTGRESQL = {
    "53100": FULL,
    "53200": BUSY,
    "53300": BUSY,
    "53400": BUSY,
    "40001": BUSY,
    "40P01": BUSY,
    "55P03": BUSY,
    "57014": BUSY,
    "25P03": BUSY,
    "25006": READ_ONLY,
    "58030": DISK,
    "XX001": DISK,
    "XX002": DISK,
}
"""By SQLSTATE; the classes 08 and 57P are connections that were refused or ended."""


def outage(error: BaseException) -> Outage | None:
    """Why the database can't be used now; None: it isn't that, but a bug or a bad value."""
    if isinstance(error, PoolTimeout | Crowded):
        return BUSY
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FULL
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    state = error.orig.sqlstate if isinstance(error.orig, psycopg.Error) else None
    if state is None:
        return DOWN if isinstance(error, OperationalError | InterfaceError) else None
    return DOWN if state[:2] == "08" or state[:3] == "57P" else POSTGRESQL.get(state)


def failure(error: str, mensaje: str, hint: str = "") -> dict[str, str]:
    """The body of every refusal."""
    return SyncError(error=error, mensaje=mensaje).model_dump(exclude_none=True) | ({"hint": hint} if hint else {})


def told(cause: Cause) -> dict[str, str]:
    """The body of a cause of the list."""
    return failure(cause.code, cause.what, cause.todo)


def reply_to(error: Exception, central: Central) -> JSONResponse:
    """What an exception is told as; one that nobody foresaw is a bug, logged with its trace."""
    if isinstance(error, KnownError) and not isinstance(error, Crowded):
        return _known(error, central)
    if isinstance(error, RequestValidationError | ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return JSONResponse(failure("campo", f"La petición no es válida en «{where}»: {_wrong(first)}."), 422)
    if isinstance(error, HTTPException):
        words = HTTP_TOLD.get(error.status_code, "La petición no se puede atender.")
        return JSONResponse(failure("peticion", words), error.status_code, error.headers)
    if isinstance(error, DataError):
        return JSONResponse(failure("campo", "La base de datos central no admite un valor de la petición."), 422)
    why = outage(error)
    if why is not None:
        met = error.orig if isinstance(error, DBAPIError) else error
        log.error("%s: %s", why.cause.code, str(met).strip())
        return why.reply()
    log.error("unforeseen", exc_info=error)
    return JSONResponse(told(causes.BUG_OF_SERVER), 500)


def _wrong(found: Any) -> str:
    """What pydantic has against a value, in Spanish."""
    kind: str = found["type"]
    words = WRONG.get(kind) or next((w for start, w in WRONG_KINDS.items() if kind.startswith(start)), NOT_ADMITTED)
    return words.format_map(found.get("ctx", {})).replace("' or '", "' o '")


def _known(error: KnownError, central: Central) -> JSONResponse:
    """What was foreseen and is told in its own words."""
    if isinstance(error, Rejection):
        body = failure(error.motivo, error.message, error.hint)
        return JSONResponse(body, STATUS.get(error.motivo, 422))
    if isinstance(error, AuthError):
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        if error.retry_s is not None:
            headers["Retry-After"] = str(error.retry_s)
        body = failure(error.error, error.message, error.hint) | {"server_id": central.identity.server_id}
        return JSONResponse(body, error.status, headers)
    if isinstance(error, Refusal):
        here = {"server_id": central.identity.server_id, "epoch": central.epoch()}
        return JSONResponse(failure(error.error, error.message) | here, error.status)
    if isinstance(error, ClonedStation):
        return JSONResponse(failure("clonada", error.message, error.hint), 409)
    return JSONResponse(failure("error", error.message, error.hint), 422)
