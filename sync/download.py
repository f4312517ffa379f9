"""What comes from a server is bounded: a station never unpacks more than it was told to expect, and can hold."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from domain.base import causes
from domain.base.later import later
from local_db.failures import DiskTrouble
from sync.errors import ServerFailing, ServerUnreachable

if TYPE_CHECKING:
    import httpx
    import zstandard
else:
    httpx = later("httpx")
    zstandard = later("zstandard")

PIECE = 1 << 18
MAX_REPLY = 64 << 20
"""Bytes of the largest reply that is JSON, packed or not."""
MAX_WINDOW = 1 << 27
SPARE_BYTES = 1_000_000
SIZE_HEADER = "X-Servitec-Bytes"
"""How many bytes the database inside a snapshot has."""


def read(response: httpx.Response) -> httpx.Response:
    """A streamed reply as a whole one, unpacked.

    Raises:
        ServerFailing: it is too large, packed in a way that nobody asked for, or damaged.
        httpx.TransportError: it broke off.
    """
    parts, size = [], 0
    for part in response.iter_raw():
        parts.append(part)
        size += len(part)
        if size > MAX_REPLY:
            raise ServerFailing.of(causes.RESPUESTA_ENORME)
    packing = response.headers.get("content-encoding", "identity")
    content = _plain(b"".join(parts), packing)
    headers = [(k, v) for k, v in response.headers.multi_items() if k not in ("content-encoding", "content-length")]
    return httpx.Response(response.status_code, headers=headers, content=content)


def _plain(content: bytes, packing: str) -> bytes:
    if packing == "identity" or not content:
        return content
    try:
        if packing == "zstd":
            size = zstandard.frame_content_size(content)
            if size > MAX_REPLY:
                raise ServerFailing.of(causes.RESPUESTA_ENORME)
            unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
            return unpacker.decompress(content, max_output_size=size if size >= 0 else MAX_REPLY)
        if packing == "gzip":
            opened = zlib.decompressobj(zlib.MAX_WBITS | 16)
            plain = opened.decompress(content, MAX_REPLY)
            if opened.unconsumed_tail or not opened.eof:
                raise ServerFailing.of(causes.RESPUESTA_ENORME if opened.unconsumed_tail else causes.RESPUESTA_DANADA)
            return plain
    except (zstandard.ZstdError, zlib.error) as error:
        raise ServerFailing.of(causes.RESPUESTA_DANADA) from error
    raise ServerFailing.of(causes.RESPUESTA_DANADA)


def receive(response: httpx.Response, part: Path, note: Path, have: int, progress: Callable[[int, int], None]) -> None:
    """Take a snapshot, or what was missing of it, into `part`, and unpack it beside.

    Raises:
        ServerUnreachable: it broke off; the next attempt goes on from there.
        ServerFailing: it isn't what was announced.
        DiskTrouble: there is no room for it.
    """
    resumed = response.status_code == 206
    done = have if resumed else 0
    total = done + int(response.headers.get("content-length", 0))
    size = _announced(response, part, total - done)
    note.write_text(response.headers.get("etag", ""))
    with part.open("ab" if resumed else "wb") as stream:

        def pieces() -> Iterator[bytes]:
            nonlocal done
            yield from _pieces_of(part, have if resumed else 0)
            for piece in response.iter_raw(PIECE):
                stream.write(piece)
                done += len(piece)
                if done > most_packed(size):
                    raise ServerFailing.of(causes.RESPUESTA_ENORME)
                progress(done, total)
                yield piece

        try:
            whole = unpack(pieces(), part.with_suffix(".db"), size)
        except zstandard.ZstdError:
            whole, done = False, total
        except ServerFailing:
            part.unlink()
            raise
    if done < total:
        raise ServerUnreachable.of(causes.DESCARGA_CORTADA)
    if not whole:
        part.unlink()
        raise ServerFailing.of(causes.DESCARGA_DANADA)


def _announced(response: httpx.Response, part: Path, coming: int) -> int:
    """How large the database will be; there is room for it."""
    announced = response.headers.get(SIZE_HEADER, "")
    size = int(announced) if announced.isascii() and announced.isdigit() else 0
    if not 0 < size < 1 << 50 or coming > most_packed(size):
        raise ServerFailing.of(causes.RESPUESTA_DANADA)
    free = shutil.disk_usage(part.parent).free
    if size + coming + SPARE_BYTES > free:
        needed, there = (size + coming) // 1_000_000 + 1, free // 1_000_000
        raise DiskTrouble.of(causes.SIN_ESPACIO, needed=needed, there=there)
    return size


def most_packed(size: int) -> int:
    """What does not compress at all is this large in zstd."""
    return size + size // 128 + 65_536


def _pieces_of(path: Path, size: int) -> Iterator[bytes]:
    """What an earlier attempt received."""
    if size:
        with path.open("rb") as stream:
            while piece := stream.read(min(PIECE, size)):
                size -= len(piece)
                yield piece


class _Source:
    """Pieces, as the unpacker reads them."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def read(self, _: int = -1) -> bytes:
        """The next piece; nothing at the end."""
        return next(self._pieces, b"")

    def drain(self) -> None:
        """Take what comes after the end of what was packed."""
        for _ in self._pieces:
            pass


def unpack(pieces: Iterable[bytes], target: Path, size: int) -> bool:
    """Decompress a snapshot as it comes; False: it has fewer bytes than `size`.

    Raises:
        zstandard.ZstdError: it isn't one, or its checksum is wrong.
        ServerFailing: it has more bytes; no more than that were written.
    """
    source, written = _Source(pieces), 0
    unpacker = zstandard.ZstdDecompressor(max_window_size=MAX_WINDOW)
    with unpacker.stream_reader(source) as reader, target.open("wb") as plain:  # type: ignore[arg-type]
        while piece := reader.read(PIECE):
            written += len(piece)
            if written > size:
                raise ServerFailing.of(causes.RESPUESTA_ENORME)
            plain.write(piece)
        source.drain()
        plain.flush()
        os.fsync(plain.fileno())
    return written == size
