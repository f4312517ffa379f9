"""Finding printers: real packets on this machine, a fake USB bus; garbage does nothing."""

import random
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import usb.core
from usb.backend import IBackend
from zeroconf import ServiceInfo, Zeroconf

from printing import discovery
from printing.discovery import Encontrada, buscar, por_lp, por_usb, unir
from printing.discovery_red import MDNS_TYPES, QUESTION, leer_respuesta, leer_servicio, por_mdns, por_udp


def packet(model: str = "ZTC ZD421-203dpi ZPL", serial: str = "D4J2026001", name: str = "MOSTRADOR") -> bytes:
    """An answer of version 3."""
    made = bytearray(384)
    for place, text in ((0, ":,.\x03"), (4, "79071"), (12, model), (39, "V93.21.26Z"), (60, serial), (84, name)):
        made[place : place + len(text)] = text.encode()
    return bytes(made)


class Responder:
    """Answers every question on a UDP port of this machine with the packets given."""

    def __init__(self, *packets: bytes) -> None:
        self._packets = packets
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.questions: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            question, sender = self._socket.recvfrom(100)
            if question == b"end":
                return
            self.questions.append(question)
            for one in self._packets:
                self._socket.sendto(one, sender)

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"end", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()


def ask(port: int) -> list[tuple[str, ...]]:
    return list(por_udp(0.4, ["127.0.0.1"], threading.Event(), port))


def test_a_printer_answers_the_question_among_garbage() -> None:
    chance = random.Random(7)
    rubbish = [b"", b":", b":,.", b":,.\x03", packet()[:60], b"\xff" * 600, chance.randbytes(384)]
    responder = Responder(*(r for r in rubbish if r[:3] != b":,."), packet(), packet())
    try:
        found = ask(responder.port)
    finally:
        responder.close()
    assert found == [("tcp://127.0.0.1:9100", "ZTC ZD421-203dpi ZPL", "MOSTRADOR", "D4J2026001", "Red")]
    assert responder.questions[0] == QUESTION


def test_answers_cut_anywhere_or_full_of_control_bytes_do_no_harm() -> None:
    whole = packet()
    for end in range(len(whole)):
        answer = leer_respuesta(whole[:end], "10.0.0.9")
        assert (answer is None) == (end < 4)
        if answer is not None and end < 109:
            assert answer[1:4] == ("Zebra", "", "")
    wild = packet("ZD\x1b[31m421\xff", "\x07D4", "a\nb")
    answer = leer_respuesta(wild, "10.0.0.9")
    assert answer is not None
    assert all(text.isprintable() for text in answer)
    later = bytearray(packet())
    later[3] = 4
    assert leer_respuesta(bytes(later), "10.0.0.9") == ("tcp://10.0.0.9:9100", "Zebra", "", "", "Red")


def test_nobody_answers_and_nobody_can_be_asked() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        assert ask(silent.getsockname()[1]) == []
    with pytest.raises(OSError, match=r".+"):
        list(por_udp(0.2, ["no es una dirección"], threading.Event()))


def service(kind: str, name: str, port: int, **said: str) -> ServiceInfo:
    return ServiceInfo(
        kind, f"{name}.{kind}", addresses=[socket.inet_aton("127.0.0.1")], port=port, properties=said, server="z.local."
    )


@pytest.fixture
def announced() -> Iterator[None]:
    zeroconf = Zeroconf(interfaces=["127.0.0.1"])
    zeroconf.register_service(service(MDNS_TYPES[0], "Zebra Mostrador", 9105, ty="ZTC ZD421"))
    zeroconf.register_service(service(MDNS_TYPES[0], "Láser Oficina", 9100, ty="Brother HL"))
    yield
    zeroconf.close()


@pytest.mark.usefixtures("announced")
def test_mdns_finds_the_zebra_and_not_the_laser() -> None:
    stop = threading.Event()
    found = []
    for answer in por_mdns(10, stop, ["127.0.0.1"]):
        found.append(answer)
        stop.set()
    assert found == [("tcp://127.0.0.1:9105", "ZTC ZD421", "Zebra Mostrador", "", "mDNS")]


def test_a_service_of_lpd_is_reached_at_the_raw_port() -> None:
    answer = leer_servicio(service(MDNS_TYPES[1], "ZBR", 515, usb_MFG="Zebra Technologies", product="(GK420d)"))
    assert answer == ("tcp://127.0.0.1:9100", "GK420d", "ZBR", "", "mDNS")
    assert leer_servicio(service(MDNS_TYPES[1], "Zebrano", 515)) is None


class _Descriptor:
    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


