"""A push from its bytes: what isn't a Cambio stands in its place with what is wrong with it."""

import hashlib
import re
from typing import Any

import orjson
from pydantic import ValidationError

from domain.wire import KEY, MAX_BYTES, MAX_OPS, Cambio, Problem, PushRequest, canonical, hashed_bytes


def read_push(body: bytes) -> PushRequest:
    """A push from its bytes, each Cambio with the fingerprint of what really came.

    A Cambio that isn't one stands in its place with its `problem`: it costs only itself.

    Raises:
        pydantic.ValidationError, ValueError: it isn't a push.
    """
    source = orjson.loads(body)
    if not isinstance(source, dict) or not isinstance(source.get("cambios"), list):
        return PushRequest.model_validate(source)
    request = PushRequest.model_validate({**source, "cambios": []})
    request.cambios = [read_cambio(content) for content in source["cambios"]]
    return request


def read_cambio(content: Any) -> Cambio:
    """One Cambio, or what can be read of it and its `problem`."""
    if not isinstance(content, dict):
        return _unread({}, "forma", "No es un cambio.", b"")
    try:
        hashed = hashed_bytes(content)
    except TypeError:
        return _unread(content, "forma", "El cambio tiene demasiados niveles, o un número demasiado grande.", b"")
    if len(hashed) > MAX_BYTES:
        return _unread(content, "tamano", f"El cambio pasa de {MAX_BYTES} bytes.", b"")
    try:
        item = Cambio.model_validate(content)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        return _unread(content, "forma", f"El cambio no es válido en «{where[:200]}».", hashed)
    if len(item.ops) > MAX_OPS:
        return _unread(content, "tamano", f"El cambio pasa de {MAX_OPS} operaciones.", hashed)
    item.received = hashlib.sha256(hashed).hexdigest()
    return item


def _unread(content: dict[str, Any], motivo: str, mensaje: str, hashed: bytes) -> Cambio:
    key, n, huella = (content.get(name) for name in ("id", "n", "huella"))
    good = isinstance(key, str) and re.fullmatch(KEY, key) is not None
    number = n if isinstance(n, int) and not isinstance(n, bool) and 1 <= n < 2**63 else 0
    known = huella if isinstance(huella, str) and re.fullmatch("[0-9a-f]{64}", huella) else ""
    told: dict[str, Any] = {"id": key if good else "", "n": number, "ops": [], "contenido": hashed.decode()}
    values: dict[str, Any] = {"id": told["id"], "n": number, "usuario_id": "", "schema_": 1, "huella": known, "ops": []}
    item = Cambio.model_construct(**values)
    item.problem = Problem(motivo, mensaje, str(key)[:100], canonical(told))
    return item
