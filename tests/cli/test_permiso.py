"""The command line asks the person signed in whether he may print."""

import contextlib
import subprocess
from pathlib import Path

import pytest

from local_db.replica import Replica
from testing.company import Company, synthetic


def run(company: Company, *arguments: str) -> subprocess.CompletedProcess[str]:
    return company.call(company.command("a", *arguments), "")


def become(company: Company, rol: str) -> None:
    """The server made the person at the desk something else."""
    with contextlib.closing(Replica.open(company.root / "a")) as replica, replica.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE usuario SET rol = ?", (rol,))


@pytest.mark.parametrize(
    ("rol", "said"),
    [
        ("consulta", "El rol consulta no imprime etiquetas ni documentos. Pídalo en recepción."),
        ("tecnico", "El rol tecnico imprime sólo lo que es suyo. Pídalo a un supervisor."),
        ("recepcionista", ""),
    ],
)
def test_labels_and_documents_by_role(company: Company, tmp_path: Path, rol: str, said: str) -> None:
    company.enroll("a")
    company.station("a", "import", "ordenes", str(synthetic(tmp_path / "d.csv", 1)), "--map", "ords", "--json")
    folio = company.station("a", "list", "ordenes", "--json")[0]["folio"]
    with contextlib.closing(Replica.open(company.root / "a")) as replica, replica.writing() as writing:
        writing.connection.exec_driver_sql("UPDATE orden SET creado_por = NULL")
    become(company, rol)
    wanted = {
        tmp_path / "una.zpl": ("print", "orden", folio, "--out", str(tmp_path / "una.zpl")),
        tmp_path / "labels": ("print", "orden", folio, "--printer", f"file://{tmp_path}/labels"),
        tmp_path / "recibo.pdf": ("pdf", "orden", folio, "--out", str(tmp_path / "recibo.pdf")),
    }
    for path, arguments in wanted.items():
        done = run(company, *arguments)
        assert (done.returncode == 0, path.exists()) == (not said, not said), done.stderr
        assert said in done.stderr
    lists = run(company, "pdf", "lista", "ordenes", "--out", str(tmp_path / "lista.pdf"))
    assert (lists.returncode == 0) == (rol != "consulta"), lists.stderr
    assert company.station("a", "queue", "--json") == [] or not said
