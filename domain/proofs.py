"""Proofs: what makes a claim of a station believable (docs/protocol.md, Proofs).

A proof is an HMAC-SHA256 of canonical JSON, cut to 16 bytes, base64url without padding. The JSON begins with the
proof's purpose and the server id, so that one proof never passes for another. The key is the server's, or a secret
derived from it. Nothing here decides what a proof is worth.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from functools import lru_cache

from domain.wire import Cursor, Firma, Firmante, Recibo, canonical

KEY_BYTES = 32
PROOF_BYTES = 16
MAX_SECRETS = 1000
"""How many secrets of people a Prover keeps at hand."""

Field = tuple[str, str, str]
"""Table, row's id, column."""
Number = tuple[str, str, str, str]
"""The same, and the number that the server gave there."""


def _mac(key: bytes, purpose: str, server_id: str, parts: Iterable[object]) -> bytes:
    mac = _keyed(key).copy()
    mac.update(canonical([purpose, server_id, *parts]).encode())
    return mac.digest()


@lru_cache(maxsize=1000)
def _keyed(key: bytes) -> hmac.HMAC:
    """An HMAC that has taken its key: half of the work of a short message."""
    return hmac.new(key, digestmod=hashlib.sha256)


def prove(key: bytes, purpose: str, server_id: str, *parts: object) -> str:
    """The proof of some JSON values for one purpose."""
    return urlsafe_b64encode(_mac(key, purpose, server_id, parts)[:PROOF_BYTES]).rstrip(b"=").decode()


def derive(key: bytes, purpose: str, server_id: str, *parts: object) -> str:
    """A secret of 32 bytes, hex, that whoever has the key makes again."""
    return _mac(key, purpose, server_id, parts).hex()


def same(given: str, expected: str) -> bool:
    """Compare two proofs in a time that tells nothing."""
    return hmac.compare_digest(given.encode(), expected.encode())


def fingerprint_of(key: bytes) -> str:
    """What the database keeps of a key, to notice another: hex, no way back."""
    return hashlib.sha256(b"servitec key " + key).hexdigest()[:32]


def sign(firmante: Firmante, huella: str) -> Firma:
    """The author's proof of a Cambio, made at its capture, over its `huella`."""
    secret = bytes.fromhex(firmante.secreto)
    value = prove(secret, "firma", firmante.server_id, huella)
    return Firma(estacion_id=firmante.estacion_id, generacion=firmante.generacion, prueba=value)


class Prover:
    """Makes and checks the proofs of one server. `start` names the start of it that gives cursors."""

    def __init__(self, key: bytes, server_id: str, start: str) -> None:
        self._key = key
        self.server_id = server_id
        self.start = start
        self._secrets: dict[tuple[str, str, int], bytes] = {}

    def token_key(self) -> str:
        """The key that signs access tokens."""
        return derive(self._key, "token", self.server_id)

    def credential(self, estacion_id: str, codigo: str) -> str:
        """What a station shows to be believed that it is this one, with this code."""
        return derive(self._key, "estacion", self.server_id, estacion_id, codigo)

    def signer(self, estacion_id: str, usuario_id: str, generacion: int) -> Firmante:
        """What a person signs with on a station, until his next generation."""
        secret = self._secret(estacion_id, usuario_id, generacion).hex()
        return Firmante(
            server_id=self.server_id,
            estacion_id=estacion_id,
            usuario_id=usuario_id,
            generacion=generacion,
            secreto=secret,
        )

    def signed(self, firma: Firma, usuario_id: str, huella: str) -> bool:
        """Did this person sign this content, on the station and in the generation that `firma` names?"""
        secret = self._secret(firma.estacion_id, usuario_id, firma.generacion)
        return same(firma.prueba, prove(secret, "firma", self.server_id, huella))

    def _secret(self, estacion_id: str, usuario_id: str, generacion: int) -> bytes:
        """A person's secret on a station; a batch of his asks for it many times."""
        key = (estacion_id, usuario_id, generacion)
        found = self._secrets.get(key)
        if found is None:
            if len(self._secrets) >= MAX_SECRETS:
                self._secrets.clear()
            found = _mac(self._key, "autor", self.server_id, key)
            self._secrets[key] = found
        return found

    def cursor(self, epoca: str, version: int, cambio_id: str | None) -> Cursor:
        """A sealed cursor of this start; the one before all history needs no seal."""
        if version == 0:
            return Cursor()
        seal = self._seal(epoca, self.start, version, cambio_id)
        return Cursor(version=version, cambio_id=cambio_id, epoca=epoca, arranque=self.start, sello=seal)

    def sealed(self, cursor: Cursor) -> bool:
        """Did this server give this cursor?"""
        if cursor.epoca is None or cursor.arranque is None or cursor.sello is None:
            return False
        return same(cursor.sello, self._seal(cursor.epoca, cursor.arranque, cursor.version, cursor.cambio_id))

    def _seal(self, epoca: str, arranque: str, version: int, cambio_id: str | None) -> str:
        return prove(self._key, "cursor", self.server_id, epoca, arranque, version, cambio_id)

    def receipt(
        self,
        cambio_id: str,
        huella: str,
        epoca: str,
        arranque: str,
        version: int,
        perdidos: Iterable[Field],
        numeros: Iterable[Number] = (),
    ) -> Recibo:
        """That a Cambio was accepted: where, which of its fields lost, and which numbers its new rows were given."""
        made = Recibo(
            epoca=epoca,
            arranque=arranque,
            version=version,
            perdidos=sorted(perdidos),
            numeros=sorted(numeros),
            prueba="",
        )
        made.prueba = self._receipt(made, cambio_id, huella)
        return made

    def accepted(self, recibo: Recibo, cambio_id: str, huella: str) -> bool:
        """Did this server give this receipt for this content?"""
        return same(recibo.prueba, self._receipt(recibo, cambio_id, huella))

    def _receipt(self, given: Recibo, cambio_id: str, huella: str) -> str:
        place = (given.epoca, given.arranque, given.version)
        told = (sorted(given.perdidos), sorted(given.numeros))
        return prove(self._key, "recibo", self.server_id, cambio_id, huella, *place, *told)
