"""A Cambio captured under an older schema, brought to this one: nobody's unsent work is turned away for being old."""

from collections.abc import Callable

from domain.wire import Cambio, Op

SCHEMA = 1
"""Number of the schema of the replicated tables, in every request and reply."""

SERVED = 1
"""Pulls and snapshots are served so many schemas behind; what an older station made is taken from every one."""

STEPS: dict[int, Callable[[Op], Op]] = {}
"""How an operation of a schema becomes one of the next, where it doesn't simply stay what it is."""


def upgraded(cambio: Cambio) -> Cambio:
    """The Cambio with its operations as of SCHEMA; its fingerprint stays that of what was sent."""
    if cambio.schema_ >= SCHEMA:
        return cambio
    if cambio.received is None:
        cambio.received = cambio.content_hash()
    for schema in range(cambio.schema_, SCHEMA):
        if schema in STEPS:
            cambio.ops = [STEPS[schema](op) for op in cambio.ops]
    cambio.schema_ = SCHEMA
    return cambio
