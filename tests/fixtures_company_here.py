"""A company driven by its command lines, in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.company import Company
from tests.company_here import CompanyHere


@pytest.fixture(scope="session")
def made_company(tmp_path_factory: pytest.TempPathFactory) -> Company:
    """One whose server never ran; others begin as it."""
    return CompanyHere(tmp_path_factory.mktemp("compania"))


@pytest.fixture
def company(tmp_path: Path, made_company: Company) -> Iterator[CompanyHere]:
    """A server in this process, reached by HTTP as any other."""
    made = CompanyHere(tmp_path, like=made_company)
    made.start()
    yield made
    made.stop()
