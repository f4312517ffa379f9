"""Finding printers: Zebra's own question by UDP, mDNS, and USB; all at once, none of them needed by the others."""

import os
import re
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import usb.backend
import usb.core
import usb.util

from domain.base.causes import SIN_LIBUSB
from domain.base.errors import KnownError
from printing.discovery_red import por_mdns, por_udp
from printing.transports.usbprint import System, Windows, numbers_of

ZEBRA_USB = 0x0A5F
PRINTER_CLASS = 7
LP_FOLDER, LP_SYSFS = Path("/dev/usb"), Path("/sys/class/usbmisc")


@dataclass(frozen=True, slots=True)
class Encontrada:
    """A printer that answered. `por`: the ways it was found; empty texts where it didn't say.

    `destino` is what `open_transport` takes.
    """

    destino: str
    modelo: str
    nombre: str
    serie: str
    por: str


def buscar(
    timeout_s: float = 3.0,
    *,
    broadcast: Sequence[str] | None = None,
    cancel: threading.Event | None = None,
    found: Callable[[Encontrada], None] = lambda _: None,
    note: Callable[[str], None] = lambda _: None,
) -> list[Encontrada]:
    """Look everywhere for timeout_s; gives each printer once, by address.

    Args:
        timeout_s: how long answers are waited for.
        broadcast: addresses to ask by UDP; None: this computer's networks.
        cancel: set, the search ends at once with what was found.
        found: told of each answer as it comes, in a thread of the search.
        note: told, in words, of a way that failed; the others go on.
    """
    stop = cancel or threading.Event()
    ways: tuple[tuple[str, Callable[[], Iterable[Encontrada]]], ...] = (
        ("Red (Zebra)", lambda: (Encontrada(*a) for a in por_udp(timeout_s, broadcast, stop))),
        ("Red (mDNS)", lambda: (Encontrada(*a) for a in por_mdns(timeout_s, stop))),
        ("USB", por_usbprint if sys.platform == "win32" else por_usb),
        ("USB (/dev/usb)", por_lp),
    )
    answers: list[Encontrada] = []
    with ThreadPoolExecutor(len(ways), "servitec-search") as pool:

        def look(name: str, way: Callable[[], Iterable[Encontrada]]) -> None:
            try:
                for one in way():
                    answers.append(one)
                    found(one)
            except usb.core.NoBackendError:
                note(str(KnownError.of(SIN_LIBUSB)))
            except OSError as error:
                note(f"{name}: no se pudo buscar ({error}).")

        for job in [pool.submit(look, *way) for way in ways]:
            job.result()
    return unir(answers)


def unir(answers: Iterable[Encontrada]) -> list[Encontrada]:
    """One entry an address, with what any of its answers said; a USB printer that the system also offers once."""
    merged: dict[str, Encontrada] = {}
    for one in answers:
        known = merged.get(one.destino)
        merged[one.destino] = one if known is None else _both(known, one)
    raw = [e for e in merged.values() if e.destino.startswith("usb:")]
    for lp in [e for e in merged.values() if e.destino.startswith("lp:")]:
        twin = next((u for u in raw if lp.serie and u.serie == lp.serie), None)
        if twin is not None:
            usable = os.access(lp.destino.removeprefix("lp://"), os.R_OK | os.W_OK)
            del merged[twin.destino if usable else lp.destino]
    return sorted(merged.values(), key=lambda e: (e.modelo, e.destino))


def _both(a: Encontrada, b: Encontrada) -> Encontrada:
    ways = a.por if b.por in a.por.split(", ") else f"{a.por}, {b.por}"
    return replace(a, modelo=a.modelo or b.modelo, nombre=a.nombre or b.nombre, serie=a.serie or b.serie, por=ways)


def por_usb(backend: "usb.backend.IBackend | None" = None) -> list[Encontrada]:
    """Zebras on USB that offer the printer class.

    Raises:
        NoBackendError, USBError: libusb isn't there, or refuses.
    """
    found = usb.core.find(find_all=True, backend=backend, idVendor=ZEBRA_USB, custom_match=_prints)
    return [_usb(device) for device in found or ()]


def _prints(device: usb.core.Device) -> bool:
    return any(i.bInterfaceClass == PRINTER_CLASS for configuration in device for i in configuration)


def _usb(device: usb.core.Device) -> Encontrada:
    """What the device says of itself; without the right to open it, its numbers alone."""
    model, serial = (_string(device, which) for which in ("product", "serial_number"))
    numbers = f"usb://{device.idVendor:04x}:{device.idProduct:04x}"
    usb.util.dispose_resources(device)
    return Encontrada(f"{numbers}/{serial}" if serial else numbers, model or "Zebra", "", serial, "USB")


def _string(device: usb.core.Device, which: str) -> str:
    try:
        return plain(getattr(device, which) or "")
    except (usb.core.USBError, ValueError, NotImplementedError):
        return ""


def por_usbprint(system: System | None = None) -> list[Encontrada]:
    """Zebras that Windows' own USB printer driver holds."""
    known = [found for path in (system or Windows()).printers() if (found := numbers_of(path)) is not None]
    return [
        Encontrada(f"usb://{vendor:04x}:{product:04x}" + (f"/{serial}" if serial else ""), "Zebra", "", serial, "USB")
        for vendor, product, serial in known
        if vendor == ZEBRA_USB
    ]


def por_lp(folder: Path = LP_FOLDER, sysfs: Path = LP_SYSFS) -> list[Encontrada]:
    """The system's own USB printers (Linux) that are Zebras, or don't say what they are."""
    found = []
    for path in sorted(folder.glob("lp[0-9]*")) if folder.is_dir() else ():
        said = _ieee1284(sysfs / path.name / "device" / "ieee1284_id")
        maker = f"{said.get('MFG', '')} {said.get('MDL', '')} {said.get('CMD', '')}".lower()
        if not said or "zebra" in maker or "zpl" in maker:
            found.append(
                Encontrada(f"lp://{path}", said.get("MDL", ""), path.name, said.get("SN", ""), "USB (sistema)")
            )
    return found


def _ieee1284(path: Path) -> dict[str, str]:
    """A device id: `MFG:Zebra Technologies ;CMD:ZPL;MDL:ZTC ZD421;...`, long names shortened."""
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return {}
    short = {"MANUFACTURER": "MFG", "MODEL": "MDL", "COMMAND SET": "CMD", "SERN": "SN", "SERIALNUMBER": "SN"}
    pairs = (item.partition(":") for item in text.split(";") if ":" in item)
    return {short.get(k.strip().upper(), k.strip().upper()): plain(v) for k, _, v in pairs}


def plain(text: str) -> str:
    """A name from outside as one short line without control characters."""
    return re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()[:60]
