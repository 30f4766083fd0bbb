"""Portfolios of a tiny Sienge, what a reading asks for, and what it brought."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

from integrations.core.connector import Page, Scope
from tests.integrations.answering import Answer
from tests.integrations.sienge.samples import load
from tests.integrations.sienge.tiny import TinySienge

FULL = Scope("17", full=True)
SINCE = datetime(2026, 11, 18, 10, 0, tzinfo=UTC)


class Staged:
    """What a mirror would hold: records by stream, forgotten when a stream starts again."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Any]] = {}
        self.pages: list[Page] = []

    def take(self, pages: Iterable[Page]) -> "Staged":
        for page in pages:
            before = [] if page.restarts else self.streams.get(page.stream, [])
            self.streams[page.stream] = [*before, *page.records]
            self.pages.append(page)
            # It goes through the database, as JSON.
            assert msgspec.json.decode(msgspec.json.encode(page.cursor)) == page.cursor
        return self

    def of(self, kind: type) -> list[Any]:
        return [r for records in self.streams.values() for r in records if type(r) is kind]

    @property
    def notices(self) -> list[str]:
        return [notice for page in self.pages for notice in page.notices]

    @property
    def issues(self) -> list[str]:
        return [issue.code for page in self.pages for issue in page.issues]


def fill(sienge: TinySienge, contracts: int = 6, per_contract: int = 3, enterprises: int = 2):
    """Give the tiny Sienge a portfolio of company 17, beside a customer of somebody else."""
    sienge.lists["companies"] = [load("companies")]
    sienge.lists["enterprises"] = [
        {"id": 40 + n, "name": f"RESIDENCIAL {n}", "companyId": 17} for n in range(enterprises)
    ]
    sienge.lists["cost-centers"] = [
        *({"id": e["id"], "name": e["name"], "idCompany": 17} for e in sienge.lists["enterprises"]),
        {"id": 90, "name": "OUTRO", "idCompany": 9},
    ]
    sienge.lists["customers"] = [{"id": 1, "name": "DE OUTRA EMPRESA"}]
    for number in range(contracts):
        add_contract(sienge, number, 40 + number % enterprises, per_contract)


def add_contract(sienge: TinySienge, number: int, enterprise: int = 40, installments: int = 3):
    bill, customer, unit = 5000 + number, 3000 + number, 1000 + number
    person = load("customer") | {"id": customer, "modifiedAt": "2026-01-01"}
    sienge.lists["customers"].append(person)
    sienge.lists["units"].append({"id": unit, "name": f"AP {number}", "enterpriseId": enterprise})
    sale = load("sales_contract") | {
        "id": 800 + number,
        "modifiedAt": "2026-01-01",
        "enterpriseId": enterprise,
        "receivableBillId": bill,
        "number": f"VIND-{number}",
        "paymentConditions": [{"installmentsNumber": installments}],
        "salesContractUnits": [{"id": unit, "main": True, "name": f"AP {number}"}],
    }
    sienge.lists["sales-contracts"].append(sale)
    row = load("income") | {"billId": bill, "clientId": customer, "projectId": enterprise}
    for place in range(1, installments + 1):
        paid = {} if place == 1 else {"balanceAmount": 1000, "receipts": []}
        sienge.bulk["income"].append(row | {"installmentId": place} | paid)
    extract = load("extract") | {"billReceivableId": bill}
    installment = extract["installments"][0] | {"installmentSituation": "0"}
    extract["installments"] = [installment | {"id": n} for n in range(2, installments + 1)]
    sienge.bulk["customer-extract-history"].append(extract)


def answering(path: str, status: int, body: Any = b"", *, nth: int | None = None):
    """Return a fault: calls of a path (or only its nth) get this answer."""
    seen = Counter()

    def fault(asked):
        if not asked.path.endswith(path):
            return None
        seen[path] += 1
        return Answer(status, body) if nth in (None, seen[path]) else None

    return fault


def knows(*codes: str):
    return lambda asked: {code for code in asked if code in codes or not codes}


def daily(contracts=None, debtors=None):
    """Return a daily load of a portfolio of which everything is known unless it is said."""
    return Scope(
        "17",
        full=False,
        since=SINCE,
        known_contracts=contracts or knows(),
        known_debtors=debtors or knows(),
    )
