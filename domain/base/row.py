"""What a row is, on both sides and on the wire.

A value, in a row, on the wire and in the database, is a str, an int, a bool or None. A json column holds
its text in canonical form (domain.wire.canonical).
"""

from collections.abc import Mapping

Value = str | int | bool | None
Row = dict[str, Value]
ReadRow = Mapping[str, Value]
