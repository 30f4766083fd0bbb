"""Moving installments between states: locked in one order, checked, written as sets."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection, transaction
from django.db.models.functions import Now

from cobranca.common.errors import NotFoundError
from cobranca.contracts.models import Contract, Installment
from cobranca.contracts.states import (
    ContractStatus,
    InstallmentStatus,
    check_installment_move,
)
from cobranca.contracts.summary import refresh_totals
from cobranca.debtors.models import Debtor

OWED = (InstallmentStatus.OPEN, InstallmentStatus.NEGOTIATED)


def lock_installments(ids: Collection[int]) -> list[Installment]:
    """Lock installments against every rival, in key order, and return them with their contracts.

    Raises NotFoundError when one of them is not the agency's. Call it in a transaction.
    """
    rows = list(
        Installment.objects.select_for_update(of=("self",))
        .select_related("contract__creditor", "contract__debtor")
        .filter(pk__in=set(ids))
        .order_by("pk")
    )
    if len(rows) != len(set(ids)):
        raise NotFoundError(
            "Uma das parcelas não existe mais. Abra o cálculo de novo.", "selection"
        )
    return rows


def move_installments(
    installments: Sequence[Installment], target: InstallmentStatus, *, on: date
) -> None:
    """Move locked installments to `target` on a day; contracts and summaries follow.

    Raises DomainError, and moves none, unless every one of them may go there.
    """
    for installment in installments:
        check_installment_move(installment.status, target)
    Installment.objects.filter(pk__in=[row.pk for row in installments]).update(
        status=target, updated_at=Now()
    )
    for installment in installments:
        installment.status = target
    contract_ids = {row.contract_id for row in installments}
    _lock_debtors(contract_ids)
    _follow(contract_ids, on)
    _refresh_totals(contract_ids)


def _lock_debtors(contract_ids: Collection[int]) -> None:
    """Let one at a time count what a debtor owes, after the installments were written.

    Two who move different installments of a debtor at once would each miss what the other
    changes: a wrong total stays, or a contract of which nothing is owed stays active.
    """
    debtors = Contract.objects.filter(pk__in=contract_ids).values("debtor")
    list(Debtor.objects.select_for_update(no_key=True).filter(pk__in=debtors).order_by("pk"))


def _follow(contract_ids: Collection[int], on: date) -> None:
    """Finish contracts of which nothing is owed any more; take up those that owe again."""
    owing = Installment.objects.filter(contract__in=contract_ids, status__in=OWED)
    active = set(owing.order_by().values_list("contract", flat=True).distinct())
    finished = set(contract_ids) - active
    Contract.objects.filter(pk__in=active, status=ContractStatus.FINISHED).update(
        status=ContractStatus.ACTIVE, finished_on=None, updated_at=Now()
    )
    Contract.objects.filter(pk__in=finished, status=ContractStatus.ACTIVE).update(
        status=ContractStatus.FINISHED, finished_on=on, updated_at=Now()
    )


def _refresh_totals(contract_ids: Collection[int]) -> None:
    ids = ", ".join(str(int(pk)) for pk in contract_ids) or "NULL"
    refresh_totals(f"SELECT DISTINCT debtor_id FROM contracts_contract WHERE id IN ({ids})")  # noqa: S608  (whole numbers)


@transaction.atomic
def add_credit(amounts: Mapping[int, Decimal]) -> None:
    """Add (or with a negative amount take back) what the office received for installments.

    The ERP does not know of it yet: until it does, the debtor owes the balance less the credit.
    """
    rows = lock_installments(amounts)
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE contracts_installment SET credit = credit + %s, updated_at = now()"
            " WHERE id = %s AND agency_id = %s",
            [(amounts[row.pk], row.pk, row.agency_id) for row in rows],
        )
    contract_ids = {row.contract_id for row in rows}
    _lock_debtors(contract_ids)
    _refresh_totals(contract_ids)
