"""A USB bus for pyusb with one Zebra on it: descriptors, claims, a kernel driver, and a cable that can be pulled.

What is written to it goes to a virtual Zebra, and what that says is read from it.
"""

import array
import errno
import os
import select
import socket
from types import SimpleNamespace
from typing import Any

import usb.core
import usb.util
from usb.backend import IBackend

VENDOR, PRODUCT, SERIAL = 0x0A5F, 0x1000 + os.getpid() % 0x8000, "D4J000000001"
OUT, IN = 0x01, 0x82


def gone() -> usb.core.USBError:
    """What is said of a device that isn't there."""
    return usb.core.USBError("No such device (it may have been disconnected)", -4, errno.ENODEV)


class Cable:
    """From the bus to the virtual Zebra. cut_after: bytes after which it is out."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._printer: socket.socket | None = None
        self.cut_after: int | None = None

    @property
    def printer(self) -> socket.socket:
        if self._printer is None:
            raise gone()
        return self._printer

    def plug(self) -> None:
        if self._printer is None:
            self._printer = socket.create_connection(("127.0.0.1", self._port))

    def pull(self) -> None:
        """It is out; the printer keeps what it got."""
        if self._printer is not None:
            self._printer.close()
            self._printer = None

    def send(self, data: bytes) -> None:
        if self.cut_after is None or len(data) <= self.cut_after:
            self.printer.sendall(data)
            self.cut_after = None if self.cut_after is None else self.cut_after - len(data)
            return
        self.printer.sendall(data[: self.cut_after])
        self.cut_after = None
        self.pull()
        raise gone()


class FakeUsb(IBackend):  # type: ignore[misc]
    """busy, denied: errno when the interface is claimed, when it is opened; detach_refused: the driver stays."""

    def __init__(self, port: int) -> None:
        self.cable = Cable(port)
        self.busy = self.denied = self.detach_refused = self.no_printer = False
        self.driver = True
        self.claimed = False
        self.log: list[str] = []

    def close(self) -> None:
        self.cable.pull()

    def enumerate_devices(self) -> Any:
        return iter(["zebra"])

    def get_device_descriptor(self, dev: Any) -> Any:  # noqa: ARG002
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=VENDOR, idProduct=PRODUCT, bcdDevice=0x100, iManufacturer=1, iProduct=2,
            iSerialNumber=3, bNumConfigurations=1, address=5, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:  # noqa: ARG002
        if config:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:  # noqa: ARG002
        if intf or alt:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=2,
            bInterfaceClass=3 if self.no_printer else 7, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0,
            extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:  # noqa: ARG002
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, IN)[ep], bmAttributes=2, wMaxPacketSize=512,
            bInterval=0, bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> Any:
        if self.denied:
            raise usb.core.USBError("Access denied (insufficient permissions)", -3, errno.EACCES)
        return dev

    def close_device(self, dev_handle: Any) -> None:  # noqa: ARG002
        self.log.append("closed")

    def get_configuration(self, dev_handle: Any) -> int:  # noqa: ARG002
        return 1

    def set_configuration(self, dev_handle: Any, config_value: int) -> None:  # noqa: ARG002
        self.log.append("configured")

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:  # noqa: ARG002
        return self.driver

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:  # noqa: ARG002
        if self.detach_refused:
            raise usb.core.USBError("Operation not permitted", -1, errno.EPERM)
        self.driver = False
        self.log.append("detached")

    def attach_kernel_driver(self, dev_handle: Any, intf: int) -> None:  # noqa: ARG002
        self.driver = True
        self.log.append("attached")

    def claim_interface(self, dev_handle: Any, intf: int) -> None:  # noqa: ARG002
        if self.busy or self.driver:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        self.claimed = True
        self.cable.plug()

    def release_interface(self, dev_handle: Any, intf: int) -> None:  # noqa: ARG002
        self.claimed = False

    def ctrl_transfer(
        self, dev_handle: Any, request_type: int, request: int, value: int, index: int, data: Any, timeout: int
    ) -> int:  # noqa: ARG002
        """String descriptors only: languages, and the serial number."""
        texts = {0: b"\x04\x03\x09\x04", 3: bytes([2 + 2 * len(SERIAL), 3]) + SERIAL.encode("utf-16-le")}
        found = texts[value & 0xFF]
        size = min(len(found), len(data))
        data[:size] = array.array("B", found[:size])
        return size

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:  # noqa: ARG002
        self.cable.send(bytes(data))
        return len(data)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:  # noqa: ARG002
        connected = self.cable.printer
        if not select.select([connected], [], [], timeout / 1000)[0]:
            raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
        data = connected.recv(len(buff))
        buff[: len(data)] = array.array("B", data)
        return len(data)
