"""What the desk's pages show, in few queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Model, QuerySet
from django.http import Http404

from cobranca.agreements.models import Agreement
from cobranca.agreements.selectors import agreement_detail
from cobranca.common.errors import NotFoundError
from cobranca.common.prepared import Prepared
from cobranca.contracts.freshness import freshness_of, latest
from cobranca.contracts.models import Contract, DebtorSync, Installment
from cobranca.contracts.second_copies import find_installment
from cobranca.contracts.selectors import (
    InstallmentRow,
    contracts_of,
    current_installments,
    finished_contracts,
)
from cobranca.contracts.states import ContractStatus
from cobranca.contracts.timeline import TimelineFilter, TimelinePage, timeline_of
from cobranca.debtors.models import Debtor, Phone
from cobranca.debtors.redirects import MergedDebtorError
from cobranca.debtors.selectors import count_of, debtors_with_counts, phones_of
from cobranca.debtors.sight import check_seen, seen


@dataclass(frozen=True)
class Book:
    """What a debtor owes: contracts with the installments due, and how old that is."""

    debtor: Any
    contracts: list[Any]
    installments: dict[int, list[InstallmentRow]]
    loaded_at: datetime | None
    on: date

    @property
    def has_letters(self) -> bool:
        return any(row.letters for rows in self.installments.values() for row in rows)

    @property
    def sync(self) -> DebtorSync | None:
        """The reading that opening the page asked for last, if ever."""
        return getattr(self.debtor, "sync", None)

    @property
    def data_at(self) -> datetime | None:
        """When the stalest of the contracts was read; None when one never was."""
        return stalest(self.contracts)


@dataclass(frozen=True)
class Desk(Book):
    """Everything the debtor page shows at once."""

    phones: list[Phone]
    timeline: TimelinePage


def book_of(debtor_id: int, on: date) -> Book:
    """Read what a debtor owes; 404 when the agency has no such debtor.

    One query each: debtor with counts and the last reading, contracts with totals and their last
    reading, installments due, age of the creditors' loads. One more for people of other offices.
    """
    check_seen(debtor_id)
    debtor = _one_or_404(_debtor(debtor=debtor_id))
    contracts = contracts_of(debtor_id, ContractStatus.ACTIVE, on)
    loads = freshness_of({contract.creditor_id for contract in contracts})
    for contract in contracts:
        contract.data_at = latest(contract.read_at, loads.get(contract.creditor_id))
    return Book(
        debtor=debtor,
        contracts=contracts,
        installments=current_installments(debtor_id, on),
        loaded_at=_oldest_load(contracts, loads),
        on=on,
    )


def _debtor_query(debtor: int) -> QuerySet[Debtor]:
    debtors = debtors_with_counts().select_related("sync")
    return debtors.filter(pk=debtor).annotate(
        finished_count=count_of(finished_contracts()),
        products_count=count_of(Contract.objects.all()),
        agreements_count=count_of(Agreement.objects.all()),
    )


_debtor = Prepared(_debtor_query, debtor=int)


def desk_of(debtor_id: int, on: date) -> Desk:
    """Read a debtor's page: the book and, with one query each, phones and timeline."""
    book = book_of(debtor_id, on)
    return Desk(
        **vars(book),
        phones=phones_of(debtor_id),
        timeline=timeline_of(debtor_id, TimelineFilter()),
    )


def ages_of(debtor_id: int) -> tuple[list[Any], datetime | None]:
    """Return a debtor's contracts in force, each with how old it is, and the stalest age."""
    active = seen(Contract.objects.filter(debtor=debtor_id, status=ContractStatus.ACTIVE), "debtor")
    contracts: list[Any] = list(
        active.select_related("creditor").annotate(read_at=F("reading__read_at"))
    )
    loads = freshness_of({contract.creditor_id for contract in contracts})
    for contract in contracts:
        contract.data_at = latest(contract.read_at, loads.get(contract.creditor_id))
    return contracts, stalest(contracts)


def stalest(contracts: list[Any]) -> datetime | None:
    """Return when the stalest of some contracts was read; None when one never was."""
    ages = [contract.data_at for contract in contracts]
    return None if not ages or None in ages else min(ages)


def _oldest_load(contracts: list[Any], loads: dict[int, datetime]) -> datetime | None:
    """Return when the stalest of the creditors was loaded; None when one never was."""
    creditors = {contract.creditor_id for contract in contracts}
    return min(loads.values()) if loads and set(loads) >= creditors else None


def debtor_or_404(debtor_id: int) -> Debtor:
    """Return the agency's debtor; 404 for another's."""
    return found_or_404(Debtor.objects.all(), debtor_id)


def contract_or_404(contract_id: int) -> Contract:
    """Return the agency's contract; 404 for another's."""
    found: Contract = found_or_404(
        Contract.objects.select_related("creditor__agency", "debtor__agency"), contract_id
    )
    return found


def installment_or_404(installment_id: int) -> Installment:
    """Return the agency's installment with what a boleto names; 404 for another's."""
    try:
        found = find_installment(installment_id)
    except NotFoundError as error:
        raise Http404 from error
    check_seen(found.contract.debtor_id)
    return found


def agreement_or_404(agreement_id: int) -> Agreement:
    """Return the agency's agreement with all its parts; 404 for another's."""
    try:
        found = agreement_detail(agreement_id)
    except NotFoundError as error:
        raise Http404 from error
    check_seen(found.debtor_id)
    return found


def found_or_404(rows: QuerySet[Any], pk: int) -> Any:
    """Return one row of the scope that whoever looks may open, or answer that there is none."""
    found, debtor = rows.filter(pk=pk), path_to_debtor(rows.model)
    return _one_or_404((seen(found, debtor) if debtor else found)[:1])


def path_to_debtor(model: type[Model]) -> str:
    """Return how a row leads to its debtor; "" for what is nobody's."""
    if model is Debtor:
        return "pk"
    columns = {field.name for field in model._meta.concrete_fields}
    steps = {"debtor": "debtor", "contract": "contract__debtor", "agreement": "agreement__debtor"}
    return next((path for name, path in steps.items() if name in columns), "")


def _one_or_404(rows: Iterable[Any]) -> Any:
    row = next(iter(rows), None)
    if row is None:
        raise Http404
    if isinstance(row, Debtor) and row.merged_into_id is not None:
        raise MergedDebtorError(row.pk, row.merged_into_id)
    return row
