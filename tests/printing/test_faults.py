"""Every fault of a printer: nothing lost, nothing doubled, no false `impreso`, and one question at most.

The whole, each fault with every kind of printer, shared and its own, with and without kill -9:
`python -m tests.printing.matrix --own`.
"""

import random
from pathlib import Path

import pytest

from tests.printing.matrix import FAULTS, PRINTERS, Own, run


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_each_kind(fault: str, tmp_path: Path) -> None:
    place = list(FAULTS).index(fault)
    kind = ("whole", "no_hv", "no_odometer")[place % 3]
    printer = Own(tmp_path, PRINTERS[kind])
    try:
        count = run(
            printer, tmp_path, FAULTS[fault], place % 2 == 0, place % 4 < 2, random.Random(place), labels=3, fault_s=0.4
        )
    finally:
        printer.close()
    assert count.clean, count


@pytest.mark.parametrize("kind", PRINTERS)
def test_all_that_a_printer_without_proof_costs_is_a_question(kind: str, tmp_path: Path) -> None:
    printer = Own(tmp_path, PRINTERS[kind])
    try:
        count = run(printer, tmp_path, {}, False, False, random.Random(1), labels=3, fault_s=0.1)
    finally:
        printer.close()
    assert count.clean, count
    assert count.asked == (3 if kind == "neither" else 0)
