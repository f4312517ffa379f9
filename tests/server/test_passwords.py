"""Which passwords are refused."""

import pytest

from domain.base.errors import KnownError
from servitec_server.passwords import check

NAMES = ["rosa.munoz", "Rosa María", "Muñoz", "Ana"]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("corta 7", "al menos 8"),
        ("x" * 1001, "pasa de 1000"),
        ("password", "se prueban primero"),
        ("12345678", "se prueban primero"),
        ("Contraseña2026!", "se prueban primero"),
        ("TEQUIEROMUCHO", "se prueban primero"),
        ("*colocolo1925*", "se prueban primero"),
        ("abababababab", "se prueban primero"),
        ("soymunoz y ya", "nombre de su dueño"),
        ("MUÑOZ-del-taller", "nombre de su dueño"),
        ("ana-2026", "nombre de su dueño"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, why: str) -> None:
    with pytest.raises(KnownError, match=why):
        check(password, NAMES)


@pytest.mark.parametrize(
    "password", ["girasol entre dos rieles", "campana-anaranjada-9", "u8#Tq!2vLw", "ñandú verde ñame"]
)
def test_what_is_hard_to_guess_is_taken(password: str) -> None:
    check(password, NAMES)
