"""The global options: which data folder, which settings. For the commands and for the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from domain.base.later import later

if TYPE_CHECKING:
    from servitec_desktop.config import Config
    from sync import credentials
else:
    credentials = later("sync.credentials")


@dataclass(frozen=True, slots=True)
class Context:
    """The global options."""

    data_dir: Path
    config: Config
    credentials_file: Path | None = None

    def store(self) -> credentials.CredentialStore:
        """Where this station's secrets live."""
        return credentials.open_store(self.data_dir, self.credentials_file)
