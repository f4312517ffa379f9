"""config.json: read, checked, explained in config.json.example."""

import difflib
import json
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.base.errors import KnownError
from storage.causes import cause

APP = "servitec"


class Section(BaseModel):
    """Unknown settings are refused. `_ayuda` holds explanations and is ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    ayuda: Any = Field(default=None, alias="_ayuda", exclude=True)


class ApiServer(Section):
    """How to reach the central server. `url` proposes one at enrolment; times in seconds."""

    url: str = "http://127.0.0.1:8000"
    timeout: float = Field(default=5, gt=0, le=120)
    retry_attempts: int = Field(default=3, ge=1, le=20)
    enable_realtime: bool = True


class OfflineMode(Section):
    """`enabled: false` stops background sync. `sync_interval` in seconds."""

    enabled: bool = True
    sync_interval: float = Field(default=300, ge=5, le=86_400)
    max_days_without_server: int = Field(default=7, ge=1, le=365)


class PrimeraImpresora(Section):
    """The label printer (`tcp://HOST:PORT`) and its paper."""

    impresora: str | None = None
    ancho_mm: float = Field(default=60, ge=20, le=200)
    alto_mm: float = Field(default=40, ge=15, le=300)
    dpi: int = Field(default=203, ge=150, le=600)


class Config(Section):
    """Everything that can be set; the defaults are a working station."""

    api_server: ApiServer = ApiServer()
    offline_mode: OfflineMode = OfflineMode()
    impresion: PrimeraImpresora = PrimeraImpresora()
    idioma: Literal["es", "en"] = "es"


def default_data_dir() -> Path:
    """Where a station's data lives when nobody says."""
    return Path(platformdirs.user_data_dir(APP, appauthor=False))


def load_config(path: Path | None, data_dir: Path | None) -> Config:
    """The file that was named (it must exist), else `config.json` in the data or the config folder, else defaults.

    Raises:
        KnownError: says the file, the setting, and the nearest right name.
    """
    candidates = (
        [path] if path else [(data_dir or Path(platformdirs.user_config_dir(APP, appauthor=False))) / "config.json"]
    )
    for candidate in candidates:
        if path is None and not candidate.is_file():
            continue
        try:
            return Config.model_validate(json.loads(candidate.read_text(encoding="utf-8")))
        except OSError as error:
            raise KnownError(f"No se puede leer {candidate}: {cause(error)}.", "Revise la ruta.") from error
        except ValidationError as error:
            raise KnownError(_explain(candidate, error)) from error
        except ValueError as error:
            raise KnownError(f"{candidate} no es JSON válido: {error}.") from error
    return Config()


def _explain(path: Path, error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    if first["type"] != "extra_forbidden":
        return f"{path}: «{where}» no es válido: {first['msg']}."
    section: Any = Config
    for part in first["loc"][:-1]:
        section = section.model_fields[str(part)].annotation
    near = difflib.get_close_matches(str(first["loc"][-1]), section.model_fields, n=1, cutoff=0.3)
    return f"{path}: no existe el ajuste «{where}»." + (f" ¿Quiso decir «{near[0]}»?" if near else "")