class Bus(IBackend):  # type: ignore[misc]
    """A USB bus with a Zebra printer, a Zebra scanner, and a printer of another maker."""

    DEVICES = ((0x0A5F, 0x0166, 7), (0x0A5F, 0x1300, 3), (0x04F9, 0x0042, 7))

    def __init__(self, *, permitted: bool = True) -> None:
        self._permitted = permitted

    def enumerate_devices(self) -> Iterator[int]:
        return iter(range(len(self.DEVICES)))

    def get_device_descriptor(self, dev: int) -> _Descriptor:
        vendor, product, _ = self.DEVICES[dev]
        return _Descriptor(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=vendor, idProduct=product, bcdDevice=1, iManufacturer=1, iProduct=2,
            iSerialNumber=3, bNumConfigurations=1, address=dev, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: int, config: int) -> _Descriptor:
        return _Descriptor(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1,
            iConfiguration=0, bmAttributes=0, bMaxPower=0, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: int, intf: int, alt: int, config: int) -> _Descriptor:
        if intf or alt or config:
            raise IndexError
        return _Descriptor(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=0,
            bInterfaceClass=self.DEVICES[dev][2], bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: int) -> int:
        if not self._permitted:
            raise usb.core.USBError("Access denied (insufficient permissions)", -3, 13)
        return dev

    def close_device(self, dev_handle: int) -> None:
        pass

    def ctrl_transfer(
        self,
        dev_handle: int,
        bmRequestType: int,
        bRequest: int,
        wValue: int,
        wIndex: int,
        data: Any,
        timeout: int,  # noqa: N803
    ) -> int:
        text = {0: "", 2: "ZTC ZD421", 3: "D4J2026001"}[wValue & 0xFF]
        body = text.encode("utf-16-le") or b"\x09\x04"
        answer = bytes((2 + len(body), 3)) + body
        data[: len(answer)] = type(data)("B", answer)
        return len(answer)


def test_usb_finds_zebras_that_print_also_without_the_right_to_open_them() -> None:
    assert por_usb(Bus()) == [Encontrada("usb://0a5f:0166/D4J2026001", "ZTC ZD421", "", "D4J2026001", "USB")]
    assert por_usb(Bus(permitted=False)) == [Encontrada("usb://0a5f:0166", "Zebra", "", "", "USB")]


def test_the_system_s_usb_printers_are_named_by_their_device_id(tmp_path: Path) -> None:
    ids = ("MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421;SN:D4J1;", "MANUFACTURER:Brother;MODEL:HL;", None)
    for i, said in enumerate(ids):
        (tmp_path / f"lp{i}").touch()
        folder = tmp_path / "sys" / f"lp{i}" / "device"
        folder.mkdir(parents=True)
        if said is not None:
            (folder / "ieee1284_id").write_text(said)
    found = por_lp(tmp_path, tmp_path / "sys")
    assert [(e.destino, e.modelo, e.serie) for e in found] == [
        (f"lp://{tmp_path}/lp0", "ZTC ZD421", "D4J1"),
        (f"lp://{tmp_path}/lp2", "", ""),
    ]
    assert por_lp(tmp_path / "nada") == []


def test_a_printer_found_twice_is_one(tmp_path: Path) -> None:
    udp = Encontrada("tcp://10.0.0.9:9100", "ZD421", "", "D4J1", "Red")
    mdns = Encontrada("tcp://10.0.0.9:9100", "ZTC ZD421", "Mostrador", "", "mDNS")
    assert unir([udp, mdns, mdns]) == [Encontrada("tcp://10.0.0.9:9100", "ZD421", "Mostrador", "D4J1", "Red, mDNS")]
    node = tmp_path / "lp0"
    usb_, lp = (
        Encontrada("usb://0a5f:0166/D4J1", "Z", "", "D4J1", "USB"),
        Encontrada(f"lp://{node}", "Z", "", "D4J1", ""),
    )
    assert unir([usb_, lp]) == [usb_]
    node.touch()
    assert unir([usb_, lp]) == [lp]


def test_a_way_that_fails_is_a_note_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Encontrada("usb://0a5f:0166", "Zebra", "", "", "USB")

    def refused(*_: object) -> Iterator[tuple[str, str, str, str, str]]:
        raise OSError(101, "la red no está")

    def no_library() -> list[Encontrada]:
        raise usb.core.NoBackendError("No backend available")

    monkeypatch.setattr(discovery, "por_udp", refused)
    monkeypatch.setattr(discovery, "por_mdns", refused)
    monkeypatch.setattr(discovery, "por_usb", no_library)
    monkeypatch.setattr(discovery, "por_lp", lambda: [one])
    notes: list[str] = []
    told: list[Encontrada] = []
    assert buscar(0.1, found=told.append, note=notes.append) == [one]
    assert told == [one]
    assert len(notes) == 3
    stop = threading.Event()
    stop.set()
    monkeypatch.undo()
    assert list(por_udp(60, ["127.0.0.1"], stop)) == []
