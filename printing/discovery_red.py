"""The two ways of finding printers on the network.

Zebra's question: six bytes to UDP port 4201, by broadcast, to its multicast group, or to one printer. The answer of
version 3 is a packet of fixed places: product 12-31, firmware 39-48, serial 60-69, system name 84-108. Later versions
put other things there; of them only the sender's address is taken.
"""

import contextlib
import ipaddress
import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence

from zeroconf import ServiceBrowser, ServiceInfo, ServiceStateChange, Zeroconf

ZEBRA_PORT, RAW_PORT = 4201, 9100
QUESTION = b".,:\x01\x00\x00"
ANSWER, PLACES_VERSION = b":,.", 3
PLACES_END = 109
MULTICAST = "224.0.1.55"
ASK_AGAIN_S = 0.7
MDNS_TYPES = ("_pdl-datastream._tcp.local.", "_printer._tcp.local.")
_ZEBRA = re.compile(r"\b(zebra|ztc|zpl)\b", re.IGNORECASE)

Respuesta = tuple[str, str, str, str, str]
"""destino, modelo, nombre, serie, por."""


def leer_respuesta(packet: bytes, address: str) -> Respuesta | None:
    """A printer's answer; None when it isn't one. The address is the sender's, whatever the packet says."""
    if not packet.startswith(ANSWER) or len(packet) < 4:
        return None
    model = serial = name = ""
    if packet[3] == PLACES_VERSION and len(packet) >= PLACES_END:
        model, serial, name = (_word(packet[a:b]) for a, b in ((12, 32), (60, 70), (84, 109)))
    return f"tcp://{address}:{RAW_PORT}", model or "Zebra", name, serial, "Red"


def _word(field: bytes) -> str:
    text = field.partition(b"\0")[0].decode("ascii", "replace")
    return "".join(c for c in text if c.isprintable() and c != "�").strip()


def redes() -> list[str]:
    """Where to ask: everybody, Zebra's group, and the nearest 254 neighbours of each of this computer's addresses."""
    own = {_route_source()}
    with contextlib.suppress(OSError):
        own |= {str(place[4][0]) for place in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    near = (ipaddress.ip_network(f"{a}/24", strict=False).broadcast_address for a in sorted(own - {""}))
    return ["255.255.255.255", MULTICAST, *dict.fromkeys(str(a) for a in near if not a.is_loopback)]


def _route_source() -> str:
    """The address that this computer shows to the outside; empty without a network. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((MULTICAST, ZEBRA_PORT))
            found: str = sock.getsockname()[0]
        except OSError:
            return ""
        return found


def por_udp(
    timeout_s: float, addresses: Sequence[str] | None, stop: threading.Event, port: int = ZEBRA_PORT
) -> Iterator[Respuesta]:
    """Ask, again every 0.7 s, and give each printer once, until the time is over or `stop` is set.

    Raises:
        OSError: nobody could be asked.
    """
    asked = list(addresses) if addresses is not None else redes()
    seen: set[str] = set()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.bind(("", 0))
        sock.settimeout(0.1)
        end, next_ask = time.monotonic() + timeout_s, 0.0
        while not stop.is_set() and (now := time.monotonic()) < end:
            if now >= next_ask:
                _ask(sock, asked, port)
                next_ask = now + ASK_AGAIN_S
            with contextlib.suppress(TimeoutError, ConnectionError):
                packet, (address, _) = sock.recvfrom(2048)
                answer = leer_respuesta(packet, address)
                if answer is not None and answer[0] not in seen:
                    seen.add(answer[0])
                    yield answer


def _ask(sock: socket.socket, addresses: Sequence[str], port: int) -> None:
    """Send the question; an address that can't be reached matters only when all are so."""
    problem: OSError | None = None
    reached = False
    for address in addresses:
        try:
            sock.sendto(QUESTION, (address, port))
            reached = True
        except OSError as error:
            problem = error
    if problem is not None and not reached:
        raise problem


def por_mdns(timeout_s: float, stop: threading.Event, interfaces: Sequence[str] | None = None) -> Iterator[Respuesta]:
    """Zebras that announce themselves by mDNS within the time.

    Raises:
        OSError: no network interface takes part.
    """
    names: list[tuple[str, str]] = []
    heard = threading.Condition()

    def changed(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        if state_change is not ServiceStateChange.Removed:
            with heard:
                names.append((service_type, name))
                heard.notify()

    zeroconf = Zeroconf(interfaces=list(interfaces)) if interfaces else Zeroconf()
    try:
        ServiceBrowser(zeroconf, list(MDNS_TYPES), handlers=[changed])
        end = time.monotonic() + timeout_s
        while not stop.is_set() and (left := end - time.monotonic()) > 0:
            with heard:
                if not names:
                    heard.wait(min(left, 0.2))
                news = names[:]
                names.clear()
            for service_type, name in news:
                info = zeroconf.get_service_info(service_type, name, timeout=min(1000, int(left * 1000) + 1))
                answer = leer_servicio(info) if info is not None else None
                if answer is not None:
                    yield answer
    finally:
        zeroconf.close()


def leer_servicio(info: ServiceInfo) -> Respuesta | None:
    """An announced service, when it is a Zebra with an IPv4 address."""
    said = {k.decode("utf-8", "replace"): (v or b"").decode("utf-8", "replace") for k, v in info.properties.items()}
    name = info.name.removesuffix(f".{info.type}")
    maker = " ".join((name, *(said.get(k, "") for k in ("ty", "product", "usb_MFG", "usb_MDL", "usb_CMD", "pdl"))))
    addresses = [a for a in info.parsed_addresses() if ":" not in a]
    if _ZEBRA.search(maker) is None or not addresses:
        return None
    port = info.port if info.type == MDNS_TYPES[0] and info.port else RAW_PORT
    model = said.get("ty") or said.get("usb_MDL") or said.get("product", "").strip("()") or "Zebra"
    model, name = ("".join(c for c in text if c.isprintable())[:60] for text in (model, name))
    return f"tcp://{addresses[0]}:{port}", model, name, "", "mDNS"
