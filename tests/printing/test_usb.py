"""USB through a bus that isn't there, a Windows that isn't there, and a pty in the place of the printer device."""

import os
import select
import socket
import threading
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import usb.backend.libusb1

from local_db.replica import Replica
from printing.discovery import por_usbprint
from printing.errors import PrinterUncertain, PrinterUnreachable
from printing.printers import Impresora, guardar_impresora
from printing.queue import PrintQueue
from printing.trabajos import Pedido
from printing.transports import open_transport
from printing.transports.usbprint import UsbprintTransport, Windows
from printing.virtual import VirtualZebra
from tests.printing.usb_fake import PRODUCT, SERIAL, VENDOR, FakeUsb

LABEL = b"^XA^CI28^FO10,10^A0N,30,30^FH_^FDhola^FS" + b"^FO10,50^A0N,20,20^FDrelleno^FS" * 20 + b"^PQ1^XZ"
URL = f"usb://{VENDOR:04x}:{PRODUCT:04x}/{SERIAL}"


@pytest.fixture
def bus(zebra: VirtualZebra, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeUsb]:
    made = FakeUsb(zebra.port)
    monkeypatch.setattr(usb.backend.libusb1, "get_backend", lambda find_library=None: made)
    yield made
    made.close()


def test_a_label_goes_out_and_the_driver_comes_back(bus: FakeUsb, zebra: VirtualZebra, queue: PrintQueue) -> None:
    jobs = [queue.enqueue(Pedido(f"Etiqueta {i}", LABEL, URL)) for i in range(2)]
    assert [queue.wait(job, 20).estado for job in jobs] == ["impreso", "impreso"]
    assert len(zebra.labels()) == 2
    queue.close()
    assert (bus.driver, bus.claimed) == (True, False)
    assert bus.log.count("detached") == bus.log.count("attached") == 2


def test_what_hinders_it_is_said_with_what_to_do(bus: FakeUsb) -> None:
    for name, words in (
        ("denied", r"permiso.*SUBSYSTEM==\"usb\", ATTR\{idVendor\}==\"0a5f\""),
        ("detach_refused", "permiso"),
        ("busy", "otro programa.*CUPS"),
        ("no_printer", "no es una impresora"),
    ):
        setattr(bus, name, True)
        transport = open_transport(URL)
        with pytest.raises(PrinterUnreachable, match=words):
            transport.open(1)
        transport.close()
        setattr(bus, name, False)
        assert bus.driver is True
    with pytest.raises(PrinterUnreachable, match="no está conectada"):
        open_transport(URL.replace(SERIAL, "OTRA")).open(1)
    with pytest.raises(PrinterUnreachable, match="no está conectada"):
        open_transport("usb://1234:5678").open(1)


def test_one_owner_a_device(bus: FakeUsb) -> None:
    first, second = open_transport(URL), open_transport(URL)
    first.open(1)
    with pytest.raises(PrinterUnreachable, match="otro programa"):
        second.open(0.1)
    first.close()
    second.open(1)
    second.close()
    assert bus.driver is True


@pytest.mark.parametrize("after", [40, 400, 100_000])
def test_a_cable_pulled_in_the_middle_loses_and_doubles_nothing(
    bus: FakeUsb, zebra: VirtualZebra, queue: PrintQueue, replica: Replica, after: int
) -> None:
    with replica.writing() as writing:
        guardar_impresora(writing, Impresora("p", "USB", URL, exclusiva=True), "2026-01-01T00:00:00.000Z")
    bus.cable.cut_after = after
    job = queue.enqueue(Pedido("x", LABEL, impresora_id="p"))
    assert queue.wait(job, 40).estado == "impreso"
    assert len(zebra.labels()) == 1


def test_a_pulled_cable_is_told(bus: FakeUsb) -> None:
    transport = open_transport(URL)
    transport.open(1)
    bus.cable.pull()
    with pytest.raises(PrinterUncertain, match="Se desconectó"):
        transport.send(b"x")
    with pytest.raises(PrinterUncertain, match="Se desconectó"):
        transport.receive(0.1)
    transport.close()


@pytest.fixture
def device(zebra: VirtualZebra, tmp_path: Path) -> Iterator[Path]:
    """A pty that leads to the virtual Zebra."""
    master, slave = os.openpty()
    tty.setraw(slave)
    path = tmp_path / "lp0"
    path.symlink_to(os.ttyname(slave))
    printer = socket.create_connection(("127.0.0.1", zebra.port))
    stop = threading.Event()

    def carry() -> None:
        while not stop.is_set():
            for ready in select.select([master, printer.fileno()], [], [], 0.05)[0]:
                if ready == master:
                    printer.sendall(os.read(master, 4096))
                else:
                    os.write(master, printer.recv(4096))

    thread = threading.Thread(target=carry, daemon=True)
    thread.start()
    yield path
    stop.set()
    thread.join(5)
    printer.close()
    os.close(master)
    os.close(slave)


