"""A Cambio captured under an older schema, brought to this one. The server takes stations one schema behind.

Schema 3 added `plantilla_etiqueta`; nothing that a Cambio of schema 2 says means anything else now.
"""

from collections.abc import Callable

from domain.wire import Cambio, Op

SCHEMA = 3
"""Number of the schema of the replicated tables, in every request and reply."""

STEPS: dict[int, Callable[[Op], Op]] = {2: lambda op: op}
"""How an operation of a schema becomes one of the next."""


def upgraded(cambio: Cambio) -> Cambio:
    """The Cambio with its operations as of SCHEMA; its fingerprint stays that of what was sent."""
    if cambio.schema_ >= SCHEMA:
        return cambio
    for schema in range(cambio.schema_, SCHEMA):
        step = STEPS.get(schema)
        if step is not None:
            cambio.ops = [step(op) for op in cambio.ops]
    return cambio
