"""The station's log: `logs/app.log` in its data folder, a file a day, thirty days."""

import logging
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
