"""A printer on USB without a driver: the printer class of the USB specification, through libusb."""

import contextlib
import errno
from typing import Any

import usb.core
import usb.util
from filelock import FileLock

from domain.base import causes
from printing.errors import PrinterUncertain, PrinterUnreachable
from printing.transports.locks import own

PRINTER_CLASS = 7
"""bInterfaceClass of printers (USB Device Class Definition for Printing Devices, 1.1)."""
CHUNK = 16_384


class UsbTransport:
    """One claim of the printer's interface; the system's driver gets it back afterwards."""

    answers = True

    def __init__(self, vendor: int, product: int, serial: str | None = None) -> None:
        self._ids = (vendor, product)
        self._serial = serial
        self._device: Any = None
        self._interface: int | None = None
        self._detached = False
        self._out: Any = None
        self._in: Any = None
        self._lock: FileLock | None = None

    def open(self, timeout_s: float = 5.0) -> None:
        """Find the printer, take its interface from the system's driver, and claim it.

        Raises:
            PrinterUnreachable: not there, not allowed (with the udev rule to add), or claimed by another program.
        """
        self._lock = own(f"{self._name}/{self._serial}", f"la impresora {self._name}", timeout_s)
        try:
            self._device = self._find()
            self._claim()
        except usb.core.NoBackendError as error:
            self.close()
            raise PrinterUnreachable.of(causes.SIN_LIBUSB) from error
        except (usb.core.USBError, NotImplementedError) as error:
            self.close()
            raise self._unreachable(error) from error
        except PrinterUnreachable:
            self.close()
            raise

    def close(self) -> None:
        """Give the interface back, and the driver its device."""
        if self._device is not None:
            with contextlib.suppress(usb.core.USBError, NotImplementedError):
                if self._interface is not None:
                    usb.util.release_interface(self._device, self._interface)
            with contextlib.suppress(usb.core.USBError, NotImplementedError):
                if self._detached:
                    self._device.attach_kernel_driver(self._interface)
            usb.util.dispose_resources(self._device)
        self._device, self._interface, self._detached = None, None, False
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def send(self, data: bytes, timeout_s: float = 10.0) -> None:
        """Write; returns when the printer took the bytes into its buffer.

        Raises:
            PrinterUncertain: unplugged, or it took nothing for timeout_s.
        """
        rest = data
        try:
            while rest:
                rest = rest[self._out.write(rest[:CHUNK], timeout=int(timeout_s * 1000)) :]
        except (usb.core.USBError, AttributeError) as error:
            raise PrinterUncertain.of(causes.IMPRESORA_DESCONECTADA, name=self._name) from error

    def receive(self, timeout_s: float) -> bytes:
        """What the printer says within timeout_s; nothing when it stays silent.

        Raises:
            PrinterUncertain: unplugged.
        """
        if self._in is None:
            return b""
        try:
            return bytes(self._in.read(512, timeout=max(1, int(timeout_s * 1000))))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            if error.errno == errno.ETIMEDOUT:
                return b""
            raise PrinterUncertain.of(causes.IMPRESORA_DESCONECTADA, name=self._name) from error

    @property
    def _name(self) -> str:
        return f"USB {self._ids[0]:04x}:{self._ids[1]:04x}"

    def _find(self) -> Any:
        nameless = None
        for device in usb.core.find(find_all=True, idVendor=self._ids[0], idProduct=self._ids[1]):
            try:
                if self._serial is None or usb.util.get_string(device, device.iSerialNumber) == self._serial:
                    return device
            except ValueError:  # what may not be opened doesn't tell its number either
                nameless = device
        if nameless is not None:
            return nameless
        serial = f" con serie {self._serial}" if self._serial else ""
        raise PrinterUnreachable.of(causes.IMPRESORA_NO_ESTA, name=f"{self._name}{serial}")

    def _claim(self) -> None:
        try:
            configuration = self._device.get_active_configuration()
        except usb.core.USBError as error:
            if error.errno == errno.EACCES:
                raise
            self._device.set_configuration()
            configuration = self._device.get_active_configuration()
        interface = usb.util.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)
        if interface is None:
            raise PrinterUnreachable.of(causes.IMPRESORA_NO_ES, name=self._name)
        self._interface = interface.bInterfaceNumber
        with contextlib.suppress(NotImplementedError):
            if self._device.is_kernel_driver_active(self._interface):
                self._device.detach_kernel_driver(self._interface)
                self._detached = True
        usb.util.claim_interface(self._device, self._interface)
        self._out = _endpoint(interface, usb.util.ENDPOINT_OUT)
        self._in = _endpoint(interface, usb.util.ENDPOINT_IN)
        self.answers = self._in is not None
        if self._out is None:
            raise PrinterUnreachable.of(causes.IMPRESORA_NO_TOMA, name=self._name)

    def _unreachable(self, error: Exception) -> PrinterUnreachable:
        number = getattr(error, "errno", None)
        if number in (errno.EACCES, errno.EPERM):
            rule = f'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{self._ids[0]:04x}", MODE="0666"'
            todo = f"Agregue la regla {rule} en /etc/udev/rules.d/99-zebra.rules, y vuelva a conectarla."
            return PrinterUnreachable.of(causes.IMPRESORA_SIN_PERMISO, name=self._name, todo=todo)
        if number == errno.EBUSY:
            return PrinterUnreachable.of(causes.IMPRESORA_AJENA, name=self._name)
        return PrinterUnreachable.of(causes.IMPRESORA_NO_ABRE, name=self._name, problem=error)


def _endpoint(interface: Any, direction: int) -> Any:
    return usb.util.find_descriptor(
        interface, custom_match=lambda e: usb.util.endpoint_direction(e.bEndpointAddress) == direction
    )
