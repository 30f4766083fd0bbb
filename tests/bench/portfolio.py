"""A portfolio of any size as pages of records, made on the fly so that memory stays flat."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from cobranca.contracts.records import (
    BranchRecord,
    ContractRecord,
    DebtorRecord,
    InstallmentRecord,
    PhoneRecord,
    Record,
)

PER_CONTRACT = 50
PAGE = 5000
FULL, LESS = Decimal("1000.00"), Decimal("900.00")
FIRST_DUE = date(2025, 1, 10)
DUE_DATES = [FIRST_DUE + timedelta(days=30 * n) for n in range(PER_CONTRACT + 1)]


def pages(size: int, changed: int | None = None) -> Iterator[list[Record]]:
    """Yield pages of a portfolio of `size` installments; one in a hundred is of round `changed`."""
    contracts = size // PER_CONTRACT
    yield [BranchRecord("42", "RESIDENCIAL")]
    for start in range(0, contracts, PAGE // 3):
        yield _registrations(range(start, min(start + PAGE // 3, contracts)))
    page: list[Record] = []
    for contract in range(contracts):
        page += _installments(contract, changed)
        if len(page) >= PAGE:
            yield page
            page = []
    if page:
        yield page


def _registrations(numbers: range) -> list[Record]:
    found: list[Record] = []
    for n in numbers:
        found.append(DebtorRecord(str(n), f"DEVEDOR NUMERO {n} DA SILVA", f"{n:011d}"))
        found.append(PhoneRecord(str(n), f"489{n % 10**8:08d}", "mobile", True))
        found.append(
            ContractRecord(
                external_id=str(100_000 + n),
                debtor=str(n),
                type_code="CT",
                type_name="CONTRATO",
                branch="42",
                document_number=f"VIND-{n}",
                unit=f"AP {n}",
                issued_on=FIRST_DUE,
            )
        )
    return found


def _installments(contract: int, changed: int | None) -> list[Record]:
    code = str(100_000 + contract)
    base = contract * PER_CONTRACT
    return [
        InstallmentRecord(
            code,
            number,
            DUE_DATES[number],
            FULL,
            LESS if changed is not None and (base + number) % 100 == changed else FULL,
            True,
            str(number),
            "PM",
        )
        for number in range(1, PER_CONTRACT + 1)
    ]