def test_the_printer_device_prints_with_proof(device: Path, zebra: VirtualZebra, queue: PrintQueue) -> None:
    jobs = [queue.enqueue(Pedido(f"Etiqueta {i}", LABEL, f"lp://{device}")) for i in range(3)]
    assert [queue.wait(job, 20).estado for job in jobs] == ["impreso"] * 3
    assert len(zebra.labels()) == 3


def test_a_device_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PrinterUnreachable, match="no está"):
        open_transport(f"lp://{tmp_path}/lp9").open(0.1)


def test_a_folder_keeps_each_label_as_a_file(queue: PrintQueue, tmp_path: Path) -> None:
    job = queue.enqueue(Pedido("x", LABEL, f"file://{tmp_path}/salida", copias=2))
    assert queue.wait(job, 10).estado == "impreso"
    assert sorted(p.read_bytes() for p in (tmp_path / "salida").iterdir()) == [LABEL, LABEL]


class FakeWindows:
    """Windows' list of USB printers with one Zebra on it, whose device leads to a virtual one."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.paths = [
            r"\\?\usb#vid_03f0&pid_1234#ABC#{28d78fad-5a12-11d1-ae5b-0000f803a8c2}",
            rf"\\?\USB#VID_{VENDOR:04X}&PID_{PRODUCT:04X}#{SERIAL}#{{28d78fad-5a12-11d1-ae5b-0000f803a8c2}}",
        ]
        self.refuses = 0
        self.plugged = True

    def printers(self) -> list[str]:
        return self.paths if self.plugged else []

    def open(self, path: str) -> Any:
        if self.refuses or path != self.paths[1]:
            raise OSError(self.refuses, "refused")
        return socket.create_connection(("127.0.0.1", self._port))

    def close(self, handle: Any) -> None:
        handle.close()

    def write(self, handle: Any, data: bytes, timeout_s: float) -> int:
        if not self.plugged:
            raise OSError(1167, "not connected")
        return int(handle.send(data[:100])) if timeout_s else 0

    def read(self, handle: Any, timeout_s: float) -> bytes:
        if not self.plugged:
            raise OSError(1167, "not connected")
        if not select.select([handle], [], [], min(timeout_s, 0.01))[0]:
            return b""
        return bytes(handle.recv(512))


@pytest.fixture
def windows(zebra: VirtualZebra, monkeypatch: pytest.MonkeyPatch) -> FakeWindows:
    made = FakeWindows(zebra.port)

    def transport(destino: str) -> UsbprintTransport:
        assert destino == URL
        return UsbprintTransport(VENDOR, PRODUCT, SERIAL, made)

    monkeypatch.setattr("printing.lane.open_transport", transport)
    return made


@pytest.mark.usefixtures("windows")
def test_the_usb_driver_of_windows_prints_with_proof(zebra: VirtualZebra, queue: PrintQueue) -> None:
    jobs = [queue.enqueue(Pedido(f"Etiqueta {i}", LABEL, URL)) for i in range(3)]
    assert [queue.wait(job, 20).estado for job in jobs] == ["impreso"] * 3
    assert len(zebra.labels()) == 3


def test_what_hinders_it_on_windows_is_said(zebra: VirtualZebra) -> None:
    system = FakeWindows(zebra.port)
    transport = UsbprintTransport(VENDOR, PRODUCT, SERIAL, system)
    for code, words in ((5, "falta el permiso"), (32, "otro programa"), (2, "no está conectada"), (31, "no se puede")):
        system.refuses = code
        with pytest.raises(PrinterUnreachable, match=words):
            transport.open(1)
    system.refuses = 0
    for other in (UsbprintTransport(VENDOR, PRODUCT, "OTRA", system), UsbprintTransport(1, 2, None, system)):
        with pytest.raises(PrinterUnreachable, match="no está conectada"):
            other.open(1)
    transport.open(1)
    with pytest.raises(PrinterUnreachable, match="otro programa de este equipo"):
        UsbprintTransport(VENDOR, PRODUCT, SERIAL, system).open(0.1)
    with pytest.raises(PrinterUncertain, match="no recibe"):
        transport.send(b"x", 0)
    system.plugged = False
    with pytest.raises(PrinterUncertain, match="Se desconectó"):
        transport.send(b"x")
    with pytest.raises(PrinterUncertain, match="Se desconectó"):
        transport.receive(0.1)
    transport.close()


def test_windows_names_its_usb_printers(zebra: VirtualZebra) -> None:
    system = FakeWindows(zebra.port)
    made_up = rf"\\?\usb#vid_{VENDOR:04x}&pid_0164&mi_00#6&2e5b7f3&0&0000#{{28d78fad-5a12-11d1-ae5b-0000f803a8c2}}"
    system.paths += [made_up, "nothing"]
    assert [e.destino for e in por_usbprint(system)] == [URL, f"usb://{VENDOR:04x}:0164"]
    assert Windows().printers() == []


def test_a_spooler_only_exists_on_windows(queue: PrintQueue) -> None:
    with pytest.raises(PrinterUnreachable, match="sólo se usan en Windows"):
        open_transport("windows://ZDesigner").open(0.1)
