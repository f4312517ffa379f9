"""How far a cycle came, and what it did until then: for the log, whatever ended it."""

from dataclasses import dataclass
from typing import Literal

from domain.wire import Cursor


@dataclass(slots=True)
class Done:
    """The last phase that was begun, and counts; rows for `pulled`, Cambios for the others."""

    phase: Literal["start", "push", "pull", "bootstrap", "end"] = "start"
    pushed: int = 0
    pulled: int = 0
    rejected: int = 0
    conflicts: int = 0

    @property
    def anything(self) -> bool:
        """Did it move anything?"""
        return bool(self.pushed or self.pulled or self.rejected)

    def __str__(self) -> str:
        counts = (
            f"{self.pushed} sent, {self.pulled} rows received, {self.rejected} refused, {self.conflicts} in conflict"
        )
        return f"{self.phase}: {counts}"


@dataclass(frozen=True, slots=True)
class CycleResult:
    """Counts of one cycle. `up_to_date`: at the head, and nothing pending, refused or in conflict."""

    pushed: int
    pulled: int
    rejected: int
    conflicts: int
    cursor: Cursor
    up_to_date: bool
