"""Who is slow, ambiguous or one too many at the server's door is told so, and holds nobody up."""

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
import websocket

from servitec_server import cli, gate, listening
from tests.fixtures_served import Served

pytestmark = pytest.mark.parametrize("office", ["sqlite"], indirect=True)

LATER_S = 600.0


def test_a_port_that_cannot_be_had_is_said_in_words(
    served: Served, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = str(httpx.URL(served.url).port)
    for port, words in (
        ("99999", "99999 no es un puerto."),
        ("-1", "no es un puerto"),
        (taken, "otro programa ya usa"),
    ):
        assert cli.main(["serve", "--data-dir", str(tmp_path / "nuevo"), "--port", port]) == 1
        assert words in capsys.readouterr().err
    assert cli.main(["serve", "--data-dir", str(tmp_path / "nuevo"), "--host", "no.hay.invalid"]) == 1
    assert "no es una dirección" in capsys.readouterr().err
    assert not (tmp_path / "nuevo").exists()


@contextmanager
def line(served: Served) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", httpx.URL(served.url).port or 0), timeout=60) as made:
        yield made


def answers(connection: socket.socket) -> bytes:
    """All that comes until the server closes."""
    said = b""
    try:
        while piece := connection.recv(65_536):
            said += piece
    except ConnectionError:
        pass
    return said


def drip(connection: socket.socket) -> bytes:
    """Send a byte now and then, for as long as the server listens; what it said."""
    connection.settimeout(0.02)
    said = b""
    while True:
        try:
            connection.sendall(b"a")
            piece = connection.recv(65_536)
        except TimeoutError:
            continue
        except ConnectionError:
            return said
        said += piece
        if not piece:
            return said


@pytest.mark.parametrize(
    "head",
    [
        b"GET /salud HTTP/1.1\nHost: x\n\n",
        b"GET /salud HTTP/1.1\nHost: x\r\n\r\n",
        b"GET /salud HTTP/1.1\r\nHost: x\nX-Otra: y\r\n\r\n",
        b"GET /salud HTTP/1.1\r\nHost: x\r\n\n",
        b"\nGET /salud HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_a_line_of_a_head_ends_with_crlf(served: Served, head: bytes) -> None:
    """Where a proxy reads such a head otherwise, one of them answers a request that nobody sent."""
    with line(served) as connection:
        connection.sendall(head)
        status, _, rest = answers(connection).partition(b"\r\n")
        assert b" 400 " in status
        assert json.loads(rest.partition(b"\r\n\r\n")[2])["error"] == "peticion"


def test_so_does_every_head_on_one_connection_and_a_body_has_what_lines_it_likes(served: Served) -> None:
    good, form = b"GET /salud HTTP/1.1\r\nHost: x\r\n\r\n", b"username=a\n&password=b\n"
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
    post = b"POST /token HTTP/1.1\r\nHost: x\r\n" + kind + b"Content-Length: %d\r\n\r\n" % len(form)
    with line(served) as connection:
        connection.sendall(post + form + good + good.replace(b"x\r\n", b"x\n") + good)
        said = answers(connection)
    assert [piece.split(b" ")[0] for piece in said.split(b"HTTP/1.1 ")[1:]] == [b"401", b"200", b"400"]
    with line(served) as connection:
        for byte in good.replace(b"Host", b"Connection: close\r\nHost"):
            connection.sendall(bytes([byte]))
        assert answers(connection).startswith(b"HTTP/1.1 200 ")


def test_one_connection_too_many_is_refused_in_our_form(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    access = served.auth.begin(served.office.people["rec"].usuario_id, None, None).access_token
    header = {"Authorization": f"Bearer {access}"}
    monkeypatch.setattr(listening, "HEAD_S", LATER_S)
    with ExitStack() as held, served.client() as client:
        lines = [held.enter_context(line(served)) for _ in range(3)]
        monkeypatch.setattr(listening, "CONNECTIONS", 3)
        reply = client.get("/clientes", headers=header)
        assert (reply.status_code, reply.json()["error"]) == (503, "ocupado")
        assert reply.json()["hint"]
        assert reply.headers["Connection"] == "close"
        assert int(reply.headers["Retry-After"])
        assert client.post("/sync/push", content=b"x" * 1_000_000).json()["error"] == "ocupado"
        with pytest.raises(websocket.WebSocketBadStatusException, match="503"):
            served.hear(access)
        for connection in lines:
            connection.sendall(b"GET /nada HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert answers(connection).startswith(b"HTTP/1.1 404 ")  # who was inside is served
        assert client.get("/clientes", headers=header).status_code == 200
        assert served.hear(access).connected


def test_a_head_that_never_ends_is_not_waited_for(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "HEAD_S", 0.3)
    with line(served) as slow, line(served) as waiting:
        waiting.sendall(b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nConnection: close\r\n\r\n")
        slow.sendall(b"GET /salud HTTP/1.1\r\nHost: x\r\nX-a: ")
        assert drip(slow) == b""
        with line(served) as silent:
            assert answers(silent) == b""
        with line(served) as second:
            second.sendall(b"GET /salud HTTP/1.1\r\nHost: x\r\n\r\nGET /salud HTTP/1.1\r\nX-a: ")
            assert drip(second).count(b"HTTP/1.1 200 ") == 1
        waiting.sendall(b"x")  # its head was whole: older than all of these, and still served
        assert answers(waiting).startswith(b"HTTP/1.1 422 ")


def test_nor_is_a_body(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "BODY_S", 0.3)
    monkeypatch.setattr(gate, "SLOWEST_BPS", 1e9)
    monkeypatch.setattr(gate, "LINGER_S", 0.3)
    with line(served) as slow:
        slow.sendall(b"POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n")
        said = drip(slow)
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"error":"peticion"' in said


def test_a_request_that_ends_as_no_http_is_answered_once(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever answers it meanwhile finds the connection gone: nobody writes traces into the log from outside."""
    log = logging.getLogger("uvicorn.error")
    log.addHandler(caplog.handler)
    try:
        with line(served) as connection:
            head = b"POST /salud HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            connection.sendall(head + b"ZZ\r\nabc\r\n0\r\n\r\n")
            assert answers(connection).startswith(b"HTTP/1.1 400 ")
        assert served.http.get("/salud").status_code == 200
    finally:
        log.removeHandler(caplog.handler)
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_live_socket_that_sends_what_nobody_asked_for_goes_on(served: Served) -> None:
    socket = served.hear(served.sign_in("rec")["access_token"])
    socket.send_binary(b"\0\1")
    socket.send("oops")
    assert served.http.get("/salud").status_code == 200  # by now it was heard
    socket.ping("sigue")
    assert socket.recv_data(control_frame=True) == (websocket.ABNF.OPCODE_PONG, b"sigue")
