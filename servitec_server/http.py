"""The HTTP application: its health, live, and what the routers of other modules answer."""

import asyncio
import contextlib
import itertools
import logging
import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import anyio
from fastapi import FastAPI, Request, WebSocket, WebSocketDisconnect
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from domain.base.errors import KnownError
from domain.scope import scope_of
from servitec_server import accounts, admin, sync_routes, upkeep
from servitec_server.auth import Auth
from servitec_server.central import Central
from servitec_server.chunks import Chunks
from servitec_server.deps import STATION_HEADER
from servitec_server.errors import AuthError
from servitec_server.failures import DOWN, FULL, reply_to
from servitec_server.gate import Gate
from servitec_server.handler import VERSION, SyncHandler
from servitec_server.limits import Limits
from servitec_server.live import REVOKED, SIGN_IN_AGAIN, Hub, Listener, Relay
from servitec_server.recount import recount
from servitec_server.routes import ROUTERS
from servitec_server.stations import REVOKED as REVOKED_STATION

log = logging.getLogger(__name__)

DAY_S = 86_400
SWEEP_S = 30
SALUD_S = 2.0
TRY_LATER = 1013
"""Close code: the database can't be used now."""
RECOUNT_DAYS = 7
MIN_FREE = 10_000_000
"""Bytes of disk below which a server on SQLite isn't well."""


def create_app(central: Central) -> FastAPI:
    """The application on an open database."""
    salud_threads = anyio.CapacityLimiter(4)
    url = os.environ.get("SERVITEC_REDIS_URL")
    limits = Limits(url, central.identity.server_id)
    auth, handler = Auth(central, limits), SyncHandler(central)
    hub = Hub(Chunks(central, handler))
    relay = Relay(url, central.identity.server_id, hub.spread) if url else None
    central.listeners.append(relay.publish if relay else hub.publish)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_daily(central)), asyncio.create_task(_sweep(central, auth, hub))]
        yield
        for task in tasks:
            task.cancel()
        limits.close()
        if relay is not None:
            relay.close()

    app = FastAPI(title="Servitec", version=VERSION, description="API central de Servitec.", lifespan=lifespan)
    app.state.auth, app.state.central, app.state.door, app.state.handler = auth, central, accounts.Door(), handler
    app.include_router(accounts.router)
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(admin.router)
    app.include_router(sync_routes.router)
    app.add_middleware(Gate, auth=auth, central=central)
    _failures(app, central)

    @app.get("/salud", tags=["servidor"])
    async def salud() -> JSONResponse:
        """Can the server work, and which database is it? Never waits behind other requests."""
        try:
            with anyio.fail_after(SALUD_S):
                head = await anyio.to_thread.run_sync(handler.head, abandon_on_cancel=True, limiter=salud_threads)
        except TimeoutError:
            return DOWN.reply()
        if central.store.is_sqlite and shutil.disk_usage(central.data_dir).free < MIN_FREE:
            return FULL.reply()
        return JSONResponse({"estado": "ok", **head, "server_time": central.ambient.instant()})

    @app.websocket("/ws")
    async def live(socket: WebSocket) -> None:
        """Announcements by role and scope."""
        await _live(socket, auth, hub)

    return app


async def _daily(central: Central) -> None:
    """Forget the old end of the feed, at the start and once a day, and once a week add up anew what is added up; what
    can't be done now is done then.
    """
    for day in itertools.count(1):
        try:
            await asyncio.to_thread(upkeep.collect, central)
            if day % RECOUNT_DAYS == 0:
                await asyncio.to_thread(recount, central)
        except (SQLAlchemyError, KnownError, OSError):
            log.exception("upkeep")
        await asyncio.sleep(DAY_S)


async def _live(socket: WebSocket, auth: Auth, hub: Hub) -> None:
    token = socket.headers.get("authorization", "").partition(" ")[2]
    header = socket.headers.get(STATION_HEADER.lower())

    def who() -> Listener:
        actor, familia = auth.caller(token)
        return Listener(scope_of(actor), familia, auth.station(header).id if header else None)

    try:
        listener = await asyncio.to_thread(who)
    except AuthError as error:
        await socket.close(code=REVOKED if error.status == 403 else SIGN_IN_AGAIN, reason=error.error)
        return
    except SQLAlchemyError as error:
        log.error("live: %s", error)
        await socket.close(code=TRY_LATER)
        return
    await socket.accept()
    hub.join(listener)
    try:
        await asyncio.to_thread(who)  # a session, or a station, that ended before it could be told
        async with _reading(socket):
            while isinstance(message := await listener.queue.get(), str):
                await socket.send_text(message)
            await socket.close(code=message)
    except AuthError as error:
        await socket.close(code=REVOKED if error.status == 403 else SIGN_IN_AGAIN)
    except (WebSocketDisconnect, RuntimeError):
        return
    finally:
        hub.leave(listener)


async def _sweep(central: Central, auth: Auth, hub: Hub) -> None:
    """End the sockets of sessions and stations that another process ended, and that Redis told nobody of; and write
    the marks that the disk refused.
    """
    while True:
        await asyncio.sleep(SWEEP_S)
        try:
            await asyncio.to_thread(central.mirror_again)
            ended = await asyncio.to_thread(auth.ended, hub.families())
            gone = await asyncio.to_thread(auth.stations.gone, hub.stations())
        except SQLAlchemyError:
            log.exception("sessions")
        else:
            items: list[dict[str, Any]] = [{"tabla": "sesion", "row": {"familia": familia}} for familia in ended]
            items += [{"tabla": "estacion", "row": {"id": key, "estado": REVOKED_STATION}} for key in gone]
            await asyncio.to_thread(hub.spread, items)


@contextlib.asynccontextmanager
async def _reading(socket: WebSocket) -> AsyncIterator[None]:
    """Read the socket meanwhile, which notices its end; the writer is cancelled then."""
    writer = asyncio.current_task()

    async def read() -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while (await socket.receive())["type"] != "websocket.disconnect":
                pass
        if writer is not None:
            writer.cancel()

    reader = asyncio.create_task(read())
    try:
        yield
    except asyncio.CancelledError:
        if not reader.done():
            raise
    finally:
        reader.cancel()


def _failures(app: FastAPI, central: Central) -> None:
    """Every failure as {error, mensaje, hint}; what is not named here reaches the gate."""

    def told(_: Request, error: Exception) -> JSONResponse:
        return reply_to(error, central)

    for kind in (KnownError, SQLAlchemyError, ValidationError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, told)
