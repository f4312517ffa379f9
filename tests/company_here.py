"""A company whose command lines are called as functions; its server a process, or a real uvicorn in this one."""

import io
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout

import servitec_desktop.command.cli
import servitec_server.cli
from servitec_server import listening
from servitec_server.central import Central
from servitec_server.http import create_app
from testing.company import Company

MAIN = {"servitec_server": servitec_server.cli.main, "servitec_desktop": servitec_desktop.command.cli.main}


class CallsHere(Company):
    """Its server is a process; its commands run here. `process` and `popen` start one."""

    def process(self, command: list[str], stdin: str | None = "") -> subprocess.CompletedProcess[str]:
        """Run a command line to its end in a process of its own."""
        return super().call(command, stdin)

    def call(self, command: list[str], stdin: str | None = "") -> subprocess.CompletedProcess[str]:
        """Run a command line to its end."""
        out, err = io.StringIO(), io.StringIO()
        with standard_input(stdin or ""), redirect_stdout(out), redirect_stderr(err):
            try:
                code = MAIN[command[2]](command[3:])
            except SystemExit as ended:
                code = int(ended.code or 0)
        return subprocess.CompletedProcess(command, code, out.getvalue(), err.getvalue())


class CompanyHere(CallsHere):
    """Its server too is a part of this process, which only HTTP shows."""

    _serving: tuple[listening.Server, threading.Thread, Central] | None = None

    def start(self) -> None:
        """Serve on the port; connections are taken from here on."""
        central = Central(self.root / "servidor", os.environ.get("SERVITEC_DATABASE_URL"))
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        server = listening.server(create_app(central))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="uvicorn")
        thread.start()
        self._serving = server, thread, central

    def stop(self, *, kill: bool = False) -> None:
        """End the server, as SIGTERM would."""
        if kill:
            raise ValueError("only a process can be killed")
        if self._serving is not None:
            server, thread, central = self._serving
            self._serving = None
            server.should_exit = True
            thread.join(30)
            central.close()


@contextmanager
def standard_input(text: str) -> Iterator[None]:
    """What is typed; and the mask of new files, which a command line sets for its process, is put back."""
    typed, mask = sys.stdin, os.umask(0o022)
    sys.stdin = io.StringIO(text)
    try:
        yield
    finally:
        sys.stdin = typed
        os.umask(mask)
