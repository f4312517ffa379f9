"""`servitec`: the one entry point of a station, for scripts, administrators and the desktop. No Qt here.

Exit code 0 done, 1 failed, 2 wrong usage, 3 partly (rows in error, a print job `incierto`).
"""

import logging
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from console.terminal import speak_utf8
from domain.base.causes import BUG
from domain.base.errors import KnownError
from domain.base.later import later
from servitec_desktop.command.arguments import parser
from servitec_desktop.context import Context
from storage.private import keep_private

if TYPE_CHECKING:
    from servitec_desktop import config, logs
else:
    config, logs = later("servitec_desktop.config"), later("servitec_desktop.logs")

log = logging.getLogger(__name__)

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""One of them says where a window is shown; without any Qt ends the process, in English."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command, or the desktop."""
    keep_private()
    speak_utf8()
    options = parser().parse_args(arguments)
    data_dir: Path = (options.data_dir or config.default_data_dir()).absolute()
    try:
        settings = config.load_config(options.config, options.data_dir)
        context = Context(data_dir, settings, options.credentials_file)
        if options.command is None:
            if sys.platform == "linux" and not any(os.environ.get(name) for name in SCREENS):
                raise KnownError(
                    "No hay una pantalla donde abrir el escritorio.",
                    "Ábralo en una sesión gráfica; «servitec --help» dice qué se hace sin ella.",
                )
            from servitec_desktop.app import run  # noqa: PLC0415  (no command needs Qt)

            return run(context)
        with logs.command_log(data_dir):
            module, _, name = options.run.partition(":")
            code: int = getattr(import_module(f"servitec_desktop.command.{module}"), name)(context, options)
    except KnownError as error:
        print(f"servitec: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("servitec: interrumpido.", file=sys.stderr)
        return 1
    except Exception:
        with logs.command_log(data_dir):
            log.exception("servitec %s", options.command)
        print(f"servitec: {KnownError.of(BUG, logs=data_dir / 'logs')}", file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
