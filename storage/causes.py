"""What the system and SQLite give as the reason of a failure, in the words of the people who read it."""

import errno
import sqlite3

_SYSTEM = {
    errno.ENOENT: "no existe ese archivo o su carpeta",
    errno.EACCES: "falta el permiso",
    errno.EPERM: "falta el permiso",
    errno.EEXIST: "ya existe",
    errno.EISDIR: "es una carpeta, no un archivo",
    errno.ENOTDIR: "una parte de la ruta no es una carpeta",
    errno.ENAMETOOLONG: "el nombre es demasiado largo",
    errno.EROFS: "ese disco es sólo para leer",
    errno.ENOSPC: "el disco está lleno",
    errno.EDQUOT: "el disco está lleno",
    errno.EFBIG: "el archivo es demasiado grande para ese disco",
    errno.EIO: "el disco falló",
    errno.EMFILE: "hay demasiados archivos abiertos",
    errno.EADDRINUSE: "otro programa ya usa ese puerto",
    errno.EADDRNOTAVAIL: "este equipo no tiene esa dirección",
}
_SQLITE = {
    sqlite3.SQLITE_CANTOPEN: "no se puede abrir: no existe, o falta el permiso",
    sqlite3.SQLITE_NOTADB: "no es una base de datos",
    sqlite3.SQLITE_CORRUPT: "está dañada",
    sqlite3.SQLITE_FULL: "el disco está lleno",
    sqlite3.SQLITE_READONLY: "sólo se puede leer",
    sqlite3.SQLITE_PERM: "falta el permiso",
    sqlite3.SQLITE_BUSY: "otro programa la tiene ocupada",
    sqlite3.SQLITE_LOCKED: "otro programa la tiene ocupada",
    sqlite3.SQLITE_IOERR: "el disco falló",
}


def cause(error: BaseException) -> str:
    """Why, as the middle of a sentence; what nobody translated is quoted."""
    known = None
    if isinstance(error, OSError):
        known = _SYSTEM.get(error.errno or 0)
    elif isinstance(error, sqlite3.Error):
        known = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    said = (getattr(error, "strerror", None) or str(error)).partition("\n")[0].rstrip(".")
    return known or f"el sistema dice «{said}»"
