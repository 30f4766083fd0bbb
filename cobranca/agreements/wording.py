"""Agreements in words, as on the timeline (playbook 7.3.3 and 7.4.2)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from cobranca.agreements.models import Agreement, AgreementInstallment, AgreementItem
from cobranca.calc.words import day_text, reais
from cobranca.contracts.models import Contract


def values_text(amounts: Iterable[Decimal]) -> str:
    """Write what is paid when: "R$ 971,77", "R$ 615,48 + 5x R$ 615,46"."""
    runs = [(amount, len(list(equal))) for amount, equal in groupby(amounts)]
    return " + ".join(
        reais(amount) if times == 1 else f"{times}x {reais(amount)}" for amount, times in runs
    )


def installments_text(originals: Iterable[AgreementItem]) -> str:
    """Write which originals: "Parcela(s): 1, 2, 3", by contract when there are several."""
    items = list(originals)
    contracts = {item.contract_id: item.contract for item in items}
    return "\n".join(
        f"{_of(contract, len(contracts))}Parcela(s): {_numbers(items, contract)}"
        for contract in contracts.values()
    )


def _of(contract: Contract, contracts: int) -> str:
    return f"Contrato: {contract} " if contracts > 1 else ""


def _numbers(items: Sequence[AgreementItem], contract: Contract) -> str:
    return ", ".join(str(item.installment) for item in items if item.contract_id == contract.pk)


def summary_text(
    agreement: Agreement,
    parcels: Iterable[AgreementInstallment],
    items: Iterable[AgreementItem],
) -> str:
    """Write an agreement in two lines: when and for how much; what it is about."""
    values = values_text(parcel.amount for parcel in parcels)
    return f"Data: {day_text(agreement.on)} - Valor: {values}\n{installments_text(items)}"


def name_of(item: AgreementItem) -> str:
    """Write one original as sentences call it."""
    return f"parcela {item.installment} do contrato {item.contract}"
