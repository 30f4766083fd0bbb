"""A desk that agrees with debtors of a simulated Sienge, and looks into both books afterwards."""

from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import time_machine

from cobranca.accounts.models import User
from cobranca.agreements.calculating import calculate_agreement
from cobranca.agreements.models import Agreement
from cobranca.agreements.services import make_agreement
from cobranca.agreements.states import Mode
from cobranca.campaigns.calculation import Asked
from cobranca.campaigns.states import PlanKind
from cobranca.common import clock
from cobranca.contracts.models import Contract, Installment
from cobranca.outbox import delivery
from integrations.core.models import ErpOperation
from tests import factories
from tests.flows.office import Office

PARTS = 6


@contextmanager
def at_the_desk(office: Office) -> Any:
    """Be in the office's time: everything that reads the clock sees the ERP's day."""
    with time_machine.travel(office.now(), tick=True) as traveller:
        yield traveller


def make_supervisor(office: Office) -> User:
    return factories.make_user(office.agency, "Supervisor")


def make_campaign(office: Office, monthly: Decimal = Decimal(0)) -> None:
    """Charge nothing of our own: what is late is charged as the ERP says."""
    campaign = factories.make_campaign(office.creditor)
    free = {"penalty_percent": 0, "monthly_interest_percent": 0, "fee_percent": 0}
    factories.make_cash_bracket(campaign, **free)
    factories.make_instalment_bracket(campaign, monthly_rate_percent=monthly)


def bill_of(office: Office, contract: Contract) -> dict[str, Any]:
    return next(bill for bill in office.erp.bills() if str(bill["bill"]) == contract.external_id)


def late_contract(office: Office, least: int = 2) -> Contract:
    """Return a contract that was never renegotiated, with some installments late."""
    plain = {str(bill["bill"]) for bill in office.erp.bills() if not bill["remade"]}
    late = Installment.objects.filter(status="open", due_date__lt=office.day)
    for contract in Contract.objects.filter(external_id__in=plain).order_by("pk"):
        has_document = bool(contract.debtor.document)
        if has_document and late.filter(contract=contract).count() >= least:
            return contract
    raise AssertionError("no contract to agree on")


def agree(office: Office, contract: Contract, actor: User, **asked: Any) -> Agreement:
    """Integrate an agreement about all that is late of a contract."""
    mode = asked.pop("mode", Mode.INTEGRATED)
    late = contract.installments.filter(status="open", due_date__lt=office.day)
    how = Asked(
        on=office.day,
        selection=list(late.values_list("pk", flat=True)),
        plan=PlanKind.INSTALMENTS,
        parts=asked.pop("parts", PARTS),
        first_due=asked.pop("first_due", office.day + timedelta(days=30)),
        contract_ids=[contract.pk],
        **asked,
    )
    calculation = calculate_agreement(contract.debtor_id, how)
    return make_agreement(calculation, actor=actor, on=office.day, mode=mode)


def deliver() -> int:
    """Do what the worker does with the outbox, whatever waits for its next attempt too."""
    return delivery.deliver_due(clock=lambda: clock.now() + timedelta(hours=12))


Book = dict[int, tuple[str, date, Decimal]]


def our_book(contract: Contract) -> Book:
    """Return what is owed here of a contract, whoever holds it: number → due date and balance."""
    rows = contract.installments.filter(status__in=["open", "negotiated"])
    return {row.number: (row.due_date, row.balance) for row in rows}


def their_book(office: Office, contract: Contract) -> Book:
    """The same in the ERP."""
    return {
        row["id"]: (date.fromisoformat(row["due_on"]), Decimal(str(row["balance"])))
        for row in bill_of(office, contract)["installments"]
        if Decimal(str(row["balance"])) > 0
    }


def operation_of(agreement: Agreement) -> ErpOperation:
    return ErpOperation.objects.get(key=f"agreement-{agreement.pk}")
