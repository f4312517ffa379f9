"""A condition on rows (domain.base.condition) as SQL: its second form."""

from domain.base.condition import AllOf, AnyOf, Condition, Is, Null, Of
from domain.base.row import Value


def where(condition: Condition, sign: str, table: str) -> tuple[str, list[Value]]:
    """The condition on rows of `table`, a name or an alias, and its values; `sign` is the driver's placeholder."""
    match condition:
        case Is(column, value):
            return (f"{table}.{column} = {sign}", [value]) if value is not None else ("1 = 0", [])
        case Null(column):
            return f"{table}.{column} IS NULL", []
        case AllOf(parts):
            return _joined(" AND ", "1 = 1", parts, sign, table)
        case AnyOf(parts):
            return _joined(" OR ", "1 = 0", parts, sign, table)
        case Of(tabla, column, inner):
            alias = f"{table}_{column}"
            sql, values = where(inner, sign, alias)
            found = f"SELECT 1 FROM {tabla} {alias} WHERE {alias}.id = {table}.{column} AND {sql}"  # noqa: S608
            return f"EXISTS ({found})", values


def _joined(by: str, of_none: str, parts: tuple[Condition, ...], sign: str, table: str) -> tuple[str, list[Value]]:
    found = [where(part, sign, table) for part in parts]
    if not found:
        return of_none, []
    return "(" + by.join(sql for sql, _ in found) + ")", [value for _, values in found for value in values]
