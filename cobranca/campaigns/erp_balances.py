"""Asking the ERP what is owed on a day, once; the answer is kept and shown with its age."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

import structlog

from cobranca.campaigns.models import ErpBalance
from cobranca.common.errors import DomainError
from cobranca.contracts.erp import ErpQuote, gateway_for
from cobranca.contracts.models import Contract
from cobranca.contracts.states import ContractStatus

# An answer as old as this is asked for again when a calculation is opened.
FRESH = timedelta(minutes=30)
UNUSABLE = "A resposta do ERP não pôde ser usada. O suporte encontra o motivo nos logs."
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of asking for one contract: `problem` says why there is no answer."""

    contract: Contract
    problem: str = ""


def contracts_to_ask(debtor_id: int, on: date, *, now: datetime) -> list[Contract]:
    """Return the debtor's contracts whose ERP can tell the debt and was not asked lately."""
    contracts = Contract.objects.filter(
        debtor=debtor_id, status=ContractStatus.ACTIVE, is_current=True
    ).select_related("creditor__agency")
    known = set(
        ErpBalance.objects.filter(
            contract__debtor=debtor_id, on=on, fetched_at__gt=now - FRESH
        ).values_list("contract", flat=True)
    )
    return [
        each for each in contracts if each.pk not in known and gateway_for(each.creditor).can_quote
    ]


def ask_erp(contracts: Collection[Contract], on: date, *, now: datetime) -> list[Answer]:
    """Ask the ERP for the debt of contracts and keep what it says. Not within a transaction:
    it waits for the network. One contract's refusal does not hide the others."""
    return [_ask(contract, on, now) for contract in contracts]


def _ask(contract: Contract, on: date, now: datetime) -> Answer:
    try:
        _keep(contract, on, gateway_for(contract.creditor).quote(contract, on), now)
    except DomainError as error:
        return Answer(contract, error.message)
    except Exception:  # noqa: BLE001  whatever it is, the desk goes on with what is here
        _log.exception("erp_answer_unusable", contract=contract.pk)
        return Answer(contract, UNUSABLE)
    return Answer(contract)


def _keep(contract: Contract, on: date, told: ErpQuote, now: datetime) -> None:
    rows = [
        {name: value if name == "number" else str(value) for name, value in asdict(row).items()}
        for row in told.rows
    ]
    ErpBalance.objects.update_or_create(
        contract=contract,
        on=on,
        defaults={
            "agency_id": contract.agency_id,
            "fetched_at": now,
            "has_late_terms": told.has_late_terms,
            "rows": rows,
        },
    )
