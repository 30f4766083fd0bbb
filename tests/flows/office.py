"""An office as an implementer sets it up, beside a Sienge of its own over real HTTP."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import requests
from django_scopes import scope

from cobranca.accounts.models import Agency
from cobranca.contracts.models import Installment
from cobranca.creditors.models import Creditor
from cobranca.creditors.services import activate_creditor_type, save_creditor, set_parameter
from cobranca.creditors.standard_parameters import RECALL_LIMIT_PERCENT
from integrations.core.models import ImportRun
from integrations.core.runs.services import import_now
from integrations.sandbox import jsonio
from integrations.sandbox.running import Running, start
from integrations.sienge import parameters as p
from integrations.sienge.sandbox.book import describe_bill
from tests import factories

TODAY = date(2026, 11, 21)
MAIN_COMPANY = 1
_seconds = count()


@dataclass
class Erp:
    """A Sienge simulator and its control API."""

    running: Running
    subdomain: str = "construtora"

    @property
    def api_url(self) -> str:
        return f"{self.running.url}/{self.subdomain}/public/api/v1"

    def act(self, action: str, **arguments: Any) -> Any:
        answer = requests.post(self._control(f"actions/{action}"), json=arguments, timeout=30)
        assert answer.ok, f"{action}: {answer.text}"
        return answer.json()

    def fault(self, kind: str, path: str, **options: Any) -> None:
        body = {"kind": kind, "path": path, **options}
        answer = requests.post(self._control("faults"), json=body, timeout=30)
        assert answer.status_code == 201, answer.text

    def heal(self) -> None:
        requests.delete(self._control("faults"), timeout=30).raise_for_status()

    def bills(self, company: int = MAIN_COMPANY) -> list[dict[str, Any]]:
        answer = requests.get(self._control("book"), params={"company": company}, timeout=60)
        found: list[dict[str, Any]] = answer.json()["bills"]
        return found

    def customers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.control("customers")["customers"]
        return found

    def bill(self, number: int) -> dict[str, Any] | None:
        """Return one title as `bills` does, without the others; None when there is none."""
        with self.running.simulator.lock:
            row = self.running.world.bills.get(number)
            told = row and describe_bill(self.running.world, row)
        return json.loads(jsonio.dump(told)) if told else None

    def calls(self) -> dict[str, Any]:
        return requests.get(self._control("calls"), timeout=30).json()

    def reset_calls(self) -> None:
        requests.post(self._control("calls/reset"), timeout=30).raise_for_status()

    def settings(self, **changes: Any) -> None:
        answer = requests.post(self._control("settings"), json=changes, timeout=30)
        assert answer.ok, answer.text

    def advance(self, days: int) -> None:
        answer = requests.post(self._control("clock"), json={"advance_days": days}, timeout=30)
        assert answer.ok, answer.text

    def control(self, path: str, body: Any = None) -> Any:
        """Ask the control API for something, or tell it."""
        method = "GET" if body is None else "POST"
        answer = requests.request(method, self._control(path), json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def _control(self, path: str) -> str:
        return f"{self.running.url}/_sandbox/{path}"

    def stop(self) -> None:
        self.running.stop()


def make_erp(seed: int = 1, contracts: int = 12, **sizes: Any) -> Erp:
    """Start a Sienge with a small portfolio."""
    return Erp(start("sienge", seed=seed, contracts=contracts, on=TODAY, **sizes))


@dataclass
class Office:
    """One agency with one Sienge creditor, and a clock that moves with the ERP's."""

    erp: Erp
    agency: Agency
    creditor: Creditor
    day: date = TODAY
    runs: list[ImportRun] = field(default_factory=list)

    def configure(self, parameter: Any, text: str) -> None:
        creditor = self.creditor if parameter.scope == "creditor" else None
        set_parameter(parameter, text, agency=self.agency, creditor=creditor, actor=None)

    def now(self) -> datetime:
        noon = datetime(self.day.year, self.day.month, self.day.day, 12)
        return noon.replace(tzinfo=ZoneInfo("America/Sao_Paulo")) + timedelta(
            seconds=next(_seconds)
        )

    def next_day(self, days: int = 1) -> None:
        self.erp.advance(days)
        self.day += timedelta(days=days)

    def load(
        self, *, full: bool = False, dry_run: bool = False, layout: str = "carga_sienge"
    ) -> ImportRun:
        run = import_now(
            creditor=self.creditor,
            layout=layout,
            full=full,
            dry_run=dry_run,
            now=self.now(),
        )
        self.runs.append(run)
        return run

    def open_book(self) -> set[tuple[Any, ...]]:
        """Return what is open here: holder, title, installment, due date, balance, note, boleto."""
        rows = Installment.objects.filter(
            contract__creditor=self.creditor, status="open"
        ).values_list(
            "contract__external_debtor",
            "contract__external_id",
            "number",
            "due_date",
            "balance",
            "note",
            "has_boleto",
        )
        return set(rows)


def make_office(erp: Erp, company: int = MAIN_COMPANY) -> Office:
    """Set up an agency through the services that the screens use."""
    agency = factories.make_agency()
    with scope(agency=agency):
        return _set_up(erp, agency, company)


def _set_up(erp: Erp, agency: Agency, company: int) -> Office:
    activate_creditor_type("SIENGE", agency=agency, actor=None)
    creditor = Creditor(
        agency=agency,
        document=factories.cnpj(factories.next_number()),
        legal_name=f"Construtora {company}",
        creditor_type="SIENGE",
        external_code=str(company),
    )
    office = Office(erp, agency, save_creditor(creditor=creditor, actor=None))
    office.configure(p.USER, "construtora-cobranca")
    office.configure(p.PASSWORD, "sandbox-sienge")
    office.configure(p.API_ADDRESS, erp.api_url)
    office.configure(RECALL_LIMIT_PERCENT, "100")
    return office
