"""Every cause of the list as the error that a station meets, however it meets it."""

import httpx

from domain.base import causes
from domain.base.causes import CAUSES, Cause
from domain.base.errors import KnownError
from local_db.failures import Damaged, DiskTrouble
from printing.errors import PrinterNotReady
from servitec_server import failures
from sync.errors import OtherServer, SchemaRefused, ServerFailing, ServerUnreachable, SignInNeeded, StationRefused
from sync.transport import _failure

PLACES = {
    **{"path": "/datos/replica-1.db", "name": "replica-1.db", "reason": "falta el permiso", "problem": "página 7"},
    **{"url": "https://taller.example", "status": 500, "names": "ana o jefa", "days": 30, "needed": 40, "there": 3},
    **{"left": 2, "handed": 4, "why": "El usuario o la clave no son correctos."},
    **{"rol": "consulta", "who": "el escritorio (proceso 7)", "todo": "Agregue su usuario al grupo «lp»."},
}
OUTAGES = (failures.FULL, failures.BUSY, failures.DOWN, failures.READ_ONLY, failures.DISK)
OF_THE_SERVER = {outage.cause.code: outage for outage in OUTAGES}
UNREACHED = (causes.SIN_CONEXION, causes.DESCARGA_CORTADA)
FAILING = (
    *(causes.DESCARGA_DANADA, causes.RESPUESTA_DANADA, causes.RESPUESTA_ENORME),
    *(causes.SERVIDOR_FALLA, causes.SIN_BASE_LISTA),
)
REFUSED = (
    *(causes.NO_ES_ESTACION, causes.ESTACION_REVOCADA, causes.REVOCADA_POR_ENTREGAR, causes.REVOCADA_ENTREGADA),
    *(causes.REVOCADA_BORRADA, causes.CREDENCIAL_DE_ANTES),
)


def met(cause: Cause) -> KnownError:
    """The error that a station meets: one of the server's comes from a reply of the server."""
    if cause.code in OF_THE_SERVER:
        reply = OF_THE_SERVER[cause.code].reply()
        found = _failure(httpx.Response(reply.status_code, content=bytes(reply.body)))
        assert isinstance(found, KnownError)
        return found
    if cause is causes.OTRO_SERVIDOR:
        return OtherServer()
    return _kind(cause).of(cause, **PLACES)


def _kind(cause: Cause) -> type[KnownError]:
    if cause is causes.DANADA:
        return Damaged
    if cause.code.startswith("equipo_"):
        return DiskTrouble
    if cause in OF_A_BASE:
        return KnownError
    if cause.code.startswith("impresora_") or cause in (causes.SIN_LIBUSB, causes.CARPETA_DE_ETIQUETAS):
        return PrinterNotReady
    kinds = ((UNREACHED, ServerUnreachable), (FAILING, ServerFailing), (REFUSED, StationRefused))
    found: type[KnownError] = SchemaRefused if cause is causes.OTRA_VERSION else SignInNeeded
    return next((kind for those, kind in kinds if cause in those), found)


OF_A_BASE = (
    *(causes.BASE_INCOMPLETA, causes.BASE_AJENA, causes.BASE_VIEJA, causes.SERVIDOR_ATRAS, causes.VALOR_IMPOSIBLE),
)
ERRORS = [met(cause) for cause in CAUSES.values()]
