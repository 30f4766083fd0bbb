"""The database restarted under a running load: what was staged is lost and noticed."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from settings import embedded
from tests.flows.office import Erp
from tests.flows.paper import Rules, expected_book
from tests.flows.processes import ROOT, Import, environment, wait_until

OPEN = """
SELECT c.external_id, i.number, i.balance FROM contracts_installment i
JOIN contracts_contract c ON c.id = i.contract_id WHERE i.status = 'open'
"""
# The simulator lives in the test, the office in the database that is pulled away.
SET_UP = """
from types import SimpleNamespace
from tests.flows.office import Erp, make_office
office = make_office(Erp(SimpleNamespace(url={url!r})))
print("creditor", office.creditor.pk)
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """A PostgreSQL of this test's own, to be pulled from under its feet.

    Not below pytest's own folder: every pytest that starts closes that to other users, and the
    server does not run as root.
    """
    monkeypatch.setenv("TEST_SYNCHRONOUS_COMMIT", "on")  # what is committed must be kept
    home = Path(tempfile.mkdtemp(prefix="cobranca-pg-"))
    home.chmod(0o755)
    url = embedded.database_url(home)
    manage(url, "migrate", "-v", "0")
    yield url, home / "postgres"
    embedded.control(home / "postgres", "stop", "-m", "immediate")
    shutil.rmtree(home, ignore_errors=True)


def manage(url: str, *arguments: str) -> str:
    answer = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(url),
        check=True,
        capture_output=True,
        text=True,
    )
    return answer.stdout


def set_up(url: str, erp: Erp) -> int:
    out = manage(url, "shell", "-c", SET_UP.format(url=erp.running.url))
    return int(out.split("creditor")[-1])


def book(url: str) -> set:
    with psycopg.connect(url) as connection:
        return set(connection.execute(OPEN).fetchall())


def expected(erp: Erp) -> set:
    rows = expected_book(erp.bills(), Rules())
    return {(row[1], row[2], Decimal(row[4])) for row in rows}


@pytest.mark.parametrize("mode", ["immediate", "fast"])
def test_a_load_outlives_a_restart_of_the_database(server, erp, mode):
    url, data = server
    creditor = set_up(url, erp)
    assert Import(creditor, url, "--full").finish()[1]["status"] == "done"
    old = book(url)
    erp.act("random", n=10, seed=3)
    erp.fault("hang", "/customer-extract-history", seconds=3, count=1)
    worker = Import(creditor, url, "--full")
    wait_until(lambda: erp.running.simulator.faults.describe()[0]["fired"] > 0)

    embedded.control(data, "restart", "-m", mode)
    code, summary = worker.finish()

    assert book(url) in (old, expected(erp))
    if code != 0:
        code, summary = Import(creditor, url, "--full").finish()
    assert (code, summary["status"]) == (0, "done"), summary
    assert book(url) == expected(erp)
