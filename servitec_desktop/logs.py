"""The station's log: `logs/app.log` in its data folder, a file a day, thirty days."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import TimedRotatingFileHandler
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


def start_logging(data_dir: Path) -> None:
    """Write the program's log to the data folder; where that can't be, to standard error."""
    root = logging.getLogger()
    if any(isinstance(handler, TimedRotatingFileHandler) for handler in root.handlers):
        return
    handler: logging.Handler
    try:
        (data_dir / "logs").mkdir(parents=True, exist_ok=True)
        handler = TimedRotatingFileHandler(
            data_dir / "logs" / "app.log", when="midnight", backupCount=30, encoding="utf-8"
        )
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "websocket"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


class _Late(logging.FileHandler):
    """Makes its file, and the folder, with the first line; where that can't be, the line is lost."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
            super().emit(record)


@contextmanager
def command_log(data_dir: Path) -> Iterator[None]:
    """While a command runs, what the program notes goes to the log, and nothing of it to the terminal."""
    handler = _Late(data_dir / "logs" / "app.log", encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter(FORMAT))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()
